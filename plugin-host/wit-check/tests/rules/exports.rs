//! What plugins must provide: it may shrink.

use crate::holds;

#[test]
fn what_a_world_exports_may_shrink_and_not_grow() {
    holds(
        "interface i { f: func(); } interface j { g: func(); } world w { .. }",
        &[
            (
                "export i;",
                "export i; export j;",
                &["major a:b/w (exports): export `a:b/j` added"],
            ),
            (
                "export i; export j;",
                "export i;",
                &["minor a:b/w (exports): export `a:b/j` removed"],
            ),
            (
                "",
                "export run: func();",
                &["major a:b/w.run (exports): function added"],
            ),
            (
                "export run: func();",
                "",
                &["minor a:b/w.run (exports): function removed"],
            ),
            (
                "export run: func();",
                "export run: func() -> u32;",
                &["major a:b/w.run (exports): result `u32` added"],
            ),
            (
                "export k: interface { f: func(); }",
                "export k: interface { f: func(); g: func(); }",
                &["major a:b/w.k.g (exports): function added"],
            ),
            (
                "import i;",
                "export i;",
                &[
                    "major a:b/w (imports): import `a:b/i` removed",
                    "major a:b/w (exports): export `a:b/i` added",
                ],
            ),
        ],
    );
}

#[test]
fn an_exported_interface_may_shrink_and_not_grow() {
    holds(
        "interface i { .. } world w { export i; }",
        &[
            (
                "f: func();",
                "f: func(); g: func();",
                &["major a:b/i.g (exports): function added"],
            ),
            (
                "f: func(); g: func();",
                "f: func();",
                &["minor a:b/i.g (exports): function removed"],
            ),
        ],
    );
}

#[test]
fn an_interface_on_both_sides_or_on_none_gets_the_stricter_rule() {
    for world in [
        "world w { import i; export i; }",
        "",
        "world w { import i; } world v { export i; }",
    ] {
        holds(
            &format!("interface i {{ .. }} {world}"),
            &[
                (
                    "f: func();",
                    "f: func(); g: func();",
                    &["major a:b/i.g (imports and exports): function added"],
                ),
                (
                    "f: func(); g: func();",
                    "f: func();",
                    &["major a:b/i.g (imports and exports): function removed"],
                ),
            ],
        );
    }
}
