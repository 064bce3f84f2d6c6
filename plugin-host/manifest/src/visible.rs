//! Tells text that shows as it is from text that would not. Escapes nothing.

/// The first character that would not show as itself where people read a text
/// between backticks to decide on it: control, invisible, combining, or the
/// backtick that would end it.
pub(crate) fn first_invisible(text: &str) -> Option<char> {
    text.chars().find(|&c| match c {
        '"' | '\'' | '\\' => false,
        '`' => true,
        _ => c.escape_debug().count() > 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_as_itself_is_told_from_what_does_not() {
        for text in ["", "a b", "Größe", "日本", "it's \"so\"\\", "/a-b_c.d"] {
            assert_eq!(first_invisible(text), None, "{text}");
        }
        for c in ['\0', '\n', '\u{1b}', '\u{202e}', '\u{200b}', '\u{301}', '`'] {
            assert_eq!(first_invisible(&format!("a{c}b")), Some(c));
        }
    }
}
