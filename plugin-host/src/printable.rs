//! Makes text that a plugin wrote safe to print.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` with control characters written as escapes, so that a plugin cannot
/// move the cursor or recolour the terminal of whoever reads an error. Line
/// ends and tabs stay.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    let harmless = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    if text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if harmless(c) {
            escaped.push(c);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(escaped, "{}", c.escape_default());
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_are_written_out_and_text_is_left_alone() {
        assert_eq!(printable("Größe\t1\n"), "Größe\t1\n");
        assert_eq!(printable("\u{1b}[31mred\r"), "\\u{1b}[31mred\\r");
    }
}
