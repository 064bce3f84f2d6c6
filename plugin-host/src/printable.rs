//! Makes text that a plugin wrote safe to print.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` with control characters written as escapes, so that a plugin cannot
/// move the cursor or recolour the terminal of whoever reads an error, and those
/// that turn the direction of writing around. Line ends and tabs stay.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    let harmless = |c: char| match c {
        '\n' | '\t' => true,
        // What separates lines, sets directions, or is not seen at all.
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' => false,
        '\u{061c}' | '\u{feff}' => false,
        _ => !c.is_control(),
    };
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

/// The same, on one line: a plugin forges no further ones.
pub(crate) fn one_line(text: &str) -> String {
    printable(text).replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_are_written_out_and_text_is_left_alone() {
        assert_eq!(printable("Größe\t1\n"), "Größe\t1\n");
        assert_eq!(printable("\u{1b}[31mred\r"), "\\u{1b}[31mred\\r");
        assert_eq!(printable("a\u{202e}b\u{2028}"), "a\\u{202e}b\\u{2028}");
        assert_eq!(one_line("hi\nerror: forged"), "hi\\nerror: forged");
    }
}
