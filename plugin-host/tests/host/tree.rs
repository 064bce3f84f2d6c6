//! What the source tree promises.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn crate_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of the library with its text, comments left out.
fn sources(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the entry is readable").path();
        if path.is_dir() {
            sources(&path, into);
        } else {
            let text = fs::read_to_string(&path).expect("the file is text");
            let code = text.lines().filter(|line| !line.trim().starts_with("//"));
            into.push((path, code.collect::<Vec<_>>().join("\n")));
        }
    }
}

#[test]
fn the_module_graph_has_no_cycles() {
    let src = crate_dir().join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, code) in files {
        let inside = path.strip_prefix(&src).expect("it is below src");
        let first = inside.components().next().expect("it has a name");
        let module = Path::new(&first).file_stem().expect("it has a name");
        let module = module.to_string_lossy().into_owned();
        if module == "lib" {
            continue;
        }
        let used = code.split("crate::").skip(1).map(|rest| {
            let name = rest
                .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .next();
            name.unwrap_or_default().to_owned()
        });
        let used = used.filter(|used| *used != module && !used.is_empty());
        uses.entry(module.clone()).or_default().extend(used);
    }
    assert!(uses.len() > 20, "the modules were found");
    assert!(uses["host"].contains("loader"), "their uses were found");

    // Takes away modules that use none of those left, until none is.
    while !uses.is_empty() {
        let leaves: Vec<String> = uses
            .iter()
            .filter(|(_, used)| used.iter().all(|used| !uses.contains_key(used)))
            .map(|(module, _)| module.clone())
            .collect();
        assert!(!leaves.is_empty(), "a cycle among {uses:#?}");
        for leaf in leaves {
            uses.remove(&leaf);
        }
    }
}

#[test]
fn lib_rs_is_a_table_of_contents() {
    let lib = fs::read_to_string(crate_dir().join("src/lib.rs")).expect("it is there");
    let code = lib
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//"));
    for item in code.collect::<Vec<_>>().join(" ").split(';') {
        let item = item.trim().trim_start_matches("#[doc(hidden)]").trim();
        let item = item.trim_start_matches("#[cfg(feature = \"compile\")]");
        let item = item.trim();
        let allowed = ["", "mod ", "pub mod ", "pub use "];
        assert!(
            item.is_empty() || allowed[1..].iter().any(|start| item.starts_with(start)),
            "`{item}` does not belong there"
        );
    }
}

#[test]
fn two_modules_have_unsafe_code() {
    let src = crate_dir().join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    files.retain(|(_, code)| code.contains("unsafe_code") || code.contains("unsafe {"));
    let mut unsafe_ones: Vec<&Path> = files
        .iter()
        .map(|(path, _)| path.strip_prefix(&src).expect("it is below src"))
        .collect();
    unsafe_ones.sort();
    let expected = ["native.rs", "nesting.rs"].map(Path::new);
    assert_eq!(unsafe_ones, expected);
}

#[test]
fn the_packaged_copies_of_the_base_wit_are_equal() {
    let root = crate_dir().join("..");
    let read = |path: &str| fs::read_to_string(root.join(path)).expect("it is there");
    let base = read("wit/base/base.wit");
    assert_eq!(read("plugin-host/wit/base.wit"), base);
    assert_eq!(read("plugin-sdk/wit/base.wit"), base);
}
