//! Records, variants, enums and flags cannot change on either side.

use crate::holds;

/// Each line on both sides, as `types` reaches an import and an export.
#[test]
fn no_shape_may_change_in_any_way() {
    holds(
        "interface types { .. } world w { import i; export j; } \
         interface i { use types.{t}; f: func(t: t); } \
         interface j { use types.{t}; f: func() -> t; }",
        &[
            (
                "record t { a: u8 }",
                "record t { a: u8, b: u8 }",
                &["major a:b/types.t.b (imports and exports): field added"],
            ),
            (
                "record t { a: u8, b: u8 }",
                "record t { a: u8 }",
                &["major a:b/types.t.b (imports and exports): field removed"],
            ),
            (
                "record t { a: u8, b: u8 }",
                "record t { b: u8, a: u8 }",
                &["major a:b/types.t (imports and exports): order of the fields changed"],
            ),
            (
                "record t { a: u32 }",
                "record t { a: u64 }",
                &["major a:b/types.t.a (imports and exports): was `u32` and is `u64`"],
            ),
            (
                "record t { a: u8 }",
                "record t { b: u8 }",
                &[
                    "major a:b/types.t.a (imports and exports): field removed",
                    "major a:b/types.t.b (imports and exports): field added",
                ],
            ),
            (
                "variant t { a }",
                "variant t { a, b(u8) }",
                &["major a:b/types.t.b (imports and exports): case added"],
            ),
            (
                "variant t { a, b(u8) }",
                "variant t { a(u8), b }",
                &[
                    "major a:b/types.t.a (imports and exports): payload added",
                    "major a:b/types.t.b (imports and exports): payload removed",
                ],
            ),
            (
                "variant t { a(u8) }",
                "variant t { a(string) }",
                &["major a:b/types.t.a (imports and exports): was `u8` and is `string`"],
            ),
            (
                "enum t { a, b }",
                "enum t { a }",
                &["major a:b/types.t.b (imports and exports): case removed"],
            ),
            (
                "enum t { a, b }",
                "enum t { c, b, a }",
                &[
                    "major a:b/types.t.c (imports and exports): case added",
                    "major a:b/types.t (imports and exports): order of the cases changed",
                ],
            ),
            (
                "flags t { a }",
                "flags t { a, b }",
                &["major a:b/types.t.b (imports and exports): flag added"],
            ),
            (
                "enum t { a }",
                "variant t { a }",
                &["major a:b/types.t (imports and exports): was an enum and is a variant"],
            ),
            (
                "record t { a: u8 }",
                "type t = tuple<u8>;",
                &["major a:b/types.t (imports and exports): was a record and is `tuple<u8>`"],
            ),
        ],
    );
}

#[test]
fn a_change_inside_is_told_once_where_it_is_defined() {
    holds(
        "interface i { record a { .. } record b { a: a } record c { b: list<b> } \
         f: func(c: c) -> option<a>; } world w { export i; }",
        &[(
            "n: u8",
            "n: u16",
            &["major a:b/i.a.n (exports): was `u8` and is `u16`"],
        )],
    );
}
