//! Holds this repository's own WIT against what was released of it.

use plugin_host_wit_check::{Report, Severity, Wit, compare};
use semver::Version;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

fn crate_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The newest release of each package that is kept, by the folder of its WIT.
fn newest() -> BTreeMap<String, (Version, PathBuf)> {
    let mut newest = BTreeMap::new();
    for entry in fs::read_dir(crate_dir().join("released")).expect("the folder is there") {
        let path = entry.expect("the entry is readable").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let Some((name, version)) = name.split_once('@') else {
            continue;
        };
        let version: Version = version.parse().expect("folders are named NAME@VERSION");
        let kept = newest
            .entry(name.to_owned())
            .or_insert((version.clone(), path.clone()));
        if kept.0 < version {
            *kept = (version, path);
        }
    }
    newest
}

/// Between releases, WIT grows without a step; what strands plugins needs one.
fn strands_plugins(report: &Report) -> bool {
    let mut bumps = report.bumps.iter();
    bumps.any(|bump| bump.required == Some(Severity::Major) && !bump.enough)
}

#[test]
fn no_released_plugin_is_stranded_without_a_version_step() {
    let newest = newest();
    assert!(newest.len() >= 2, "the releases were found");
    for (name, (_, released)) in newest {
        let old = Wit::from_path(released).expect("what was released is WIT");
        let new = Wit::from_path(crate_dir().join("../../wit").join(name)).expect("it is WIT");
        let report = compare(&old, &new);
        assert!(!strands_plugins(&report), "{report}");
    }
}

#[test]
fn every_package_of_this_repository_has_a_release_kept() {
    let newest = newest();
    for entry in fs::read_dir(crate_dir().join("../../wit")).expect("the folder is there") {
        let name = entry.expect("the entry is readable").file_name();
        let name = name.to_string_lossy();
        assert!(
            newest.contains_key(&*name),
            "released/{name}@VERSION is missing"
        );
    }
}

/// Shows that the check above can fail.
#[test]
fn changes_to_this_repositorys_wit_are_caught() {
    let read = |path: &str| fs::read_to_string(crate_dir().join(path)).expect("it is there");
    let base = read("released/base@0.1.0/base.wit");
    let catalog = read("released/catalog@0.1.0/catalog.wit");
    for (text, from, to, caught) in [
        (&catalog, "vendor: string,", "vendor: option<string>,", true),
        (
            &catalog,
            "stock: func(row: row-id)",
            "stock: func(row: string)",
            true,
        ),
        (&catalog, "type row-id = u64;", "type row-id = u32;", true),
        (
            &catalog,
            "    @since(version = 0.1.0)\n    export transform;",
            "",
            false,
        ),
        (
            &catalog,
            "export transform;",
            "export transform; export undo: func();",
            true,
        ),
        (
            &catalog,
            "interface transform {",
            "interface transform { undo: func();",
            true,
        ),
        (
            &catalog,
            "interface inventory {",
            "interface inventory { more: func();",
            false,
        ),
        (
            &catalog,
            "interface transform {",
            "interface transform { type x = u8;",
            false,
        ),
        (&base, "warn,", "", true),
        (&base, "get: func(key", "fetch: func(key", true),
        (
            &base,
            "    @since(version = 0.1.0)\n    import panic;",
            "",
            true,
        ),
        (&base, "Every step.", "Each step.", false),
        (&base, "@0.1.0;", "@0.2.0;", false),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(&changed, text, "`{from}` was found");
        let parse = |text: &str| Wit::parse(text).unwrap_or_else(|error| panic!("{error}"));
        let report = compare(&parse(text), &parse(&changed));
        assert!(!report.changes.is_empty() || caught || to == "@0.2.0;");
        assert_eq!(strands_plugins(&report), caught, "{from} -> {to}\n{report}");
    }
}
