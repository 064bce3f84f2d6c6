//! Every rule, as a table of two releases and the lines that come of them.

mod exports;
mod functions;
mod imports;
mod packages;
mod reasons;
mod resources;
mod shapes;
mod steps;
mod types;
mod worlds;

use plugin_host_wit_check::{Report, Wit, compare};

/// One row: the old text, the new text, and the lines without their reasons.
type Row<'a> = (&'a str, &'a str, &'a [&'a str]);

fn report(old: &str, new: &str) -> Report {
    let wit = |text: &str| Wit::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    compare(&wit(old), &wit(new))
}

/// Holds each row against what `compare` says. Each side of a row is put into
/// `frame` in place of `..`, after a package header where it has none.
fn holds(frame: &str, rows: &[Row<'_>]) {
    let full = |text: &str| {
        let text = frame.replace("..", text);
        if text.contains("package ") {
            text
        } else {
            format!("package a:b@1.2.0;\n{text}")
        }
    };
    for (old, new, expected) in rows {
        let report = report(&full(old), &full(new));
        let lines: Vec<String> = report.changes.iter().map(ToString::to_string).collect();
        let short: Vec<&str> = lines
            .iter()
            .map(|line| line.split_once("; ").expect("a reason follows").0)
            .collect();
        assert_eq!(&short, expected, "\nold: {old}\nnew: {new}");
    }
}
