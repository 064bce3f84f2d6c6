//! Makes sure that the input is text before anything else looks at it.

use std::fmt;
use std::io::{self, Read};

/// Passes UTF-8 through, and fails at the first byte that is something else.
///
/// Counts lines itself: the csv crate's count falls behind at CR LF and at empty
/// lines.
#[derive(Debug)]
pub(super) struct Text<R> {
    input: R,
    /// The line that the next byte is on.
    line: u64,
    /// What was passed through and not checked: the start of a character.
    unchecked: Vec<u8>,
    /// Whether the next byte is the wrong one.
    ended: bool,
}

/// The cause of the [`io::Error`] that [`Text`] fails with.
#[derive(Debug)]
pub(super) struct NotText {
    /// The line of the wrong byte, counted from 1.
    pub(super) line: u64,
}

impl<R> Text<R> {
    /// Starts at the input's first line.
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            line: 1,
            unchecked: Vec::new(),
            ended: false,
        }
    }

    fn failure(&self) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, NotText { line: self.line })
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended {
            return Err(self.failure());
        }
        let count = self.input.read(buffer)?;
        let at_end = count == 0 && !buffer.is_empty();
        let before = self.unchecked.len();
        self.unchecked.extend_from_slice(&buffer[..count]);

        let wrong = std::str::from_utf8(&self.unchecked).err();
        let good = wrong.map_or(self.unchecked.len(), |error| error.valid_up_to());
        let line_ends = self.unchecked[..good].iter().filter(|byte| **byte == b'\n');
        self.line += line_ends.count() as u64;

        match wrong {
            // A character may go on in what is read next, but not past the end.
            Some(error) if error.error_len().is_some() || at_end => {
                self.ended = true;
                // Where the character began in an earlier read, nothing of this
                // one is good.
                match good.saturating_sub(before) {
                    0 => Err(self.failure()),
                    passed => Ok(passed),
                }
            }
            _ => {
                self.unchecked.drain(..good);
                Ok(count)
            }
        }
    }
}

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} is not UTF-8", self.line)
    }
}

impl std::error::Error for NotText {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its bytes away in pieces of one size.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let size = self.1.min(buffer.len());
            self.0.read(&mut buffer[..size])
        }
    }

    #[test]
    fn text_passes_through_whatever_the_pieces() {
        let file = "Größe,東京\n🌊,\u{7f}\r\n\u{10ffff}";
        for size in 1..10 {
            let mut read = String::new();
            Text::new(Pieces(file.as_bytes(), size))
                .read_to_string(&mut read)
                .expect("it is text");
            assert_eq!(read, file);
        }
    }

    #[test]
    fn the_line_of_the_first_wrong_byte_is_known() {
        for (file, line) in [
            (&b"\xFF\n\n"[..], 1),
            (b"T\xFCte", 1),
            (b"a\nb\nT\xFCte\n\xFF", 3),
            (b"a\r\n\r\n\r\nT\xFCte", 4),
            (b"a,\"b\nc\nd\xFC\"\n", 3),
            (b"a\n\xF0\x9F\x8C", 2),
            (b"a\n\xF0\x9F\n", 2),
            (b"\xE6\x9D\xB1\n\xE6\x9D\n", 2),
            (b"a\n\xED\xA0\x80", 2),
            (b"ab\xE6\x9D\xB1\xFFabc\n", 1),
        ] {
            for size in 1..12 {
                let mut read = Vec::new();
                let error = Text::new(Pieces(file, size))
                    .read_to_end(&mut read)
                    .expect_err("it is not text");
                let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
                let cause: &NotText = cause.expect("it says which line");
                assert_eq!(cause.line, line, "{} by {size}", file.escape_ascii());
                assert!(file.starts_with(&read));
                let passed = std::str::from_utf8(&read).err();
                let unfinished = passed.is_none_or(|error| error.error_len().is_none());
                assert!(unfinished, "{} by {size}", file.escape_ascii());
            }
        }
    }

    #[test]
    fn the_cause_reads_as_a_sentence() {
        assert_eq!(NotText { line: 3 }.to_string(), "line 3 is not UTF-8");
    }
}
