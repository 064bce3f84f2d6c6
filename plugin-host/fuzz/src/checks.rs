//! What must hold of every error, whatever the bytes were.

use plugin_host::{Blame, Error};

/// Above the longest line that an error may print: ten reasons of 500 characters.
const LINE: usize = 32 * 1024;

/// Above the longest report: a hundred frames of two names, each up to 1000 bytes,
/// escaped.
const TEXT: usize = 1024 * 1024;

/// An error that bytes or calls of a plugin led to, or the text of a policy.
pub fn error(error: &Error) {
    line(&error.to_string());
    assert_ne!(error.blame(), Blame::Environment, "{error:?}");
    if let Some(report) = error.report() {
        text(&report.to_string());
    }
}

/// A line that may be shown as it is.
fn line(line: &str) {
    assert!(
        !line.is_empty() && line.len() < LINE,
        "{} bytes",
        line.len()
    );
    let control = |c: char| c.is_control() && c != '\t';
    assert!(!line.contains(control), "{line:?}");
}

/// A text of several lines that may be shown as it is.
fn text(text: &str) {
    assert!(text.len() < TEXT, "{} bytes", text.len());
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    assert!(!text.contains(control), "{text:?}");
}
