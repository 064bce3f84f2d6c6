//! The reason that each rule gives, pinned.

use crate::report;

const LEFT: &str = "plugins built before do not use it";
const MATCH: &str = "types must match exactly, so plugins that use it no longer load";
const BUILT: &str = "types must match exactly, so plugins built before no longer load";
const SHAPE: &str = "records, variants, enums and flags must match exactly, so plugins built \
                     before no longer load";
const ALIKE: &str = "wasmtime compares structure, so plugins built before go on; sources that \
                     name it no longer build";
const UNSOUGHT: &str = "wasmtime does not look for it, so plugins built before go on; sources \
                        that name it no longer build";
const POSITION: &str = "wasmtime matches by position, so plugins built before go on; tools that \
                        compose components, and bindings that pass arguments by name, do not";

#[test]
fn every_rule_says_why() {
    let import = "world w { import i; }";
    let export = "world w { export i; }";
    for (world, old, new, reason) in [
        (import, "", "f: func();", LEFT),
        (
            export,
            "",
            "f: func();",
            "plugins built before do not provide it",
        ),
        (
            import,
            "f: func();",
            "",
            "plugins that use it no longer load",
        ),
        (
            export,
            "f: func();",
            "",
            "plugins may still provide it, and the host no longer calls it",
        ),
        (import, "f: func();", "f: func(n: u8);", MATCH),
        (export, "f: func();", "f: func(n: u8);", BUILT),
        (import, "enum e { a }", "enum e { a, b }", SHAPE),
        (
            import,
            "f: func(a: u8, b: u8);",
            "f: func(b: u8, a: u8);",
            "plugins built before still load, and take one for the other",
        ),
        (import, "f: func(a: u8);", "f: func(b: u8);", POSITION),
        (
            import,
            "",
            "type t = u8;",
            "a type by itself is asked of nobody",
        ),
        (import, "type t = u8;", "", UNSOUGHT),
        (import, "type t = u8;", "type u = u8;", ALIKE),
        (
            "",
            "",
            "} world w { import i;",
            "no plugin was built for it",
        ),
        (
            "",
            "} world w { import i;",
            "",
            "plugins built for it have no place to go",
        ),
        ("", "", "} interface k {", "no world asks for it"),
        (
            "",
            "} interface k { f: func();",
            "",
            "worlds elsewhere may have it",
        ),
        (
            "",
            "} interface k {",
            "",
            "it holds types alone, which neither side asks of the other",
        ),
        (
            import,
            "f: func();",
            "/// F.\nf: func();",
            "it does not change what links",
        ),
    ] {
        let wit = |body: &str| format!("package a:b@1.2.0; interface i {{ {body} }} {world}");
        let report = report(&wit(old), &wit(new));
        assert_eq!(report.changes[0].why, reason, "{report}");
    }
    let renamed = report(
        "package a:b@1.0.0; world w { }",
        "package a:c@1.0.0; world w { }",
    );
    assert_eq!(
        renamed.to_string(),
        "major a:b (imports and exports): package renamed to `a:c`; every name in it changes, so \
         plugins built before no longer load\n\
         a:b: major changes, and the version is still 1.0.0: make it 2.0.0"
    );
}

#[test]
fn the_worst_comes_first_and_the_verdict_last() {
    let report = report(
        "package a:b@0.1.0; interface i { record r { n: u8 } f: func(); } world w { import i; }",
        "package a:b@0.1.1; interface i { record r { n: u8, m: u8 } /// F.\nf: func(); g: func(); } \
         world w { import i; }",
    );
    assert_eq!(
        report.to_string(),
        format!(
            "major a:b/i.r.m (imports): field added; {SHAPE}\n\
             minor a:b/i.g (imports): function added; {LEFT}\n\
             patch a:b/i.f (imports): documentation added; it does not change what links\n\
             a:b: major changes, and the version went from 0.1.0 to 0.1.1: make it 0.2.0"
        )
    );
}
