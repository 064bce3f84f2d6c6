//! What the host offers: it may grow.

use crate::holds;

#[test]
fn what_a_world_imports_may_grow_and_not_shrink() {
    let frame = "interface i { f: func(); } interface j { g: func(); } \
                 interface t { type x = u8; } world w { .. }";
    holds(
        frame,
        &[
            ("import i;", "import i;", &[]),
            (
                "import i;",
                "import i; import j;",
                &["minor a:b/w (imports): import `a:b/j` added"],
            ),
            (
                "import i; import j;",
                "import i;",
                &["major a:b/w (imports): import `a:b/j` removed"],
            ),
            (
                "",
                "import log: func(text: string);",
                &["minor a:b/w.log (imports): function added"],
            ),
            (
                "import log: func(text: string);",
                "",
                &["major a:b/w.log (imports): function removed"],
            ),
            (
                "import log: func(text: string);",
                "import log: func(text: u32);",
                &["major a:b/w.log (imports): parameter `text` was `string` and is `u32`"],
            ),
            (
                "import k: interface { f: func(); }",
                "import k: interface { f: func(); g: func(); }",
                &["minor a:b/w.k.g (imports): function added"],
            ),
            (
                "import k: interface { f: func(); }",
                "import k: interface { }",
                &["major a:b/w.k.f (imports): function removed"],
            ),
            (
                "import t;",
                "",
                &["minor a:b/w (imports): import `a:b/t` removed"],
            ),
            (
                "",
                "import t;",
                &["minor a:b/w (imports): import `a:b/t` added"],
            ),
        ],
    );
}

#[test]
fn an_imported_interface_may_grow_and_not_shrink() {
    holds(
        "interface i { .. } world w { import i; }",
        &[
            (
                "f: func();",
                "f: func(); g: func();",
                &["minor a:b/i.g (imports): function added"],
            ),
            (
                "f: func(); g: func();",
                "f: func();",
                &["major a:b/i.g (imports): function removed"],
            ),
            (
                "f: func();",
                "g: func();",
                &[
                    "major a:b/i.f (imports): function removed",
                    "minor a:b/i.g (imports): function added",
                ],
            ),
            ("f: func(); g: func();", "g: func(); f: func();", &[]),
        ],
    );
}
