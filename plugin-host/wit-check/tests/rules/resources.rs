//! Resources, by side: their functions are functions like any other.

use crate::holds;

#[test]
fn resources_may_grow_where_they_are_imported() {
    holds(
        "interface i { .. } world w { import i; }",
        &[
            (
                "",
                "resource r;",
                &["minor a:b/i.r (imports): resource added"],
            ),
            (
                "resource r;",
                "",
                &["major a:b/i.r (imports): resource removed"],
            ),
            (
                "resource r;",
                "resource r { constructor(); get: func(); make: static func(); }",
                &[
                    "minor a:b/i.r.constructor (imports): constructor added",
                    "minor a:b/i.r.get (imports): method added",
                    "minor a:b/i.r.make (imports): static function added",
                ],
            ),
            (
                "resource r { constructor(); get: func(); }",
                "resource r { constructor(n: u8); }",
                &[
                    "major a:b/i.r.constructor (imports): parameter `n` added",
                    "major a:b/i.r.get (imports): method removed",
                ],
            ),
            (
                "resource r { get: func(); }",
                "resource r { get: static func(); }",
                &[
                    "major a:b/i.r.get (imports): method removed",
                    "minor a:b/i.r.get (imports): static function added",
                ],
            ),
        ],
    );
}

#[test]
fn resources_may_shrink_where_they_are_exported() {
    holds(
        "interface i { .. } world w { export i; }",
        &[
            (
                "",
                "resource r;",
                &["major a:b/i.r (exports): resource added"],
            ),
            (
                "resource r;",
                "",
                &["minor a:b/i.r (exports): resource removed"],
            ),
            (
                "resource r;",
                "resource r { get: func(); }",
                &["major a:b/i.r.get (exports): method added"],
            ),
            (
                "resource r { get: func(); }",
                "resource r;",
                &["minor a:b/i.r.get (exports): method removed"],
            ),
        ],
    );
}

#[test]
fn handles_that_are_owned_and_borrowed_are_two_types() {
    holds(
        "interface i { resource r; resource s; f: func(..); } world w { import i; }",
        &[
            (
                "r: r",
                "r: borrow<r>",
                &["major a:b/i.f (imports): parameter `r` was `r` and is `borrow<r>`"],
            ),
            (
                "r: borrow<r>",
                "r: borrow<s>",
                &["major a:b/i.f (imports): parameter `r` was `borrow<r>` and is `borrow<s>`"],
            ),
        ],
    );
}

#[test]
fn a_renamed_resource_is_another_one() {
    holds(
        "interface i { .. } world w { import i; }",
        &[(
            "resource r; f: func() -> r;",
            "resource s; f: func() -> s;",
            &[
                "major a:b/i.r (imports): resource removed",
                "major a:b/i.f (imports): result was `r` and is `s`",
                "minor a:b/i.s (imports): resource added",
            ],
        )],
    );
}
