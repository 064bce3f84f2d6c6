//! Input that cannot be compared, and the messages that it gives.

use plugin_host_wit_check::Wit;
use std::fs;
use tempfile::TempDir;

/// A folder with these files, and the message when it is read, with the
/// folder's path written `DIR`.
fn refusal(files: &[(&str, &str)]) -> String {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let error = Wit::from_path(folder.path()).expect_err("not one package");
    let folder = folder.path().display().to_string();
    error.to_string().replace(&folder, "DIR")
}

#[test]
fn what_is_not_there_is_named() {
    assert_eq!(
        Wit::from_path("no/such").expect_err("missing").to_string(),
        "`no/such` does not exist: give a folder of .wit files, or one file"
    );
    assert_eq!(
        refusal(&[("readme.md", "")]),
        "`DIR` holds no .wit file: give the folder that has them"
    );
}

/// What the parser says is shown as it renders it, with file, line and text.
#[test]
fn what_is_wrong_inside_is_shown_with_file_and_line() {
    let table: &[(&[(&str, &str)], &str)] = &[
        (
            &[("shop.wit", "package a:b;\ninterface i {\n  f: fun();\n}")],
            "expected keyword `func`, found an identifier\n     \
             --> DIR/shop.wit:3:6\n      |\n    3 |   f: fun();\n      |      ^",
        ),
        (
            &[("shop.wit", "package a:b;\nworld w {\n  import c:d/e;\n}")],
            "package 'c:d' not found. known packages:\n    a:b\n     \
             --> DIR/shop.wit:3:10\n      |\n    3 |   import c:d/e;\n      |          ^--",
        ),
        (
            &[(
                "shop.wit",
                "package a:b@0.1.0;\n@since(version = 0.2.0)\ninterface i { }",
            )],
            "feature gate cannot reference unreleased version 0.2.0 of package [a:b@0.1.0] \
             (current version 0.1.0)\n     \
             --> DIR/shop.wit:3:11\n      |\n    3 | interface i { }\n      |           ^",
        ),
        (
            &[("one.wit", "package a:b;"), ("two.wit", "package a:c;")],
            "package identifier `a:c` does not match previous package name of `a:b`\n     \
             --> DIR/two.wit:1:9\n      |\n    1 | package a:c;\n      |         ^--",
        ),
        (
            &[
                ("shop.wit", "package a:b;"),
                ("deps/d.wit", "package c:d;\n?"),
            ],
            "unexpected character '?'\n     \
             --> DIR/deps/d.wit:2:1\n      |\n    2 | ?\n      | ^",
        ),
        (
            &[("shop.wit", "interface i { }")],
            "no `package` header was found in any WIT file for this package",
        ),
    ];
    for (files, reason) in table {
        let expected = format!("`DIR` cannot be read as one WIT package: {reason}");
        assert_eq!(refusal(files), expected);
    }
}

#[test]
fn a_text_is_called_text_wit() {
    assert_eq!(
        Wit::parse("package a:b;\nuse")
            .expect_err("unfinished")
            .to_string(),
        "`text.wit` cannot be read as one WIT package: expected an identifier or string, \
         found eof\n     --> text.wit:2:4\n      |\n    2 | use\n      |    ^"
    );
}

#[test]
fn a_package_that_is_not_there_is_named_with_those_that_are() {
    let wit = Wit::parse("package a:b; package a:c { } package a:d@1.0.0 { }").expect("packages");
    assert_eq!(
        wit.select("a:e").expect_err("not there").to_string(),
        "there is no package `a:e`: there is `a:b`, `a:c`, `a:d`"
    );
}
