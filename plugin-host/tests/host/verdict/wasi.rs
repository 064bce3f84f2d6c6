//! WASI as plugins import it: all that is judged to be there is linked, and what
//! is not, or has another type, is refused before it is compiled.

use plugin_host::{Candidate, Extern, Host, Reason};
use std::fs;
use std::path::{Path, PathBuf};
use test_encoder::wit_parser::{Resolve, WorldId, WorldItem};

plugin_host::world! {
    inline: "package acme:clerk; world plugin { export run: func(); }",
}

/// The WIT of all that is served.
fn wit() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("wit/wasi")
}

/// A world that holds `imports`, read beside the WIT in a folder.
fn world(wit: &Path, imports: &str) -> (Resolve, WorldId) {
    let text = format!("package acme:clerk; world plugin {{ {imports} export run: func(); }}");
    test_encoder::read_with(wit, &text, "plugin").expect("the folder and the text are WIT")
}

/// A component that imports all that its world does.
fn plugin((resolve, world): &(Resolve, WorldId)) -> Candidate {
    let bytes = test_encoder::component(resolve, *world, |_| true);
    let bytes = bytes.expect("it can be a component's world");
    Candidate::from_bytes("plugin", bytes).expect("it is a component")
}

fn host() -> Host {
    Host::builder().build().expect("the engine starts")
}

/// The reasons against a plugin that imports an interface of WASI, whose WIT was
/// changed.
fn changed(import: &str, changes: &[(&str, &str)]) -> Vec<Reason> {
    let folder = tempfile::tempdir().expect("a folder");
    let deps = folder.path().join("deps");
    fs::create_dir(&deps).expect("a folder");
    let mut left: Vec<&str> = changes.iter().map(|(from, _)| *from).collect();
    for file in fs::read_dir(wit().join("deps")).expect("a folder") {
        let path = file.expect("the entry is readable").path();
        let mut text = fs::read_to_string(&path).expect("the file is text");
        for (from, to) in changes {
            left.retain(|left| left != from || !text.contains(from));
            text = text.replace(from, to);
        }
        fs::write(deps.join(path.file_name().expect("it has a name")), text).expect("a file");
    }
    assert!(left.is_empty(), "{left:?} are not there");
    fs::write(folder.path().join("empty.wit"), "package acme:empty;").expect("a file");
    let plugin = plugin(&world(folder.path(), &format!("import {import};")));
    host().plugin(&plugin).reasons::<ClerkPlugin<()>>()
}

#[test]
fn all_of_wasi_is_linked_and_its_types_are_those_that_are_judged() {
    let world = world(&wit(), "include plugin-host:wasi/served;");
    let functions = |item: &WorldItem| match item {
        WorldItem::Interface { id, .. } => world.0.interfaces[*id].functions.len(),
        _ => 0,
    };
    let all: usize = world.0.worlds[world.1]
        .imports
        .values()
        .map(functions)
        .sum();
    assert!(all > 100, "it is WASI");

    let plugin = plugin(&world);
    let functions = |import: &Extern| match import {
        Extern::Interface(names) => names
            .iter()
            .filter(|n| !n.starts_with("[resource]"))
            .count(),
        _ => 0,
    };
    let imported: usize = plugin.imports().map(|(_, import)| functions(import)).sum();
    assert_eq!(imported, all, "it imports each function");
    assert_eq!(host().plugin(&plugin).reasons::<ClerkPlugin<()>>(), []);
    let loaded = host().load::<ClerkPlugin<()>>(&plugin);
    loaded.expect("it is linked and started");
}

#[test]
fn wasi_functions_that_are_not_there_or_of_another_type_are_refused() {
    for (import, changes, reason) in [
        (
            "wasi:random/random@0.2.12",
            &[(
                "get-random-u64: func() -> u64",
                "get-random-u64: func() -> u32",
            )][..],
            "in `wasi:random/random@0.2.12`, get-random-u64 → result is u64 here and u32 in the \
             plugin: build the plugin against this application's WIT",
        ),
        (
            "wasi:random/random@0.2.0",
            &[
                ("0.2.12", "0.2.0"),
                (
                    "get-random-u64: func() -> u64",
                    "get-random-u64: func() -> u32",
                ),
            ],
            "in `wasi:random/random@0.2.0`, get-random-u64 → result is u64 here and u32 in the \
             plugin: upgrade the plugin",
        ),
        (
            "wasi:random/random@0.2.12",
            &[(
                "get-random-u64:",
                "get-random-u8: func() -> u8; get-random-u64:",
            )],
            "it imports `get-random-u8` of `wasi:random/random@0.2.12`, which this application \
             does not provide: use a plugin made for this application",
        ),
        (
            "wasi:random/random@0.2.20",
            &[
                ("0.2.12", "0.2.20"),
                (
                    "get-random-u64:",
                    "get-random-u8: func() -> u8; get-random-u64:",
                ),
            ],
            "it needs `get-random-u8` of `wasi:random/random@0.2.20`, and this application has \
             0.2.12: upgrade the application",
        ),
        (
            "wasi:io/poll@0.2.12",
            &[("list<borrow<pollable>>", "list<pollable>")],
            "in `wasi:io/poll@0.2.12`, poll → param in → element is borrow<pollable> here and \
             own<pollable> in the plugin: build the plugin against this application's WIT",
        ),
        (
            "wasi:sockets/network@0.2.12",
            &[(
                "  resource network;",
                "  resource network; network-error-code: func() -> option<error-code>;",
            )],
            "it imports `network-error-code` of `wasi:sockets/network@0.2.12`, which this \
             application does not provide: use a plugin made for this application",
        ),
        (
            "wasi:logging/logging@0.1.0-draft",
            &[("debug,\n        info", "info,\n        debug")],
            "in `wasi:logging/logging@0.1.0-draft`, log → param level is in the order trace, \
             debug, info, warn, error, critical here and in the order trace, info, debug, warn, \
             error, critical in the plugin: build the plugin against this application's WIT",
        ),
        (
            "wasi:config/store@0.2.0-rc.1",
            &[(
                "get: func(key: string) -> result<option<string>, error>",
                "get: func(key: string) -> option<string>",
            )],
            "in `wasi:config/store@0.2.0-rc.1`, get → result is result<option<string>, variant \
             error> here and option<string> in the plugin: build the plugin against this \
             application's WIT",
        ),
        (
            "wasi:config/store@0.2.0",
            &[("0.2.0-rc.1", "0.2.0")],
            "it needs `wasi:config/store@0.2.0`, and this application has 0.2.0-rc.1: upgrade \
             the application",
        ),
        (
            "wasi:random/random@0.1.0",
            &[("0.2.12", "0.1.0"), ("@since(version = 0.2.0)", "")],
            "it was built for `wasi:random/random@0.1.0`, and this application has 0.2.12: \
             upgrade the plugin",
        ),
        (
            "wasi:random/random@0.3.0",
            &[("0.2.12", "0.3.0")],
            "its import `wasi:random/random@0.3.0` is asynchronous, and this host runs \
             synchronous plugins: build it for WASI 0.2, without async functions, streams and \
             futures",
        ),
        (
            "wasi:cli/run@0.2.12",
            &[],
            "it imports `wasi:cli/run@0.2.12`, which this application does not provide: use a \
             plugin made for this application",
        ),
    ] {
        let reasons = changed(import, changes);
        let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
        assert_eq!(reasons, [reason], "{import}: {changes:?}");
    }
}

#[test]
fn older_and_newer_wasi_fits_where_what_is_used_is_the_same() {
    for version in ["0.2.0", "0.2.99"] {
        // What is newer than a version is not in it.
        let since = format!("@since(version = {version})");
        let changes = [("0.2.12", version), ("@since(version = 0.2.0)", &since)];
        let import = format!("wasi:filesystem/types@{version}");
        assert_eq!(changed(&import, &changes), [], "{version}");
    }
}
