//! What SECURITY.md says of tests is true: on Unix, where all of them are.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::process::Command;

/// The tests of this binary, and the one that runs in a process of its own.
fn tests() -> BTreeSet<String> {
    let list = Command::new(std::env::current_exe().expect("it runs"))
        .args(["--list", "--format", "terse"])
        .output()
        .expect("it lists its tests");
    let list = String::from_utf8(list.stdout).expect("it is text");
    let resident = include_str!("../resident.rs");
    let elsewhere = resident
        .split("#[test]\nfn ")
        .skip(1)
        .filter_map(|rest| rest.split('(').next());
    list.lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .chain(elsewhere)
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_test_that_the_security_page_names_is_there() {
    let tests = tests();
    assert!(tests.len() > 100, "the tests were found");
    let page = include_str!("../../../SECURITY.md");
    let rows = page.lines().filter(|line| line.starts_with("| "));
    let mut rows_with_tests = 0;
    for row in rows {
        let Some(cell) = row.trim_end_matches(" |").rsplit(" | ").next() else {
            continue;
        };
        let named: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        for name in &named {
            assert!(tests.contains(*name), "there is no test `{name}`");
        }
        rows_with_tests += usize::from(!named.is_empty());
    }
    assert!(rows_with_tests >= 30, "{rows_with_tests} rows name tests");
}
