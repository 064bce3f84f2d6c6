//! The values that plugins see, read from the text of one cell and back.
//!
//! Text that cannot be read is no error: real catalogues have plenty of it, and
//! it stays in the file as it is.

/// The cell's text, or none where it is empty.
pub(super) fn text(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| cell.to_owned())
}

/// An amount of money in cents, exactly: `50`, `50.0` and `50.00` are 5000.
///
/// None where the cell is empty, negative, grouped (`1,000.00`), finer than a
/// cent, or anything else than digits around one point.
pub(super) fn cents(cell: &str) -> Option<u64> {
    let (whole, fraction) = decimal(cell)?;
    let (hundredths, finer) = fraction.split_at(fraction.len().min(2));
    if finer.bytes().any(|digit| digit != b'0') {
        return None;
    }
    let scale = if hundredths.len() < 2 { 10 } else { 1 };
    let rest = hundredths.parse::<u64>().ok()? * scale;
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(100)?
        .checked_add(rest)
}

/// The text for an amount of money: always with two decimals.
pub(super) fn from_cents(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// A weight in grams, with or without decimals that are all zero.
pub(super) fn grams(cell: &str) -> Option<u32> {
    let (whole, fraction) = decimal(cell)?;
    if fraction.bytes().any(|digit| digit != b'0') {
        return None;
    }
    whole.parse().ok()
}

/// A number of pieces, negative where more were sold than there are.
pub(super) fn pieces(cell: &str) -> Option<i64> {
    cell.trim().parse().ok()
}

/// The tags of a comma-separated list, trimmed, without empty ones.
pub(super) fn tags(cell: &str) -> Vec<String> {
    cell.split(',')
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The text for a list of tags.
pub(super) fn from_tags(tags: &[String]) -> String {
    tags.join(", ")
}

/// Splits a plain decimal number into the digits before and after its point.
fn decimal(cell: &str) -> Option<(&str, &str)> {
    let cell = cell.trim();
    let (whole, fraction) = cell.split_once('.').unwrap_or((cell, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(whole) && digits(fraction)).then_some((whole, fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly() {
        for (cell, expected) in [
            ("50", 5000),
            ("50.0", 5000),
            ("50.00", 5000),
            ("50.0000", 5000),
            ("9.99", 999),
            ("9.9", 990),
            ("0.07", 7),
            ("0", 0),
            ("007", 700),
            (" 12.50 ", 1250),
            ("184467440737095516.15", u64::MAX),
        ] {
            assert_eq!(cents(cell), Some(expected), "{cell:?}");
        }
    }

    #[test]
    fn amounts_that_are_not_plain_decimals_are_none() {
        for cell in [
            "",
            " ",
            ".",
            "5.",
            ".5",
            "-1",
            "-0",
            "+1",
            "1,000.00",
            "1.000,00",
            "9,99",
            "9.999",
            "9.990000001",
            "1.2.3",
            "1e3",
            "$5",
            "5 €",
            "٣",
            "NaN",
            "184467440737095516.16",
            "99999999999999999999999",
        ] {
            assert_eq!(cents(cell), None, "{cell:?}");
        }
    }

    #[test]
    fn amounts_are_written_with_two_decimals() {
        for (amount, expected) in [
            (0, "0.00"),
            (7, "0.07"),
            (999, "9.99"),
            (5000, "50.00"),
            (u64::MAX, "184467440737095516.15"),
        ] {
            assert_eq!(from_cents(amount), expected);
            assert_eq!(cents(expected), Some(amount));
        }
    }

    #[test]
    fn weights_are_whole_grams() {
        for (cell, expected) in [
            ("500", Some(500)),
            ("500.0", Some(500)),
            ("0", Some(0)),
            ("500.5", None),
            ("-1", None),
            ("", None),
            ("4294967296", None),
        ] {
            assert_eq!(grams(cell), expected, "{cell:?}");
        }
    }

    #[test]
    fn pieces_may_be_negative_but_not_split() {
        for (cell, expected) in [
            ("5", Some(5)),
            ("-3", Some(-3)),
            (" 7 ", Some(7)),
            ("2.5", None),
            ("", None),
            ("many", None),
        ] {
            assert_eq!(pieces(cell), expected, "{cell:?}");
        }
    }

    #[test]
    fn tags_are_trimmed_and_empty_ones_left_out() {
        assert_eq!(tags("a,b ,  c d ,, ,e"), ["a", "b", "c d", "e"]);
        assert!(tags("").is_empty());
        assert!(tags(" , ").is_empty());
        assert_eq!(
            from_tags(&["a".to_owned(), "c d".to_owned()]),
            "a, c d".to_owned()
        );
    }

    #[test]
    fn empty_text_is_none_and_spaces_are_text() {
        assert_eq!(text(""), None);
        assert_eq!(text(" "), Some(" ".to_owned()));
    }
}
