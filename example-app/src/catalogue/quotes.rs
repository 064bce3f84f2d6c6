//! Makes sure that quotes are where CSV has them: the csv crate takes whatever it
//! is given, and an input that was cut off would pass for a whole one.

use std::fmt;
use std::io::{self, Read};

/// Passes CSV through, and fails at a quote that does not close, or that closes
/// before its cell ends.
///
/// A quote inside a cell that does not begin with one is text.
#[derive(Debug)]
pub(super) struct Quotes<R> {
    input: R,
    /// The line that the next byte is on.
    line: u64,
    place: Place,
    /// The error of the next read.
    wrong: Option<NotQuoted>,
}

/// The place of the next byte.
#[derive(Clone, Copy, Debug)]
enum Place {
    CellStart,
    Bare,
    /// Behind a quote that opened in this line.
    Quoted(u64),
    /// Behind a quote that closes the cell, or is the first of two.
    Closed(u64),
}

/// The cause of the [`io::Error`] that [`Quotes`] fails with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotQuoted {
    /// The input ends inside quotes that opened in this line, counted from 1.
    Open(u64),
    /// A cell goes on behind its quotes in this line.
    GoesOn(u64),
}

impl<R> Quotes<R> {
    /// Starts at the input's first line.
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            line: 1,
            place: Place::CellStart,
            wrong: None,
        }
    }

    /// The place of the next byte after this one, or `None` if that byte is wrong.
    fn behind(&self, byte: u8) -> Option<Place> {
        Some(match (self.place, byte) {
            (Place::CellStart, b'"') => Place::Quoted(self.line),
            (Place::Quoted(line), b'"') => Place::Closed(line),
            (Place::Closed(line), b'"') => Place::Quoted(line),
            (Place::Quoted(_), _) => self.place,
            (_, b',' | b'\r' | b'\n') => Place::CellStart,
            (Place::Closed(_), _) => return None,
            (Place::CellStart | Place::Bare, _) => Place::Bare,
        })
    }

    /// How many of these bytes are in order.
    fn follow(&mut self, bytes: &[u8]) -> usize {
        for (index, byte) in bytes.iter().enumerate() {
            let Some(place) = self.behind(*byte) else {
                self.wrong = Some(NotQuoted::GoesOn(self.line));
                return index;
            };
            self.place = place;
            self.line += u64::from(*byte == b'\n');
        }
        bytes.len()
    }
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut passed = 0;
        if self.wrong.is_none() {
            let count = self.input.read(buffer)?;
            passed = self.follow(&buffer[..count]);
            if let (0, Place::Quoted(line), false) = (count, self.place, buffer.is_empty()) {
                self.wrong = Some(NotQuoted::Open(line));
            }
        }
        match self.wrong {
            Some(wrong) if passed == 0 => Err(io::Error::new(io::ErrorKind::InvalidData, wrong)),
            _ => Ok(passed),
        }
    }
}

impl fmt::Display for NotQuoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(line) => write!(f, "the quote that opens in line {line} never closes"),
            Self::GoesOn(line) => write!(f, "a cell goes on behind its quotes in line {line}"),
        }
    }
}

impl std::error::Error for NotQuoted {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::fixture::{ALL, batch};
    use crate::catalogue::{CatalogueError, Reader};

    /// Gives its bytes away in pieces of one size.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let size = self.1.min(buffer.len());
            self.0.read(&mut buffer[..size])
        }
    }

    /// The text that is passed of a file, and the fault behind it.
    fn read(file: &str, size: usize) -> (String, Option<NotQuoted>) {
        let mut passed = String::new();
        let end = Quotes::new(Pieces(file.as_bytes(), size)).read_to_string(&mut passed);
        let wrong = end.err().map(|error| {
            let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
            *cause.expect("it says what is wrong")
        });
        (passed, wrong)
    }

    #[test]
    fn what_is_quoted_in_order_passes_through_whatever_the_pieces() {
        for file in [
            "",
            "a,b\nc,d",
            "a,b\r\n\"c\",\"d\"",
            "\"a\nb\",\"\"\r\n\"\"\n\n\"\"\"\",\"a \"\"b\"\"\"",
            "5\" pipe,a\"b\"c, \"d\"\n",
            "a\0b,\"c\0\"\n",
            "\"Größe\",\"東京\"\r\n",
        ] {
            for size in 1..10 {
                assert_eq!(read(file, size), (file.to_owned(), None));
            }
        }
    }

    #[test]
    fn a_file_that_ends_inside_quotes_fails_with_the_line_of_the_quote() {
        for (file, line) in [
            ("\"", 1),
            ("a,\"b", 1),
            ("a,b\n\"c\",\"d\ne\nf", 2),
            ("a\r\n\"b\"\r\n\"c\r\n\r\n", 3),
            ("\n\n\"a\"\"", 3),
            ("\"a\nb\",\"c\n", 2),
        ] {
            for size in 1..10 {
                let expected = (file.to_owned(), Some(NotQuoted::Open(line)));
                assert_eq!(read(file, size), expected);
            }
        }
    }

    #[test]
    fn a_cell_that_goes_on_behind_its_quotes_fails_with_its_line() {
        for (good, rest, line) in [
            ("\"a\"", "b", 1),
            ("a,b\r\n\"5\"", " pipe\",c\r\n", 2),
            ("\"a\nb\"", " ,c\n", 2),
        ] {
            for size in 1..10 {
                let (passed, wrong) = read(&format!("{good}{rest}"), size);
                assert_eq!(
                    (passed.as_str(), wrong),
                    (good, Some(NotQuoted::GoesOn(line)))
                );
            }
        }
    }

    #[test]
    fn the_cause_reads_as_a_sentence() {
        for (cause, text) in [
            (
                NotQuoted::Open(3),
                "the quote that opens in line 3 never closes",
            ),
            (
                NotQuoted::GoesOn(3),
                "a cell goes on behind its quotes in line 3",
            ),
        ] {
            assert_eq!(cause.to_string(), text);
        }
    }

    /// Why a catalogue is refused, be it for its header or for a row.
    fn refusal(file: &str) -> CatalogueError {
        match Reader::new(file.as_bytes()) {
            Err(error) => error,
            Ok(mut reader) => reader.next_batch(ALL).expect_err("it should be refused"),
        }
    }

    #[test]
    fn a_catalogue_is_refused_with_the_line() {
        for (file, expected) in [
            ("Handle,\"Title\n", 1),
            ("Handle,Title\nmug,\"Mug", 2),
            (
                "\u{feff}Handle,Title\r\nmug,Mug\r\nbag,\"Bag\r\nlamp,Lamp\r\n",
                3,
            ),
        ] {
            let error = refusal(file);
            assert!(
                matches!(error, CatalogueError::OpenQuote { line } if line == expected),
                "{error:?} for {file:?}"
            );
        }
        let error = refusal("Handle,Title\nmug,\"5\" mug, blue\"\n");
        assert!(
            matches!(error, CatalogueError::StrayQuote { line: 2 }),
            "{error:?}"
        );
    }

    #[test]
    fn quotes_in_a_bare_cell_and_nul_bytes_are_text() {
        let file = "Handle,Title,Vendor\nmug,5\" mug,A\0B";
        let product = batch(file).products().remove(0);
        assert_eq!((&*product.title, &*product.vendor), ("5\" mug", "A\0B"));
    }
}
