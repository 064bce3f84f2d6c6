//! Several worlds, worlds that include others, and interfaces of none.

use crate::holds;

#[test]
fn worlds_come_and_go() {
    holds(
        "..",
        &[
            (
                "",
                "world w { }",
                &["minor a:b/w (imports and exports): world added"],
            ),
            (
                "world w { }",
                "",
                &["major a:b/w (imports and exports): world removed"],
            ),
            (
                "world v { }",
                "world v { } world w { import i: interface { f: func(); } }",
                &["minor a:b/w (imports and exports): world added"],
            ),
        ],
    );
}

#[test]
fn each_world_is_told_of() {
    holds(
        "interface i { f: func(); } world v { .. } world w { .. import log: func(); }",
        &[(
            "",
            "export i;",
            &[
                "major a:b/v (exports): export `a:b/i` added",
                "major a:b/w (exports): export `a:b/i` added",
            ],
        )],
    );
}

#[test]
fn what_a_world_includes_is_its_own() {
    holds(
        "interface i { f: func(); } interface j { f: func(); } \
         world v { import i; .. } world w { include v; }",
        &[(
            "",
            "export j;",
            &[
                "major a:b/v (exports): export `a:b/j` added",
                "major a:b/w (exports): export `a:b/j` added",
            ],
        )],
    );
    holds(
        "interface i { f: func(); } world v { import i; } world w { .. }",
        &[("include v;", "import i;", &[])],
    );
}

#[test]
fn what_is_renamed_on_the_way_in_is_another_import() {
    holds(
        "world v { import log: func(); } world w { include v with { .. } }",
        &[(
            "log as note",
            "log as jot",
            &[
                "major a:b/w.note (imports): function removed",
                "minor a:b/w.jot (imports): function added",
            ],
        )],
    );
}

#[test]
fn a_name_that_stands_for_another_interface_is_a_change() {
    holds(
        "interface i { f: func(); } interface j { f: func(); } world w { import x: ..; }",
        &[
            (
                "i",
                "j",
                &["major a:b/w.x (imports): was `a:b/i` and is `a:b/j`"],
            ),
            ("i", "i", &[]),
        ],
    );
}

#[test]
fn interfaces_of_no_world_come_and_go() {
    holds(
        "..",
        &[
            (
                "",
                "interface i { f: func(); }",
                &["minor a:b/i (imports and exports): interface added"],
            ),
            (
                "interface i { f: func(); }",
                "",
                &["major a:b/i (imports and exports): interface removed"],
            ),
            (
                "interface i { type t = u8; }",
                "",
                &["minor a:b/i (imports and exports): interface removed"],
            ),
            // The world's line says it.
            (
                "interface i { f: func(); } world w { import i; }",
                "world w { }",
                &["major a:b/w (imports): import `a:b/i` removed"],
            ),
        ],
    );
}

/// Plugins that exist were built for the worlds of the last release.
#[test]
fn a_new_world_does_not_change_how_old_plugins_are_judged() {
    holds(
        "interface i { f: func(); .. world w { import i; }",
        &[(
            "}",
            "g: func(); } world v { export i; }",
            &[
                "minor a:b/v (imports and exports): world added",
                "minor a:b/i.g (imports): function added",
            ],
        )],
    );
}
