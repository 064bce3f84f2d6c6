//! What types are called does not matter to the linker; what they are does.

use crate::holds;

#[test]
fn aliases_are_transparent() {
    holds(
        "interface i { .. } world w { import i; }",
        &[
            (
                "type id = u64; f: func(id: id);",
                "type id = u64; f: func(id: u64);",
                &[],
            ),
            (
                "type id = u64; f: func(id: u64);",
                "type id = u64; type key = id; f: func(id: key);",
                &["minor a:b/i.key (imports): type added"],
            ),
            (
                "type id = u64; f: func(id: id);",
                "type id = u32; f: func(id: id);",
                &["major a:b/i.id (imports): was `u64` and is `u32`"],
            ),
            (
                "type id = u64; f: func(id: id);",
                "type id = u64; f: func(id: u32);",
                &["major a:b/i.f (imports): parameter `id` was `id` and is `u32`"],
            ),
            (
                "type pair = tuple<u8, u8>; f: func(p: pair);",
                "type pair = tuple<u8, u8>; f: func(p: tuple<u8, u8>);",
                &[],
            ),
        ],
    );
}

#[test]
fn renamed_types_link_and_break_sources() {
    holds(
        "interface i { .. } world w { export i; }",
        &[
            (
                "record a { n: u8 } f: func(a: list<a>);",
                "record b { n: u8 } f: func(a: list<b>);",
                &["minor a:b/i.a (exports): type renamed to `b`"],
            ),
            (
                "record a { n: u8 } f: func(a: a);",
                "record b { n: u16 } f: func(a: b);",
                &[
                    "major a:b/i.f (exports): parameter `a` was `a` and is `b`",
                    "minor a:b/i.a (exports): type removed",
                    "minor a:b/i.b (exports): type added",
                ],
            ),
            (
                "f: func();",
                "f: func(); enum e { x }",
                &["minor a:b/i.e (exports): type added"],
            ),
            (
                "f: func(); enum e { x }",
                "f: func();",
                &["minor a:b/i.e (exports): type removed"],
            ),
        ],
    );
}

#[test]
fn a_moved_type_links_where_it_stays_the_same() {
    holds(
        "interface i { .. f: func(t: t); } world w { import i; } interface k { record s { n: u8 } }",
        &[
            (
                "record t { n: u8 }",
                "use k.{s as t};",
                &["minor a:b/w (imports): import `a:b/k` added"],
            ),
            (
                "record t { n: u16 }",
                "use k.{s as t};",
                &[
                    "major a:b/i.t (imports): was a record and is `s`",
                    "minor a:b/w (imports): import `a:b/k` added",
                ],
            ),
        ],
    );
}

#[test]
fn types_of_a_world_follow_the_same_rules() {
    holds(
        "world w { .. }",
        &[
            (
                "record r { n: u8 } export f: func(r: r);",
                "record r { n: u8, m: u8 } export f: func(r: r);",
                &["major a:b/w.r.m (imports and exports): field added"],
            ),
            (
                "type id = u8;",
                "",
                &["minor a:b/w.id (imports and exports): type removed"],
            ),
        ],
    );
}

#[test]
fn one_name_for_another_type_is_seen() {
    holds(
        "interface k { record t { n: u8 } } interface l { record t { n: u16 } } \
         interface i { .. f: func(t: list<t>); } world w { import k; import l; import i; }",
        &[(
            "use k.{t};",
            "use l.{t};",
            &["major a:b/i.t (imports): is still `t`, and that is another type now"],
        )],
    );
}

/// Each layer doubles the ways to the first, for types and for interfaces.
#[test]
fn deep_nesting_takes_no_time() {
    let layers = |name: &str| {
        let mut text = format!("interface i0 {{ record {name}0 {{ n: u8 }} }}\n");
        for n in 1..40 {
            let below = n - 1;
            text += &format!(
                "interface i{n} {{ use i{below}.{{{name}{below}, {name}{below} as {name}-other}}; \
                 record {name}{n} {{ a: {name}{below}, b: {name}-other }} }}\n"
            );
        }
        text + &format!("interface top {{ use i39.{{{name}39 as t}}; f: func(t: t); }} ")
            + "world w { export top; }"
    };
    let report = crate::report(
        &format!("package a:b@1.0.0; {}", layers("a")),
        &format!("package a:b@1.0.0; {}", layers("b")),
    );
    let worst = report.required().expect("names changed");
    assert_eq!(worst, plugin_host_wit_check::Severity::Minor, "{report}");
}
