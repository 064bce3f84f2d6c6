//! Versions side by side, packages of others, gates and documentation.

use crate::{holds, report};

#[test]
fn a_version_may_be_added_beside_the_old_one() {
    let old = "package a:b@0.1.0; interface i { f: func(); }";
    let both = "package a:b@0.2.0; interface i { f: func(n: u8); } \
                package a:b@0.1.0 { interface i { f: func(); } }";
    let added = report(old, both);
    assert_eq!(
        added.to_string(),
        "minor a:b@0.2.0 (imports and exports): package version added; plugins built for the other \
         versions do not use it\n\
         a:b: no changes since 0.1.0"
    );
    let removed = report(both, "package a:b@0.2.0; interface i { f: func(n: u8); }");
    assert_eq!(
        removed.to_string(),
        "major a:b@0.1.0 (imports and exports): package version removed; plugins built for it no \
         longer load\n\
         a:b: no changes since 0.2.0\n\
         a:b: major changes, and version 0.1.0 is gone: keep it for the plugins built for it"
    );
    assert!(added.covered() && !removed.covered());
}

#[test]
fn a_version_that_stays_beside_a_new_one_may_not_change() {
    let report = report(
        "package a:b@0.1.0; interface i { f: func(); }",
        "package a:b@0.2.0; package a:b@0.1.0 { interface i { f: func(n: u8); } }",
    );
    let verdict = "a:b: major changes, and the version is still 0.1.0: make it 0.2.0";
    assert_eq!(report.verdict(), verdict);
}

#[test]
fn another_packages_interfaces_count_by_track() {
    holds(
        "package a:b@1.2.0; world w { .. }",
        &[
            (
                "import o:p/i@0.2.0; } package o:p@0.2.0 { interface i { f: func(); }",
                "import o:p/i@0.2.6; } package o:p@0.2.6 { interface i { f: func(); }",
                &[],
            ),
            (
                "export o:p/i@0.2.0; } package o:p@0.2.0 { interface i { f: func(); }",
                "export o:p/i@0.2.6; } package o:p@0.2.6 { interface i { f: func(); g: func(); }",
                &["major o:p/i@0.2.g (exports): function added"],
            ),
            (
                "import o:p/i@0.2.0; } package o:p@0.2.0 { interface i { f: func(); }",
                "import o:p/i@0.3.0; } package o:p@0.3.0 { interface i { f: func(); }",
                &[
                    "major a:b/w (imports): import `o:p/i@0.2` removed",
                    "minor a:b/w (imports): import `o:p/i@0.3` added",
                ],
            ),
        ],
    );
}

/// Deep inside what another package defines, told where that is.
#[test]
fn another_packages_types_are_followed() {
    holds(
        "package a:b@1.2.0; interface i { use o:p/mid@0.2.0.{m}; f: func(m: m); } \
         world w { export i; } \
         package o:p@0.2.0 { interface low { record r { .. } } \
         interface mid { use low.{r}; type m = list<r>; } }",
        &[(
            "n: u8",
            "n: u16",
            &["major o:p/low@0.2.r.n (imports and exports): was `u8` and is `u16`"],
        )],
    );
}

#[test]
fn a_renamed_package_is_another_one() {
    holds(
        "..",
        &[(
            "package a:b@1.0.0; interface i { f: func(); }",
            "package a:c@1.0.1; interface i { f: func(); }",
            &["major a:b (imports and exports): package renamed to `a:c`"],
        )],
    );
}

#[test]
fn gates_say_when_and_unstable_items_promise_nothing() {
    holds(
        "interface i { .. } world w { import i; }",
        &[
            (
                "f: func();",
                "@since(version = 1.2.0) f: func();",
                &["patch a:b/i.f (imports): marked `@since(version = 1.2.0)`"],
            ),
            (
                "@since(version = 1.0.0) f: func();",
                "@since(version = 1.1.0) f: func();",
                &["patch a:b/i.f (imports): `@since` was 1.0.0 and is 1.1.0"],
            ),
            (
                "@since(version = 1.0.0) f: func();",
                "f: func();",
                &["patch a:b/i.f (imports): no longer marked `@since`"],
            ),
            (
                "@since(version = 1.0.0) f: func();",
                "@since(version = 1.0.0) @deprecated(version = 1.2.0) f: func();",
                &["patch a:b/i.f (imports): deprecated since 1.2.0"],
            ),
            ("", "@unstable(feature = x) f: func();", &[]),
            (
                "@unstable(feature = x) f: func();",
                "@unstable(feature = x) f: func(n: u8);",
                &[],
            ),
            (
                "@unstable(feature = x) f: func();",
                "@since(version = 1.2.0) f: func();",
                &["minor a:b/i.f (imports): function added"],
            ),
            (
                "f: func();",
                "@unstable(feature = x) f: func();",
                &["major a:b/i.f (imports): function removed"],
            ),
        ],
    );
}

#[test]
fn documentation_is_a_patch() {
    holds(
        "interface i { .. } world w { import i; }",
        &[
            (
                "f: func();",
                "/// Does it.\nf: func();",
                &["patch a:b/i.f (imports): documentation added"],
            ),
            (
                "record r { /// One.\na: u8 }",
                "record r { /// Two.\na: u8 }",
                &["patch a:b/i.r.a (imports): documentation changed"],
            ),
            (
                "/// The id.\ntype id = u8;",
                "type id = u8;",
                &["patch a:b/i.id (imports): documentation removed"],
            ),
        ],
    );
    holds(
        "../// W.\nworld w { }",
        &[(
            "",
            "/// All of it.\npackage a:b@1.2.0;",
            &["patch a:b (imports and exports): documentation added"],
        )],
    );
}
