//! The command, run as a process.

use std::fs;
use std::process::Command;
use tempfile::TempDir;

const OLD: &str = "package a:b@0.1.0; interface i { f: func(); } world w { import i; }";
const SHRUNK: &str = "package a:b@0.1.1; interface i { } world w { import i; }";

/// Exit code, standard output and standard error, with the folder that has
/// these files written `DIR`. Words that name one of them become its path.
fn run(files: &[(&str, &str)], words: &[&str]) -> (i32, String, String) {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_wit-check"))
        .args(words.iter().map(|word| {
            if word.ends_with(".wit") {
                folder.path().join(word).into_os_string()
            } else {
                (*word).into()
            }
        }))
        .output()
        .expect("it runs");
    let path = folder.path().display().to_string();
    let text = |bytes: Vec<u8>| {
        String::from_utf8(bytes)
            .expect("text")
            .replace(&path, "DIR")
    };
    let code = output.status.code().expect("it ended by itself");
    (code, text(output.stdout), text(output.stderr))
}

#[test]
fn a_covered_change_ends_with_0() {
    let new = OLD
        .replace("0.1.0", "0.1.1")
        .replace("f: func();", "f: func(); g: func();");
    let (code, out, err) = run(
        &[("old.wit", OLD), ("new.wit", &new)],
        &["old.wit", "new.wit"],
    );
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(
        out,
        "minor a:b/i.g (imports): function added; plugins built before do not use it\n\
         a:b: minor changes, and the version went from 0.1.0 to 0.1.1\n"
    );
}

#[test]
fn a_change_that_is_not_covered_ends_with_1() {
    let (code, out, _) = run(
        &[("old.wit", OLD), ("new.wit", SHRUNK)],
        &["old.wit", "new.wit"],
    );
    assert_eq!(code, 1);
    assert_eq!(
        out,
        "major a:b/i.f (imports): function removed; plugins that use it no longer load\n\
         a:b: major changes, and the version went from 0.1.0 to 0.1.1: make it 0.2.0\n"
    );
}

#[test]
fn bad_input_ends_with_2() {
    let files = [
        ("old.wit", OLD),
        ("other.wit", "package a:c@0.1.0;"),
        ("bad.wit", "pack"),
    ];
    for (words, message) in [
        (
            &["old.wit", "missing.wit"][..],
            "error: `DIR/missing.wit` does not exist: give a folder of .wit files, or one file\n",
        ),
        (
            &["old.wit", "other.wit"],
            "error: `DIR/old.wit` holds `a:b` and `DIR/other.wit` holds `a:c`: give two releases \
             of one package\n",
        ),
        (
            &["old.wit", "old.wit", "--package", "a:z"],
            "error: there is no package `a:z`: there is `a:b`\n",
        ),
    ] {
        let (code, out, err) = run(&files, words);
        assert_eq!((code, out.as_str(), err.as_str()), (2, "", message));
    }
    let (code, _, err) = run(&files, &["old.wit", "bad.wit"]);
    assert!(code == 2 && err.contains("bad.wit:1:1"), "{err}");
    assert_eq!(run(&files, &["old.wit"]).0, 2);
}

#[test]
fn one_package_of_several_is_compared_on_request() {
    let both = |body: &str| format!("package a:b@0.1.0; package a:c@0.1.0 {{ {body} }}");
    let (old, new) = (both(""), both("interface i { }"));
    let files = [("old.wit", &*old), ("new.wit", &*new)];
    assert_eq!(run(&files, &["old.wit", "new.wit"]).0, 0);
    let (code, out, _) = run(&files, &["--package", "a:c", "old.wit", "new.wit"]);
    assert_eq!(code, 1);
    assert!(
        out.ends_with("a:c: minor changes, and the version is still 0.1.0: make it 0.1.1\n"),
        "{out}"
    );
}

#[test]
fn the_report_is_had_as_json() {
    let files = [("old.wit", OLD), ("new.wit", SHRUNK)];
    let (code, out, _) = run(&files, &["--json", "old.wit", "new.wit"]);
    assert_eq!(code, 1);
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let verdict = "major changes, and the version went from 0.1.0 to 0.1.1: make it 0.2.0";
    assert_eq!(
        report,
        serde_json::json!({
            "package": "a:b",
            "changes": [{
                "path": "a:b/i.f",
                "severity": "major",
                "side": "imports",
                "what": "function removed",
                "why": "plugins that use it no longer load",
            }],
            "required": "major",
            "bumps": [{ "old": "0.1.0", "new": "0.1.1", "required": "major", "enough": false }],
            "covered": false,
            "verdict": format!("a:b: {verdict}"),
        })
    );
}

#[test]
fn help_says_what_goes_in_and_what_comes_out() {
    let (code, out, _) = run(&[], &["--help"]);
    assert_eq!(code, 0);
    for part in [
        "Exit codes: 0,",
        "<OLD>",
        "<NEW>",
        "--package <NAME>",
        "--json",
    ] {
        assert!(out.contains(part), "{part} in {out}");
    }
}
