//! Text of a plugin's own, made fit for a line of ours.

use crate::printable;

/// Text of a plugin's own, made safe and short enough for one line.
pub(super) fn one_line(text: &str) -> String {
    const LONGEST: usize = 500;
    let text = printable::one_line(text.trim());
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
