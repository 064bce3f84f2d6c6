//! What a file looks like around its cells: its byte order mark and line ends.
//! Output gets what the input had, so that the same programs open it.

/// UTF-8's byte order mark, which Excel writes and wants to see.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The form of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Whether the file starts with a byte order mark.
    pub(super) byte_order_mark: bool,
    /// Whether lines end with CR LF rather than LF.
    pub(super) crlf: bool,
}

impl Dialect {
    /// Recognises the form from the file's first bytes.
    pub(super) fn of(head: &[u8]) -> Self {
        let mut quoted = false;
        let mut before = 0;
        let mut crlf = false;
        for byte in head {
            match byte {
                b'"' => quoted = !quoted,
                // A line break inside a cell is not how lines end.
                b'\n' if !quoted => {
                    crlf = before == b'\r';
                    break;
                }
                _ => {}
            }
            before = *byte;
        }
        Self {
            byte_order_mark: head.starts_with(BYTE_ORDER_MARK),
            crlf,
        }
    }

    /// What the csv crate ends lines with.
    pub(super) fn terminator(self) -> csv::Terminator {
        if self.crlf {
            csv::Terminator::CRLF
        } else {
            csv::Terminator::Any(b'\n')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_end_outside_of_quotes_decides() {
        for (head, crlf) in [
            ("Handle,Title\r\nmug,Mug\n", true),
            ("Handle,Title\nmug,Mug\r\n", false),
            ("Handle,\"Ti\ntle\"\r\n", true),
            ("Handle,\"Ti\r\ntle\"\n", false),
            ("Handle,\"a \"\"b\n\"\"\"\r\n", true),
            ("Handle", false),
            ("", false),
        ] {
            assert_eq!(Dialect::of(head.as_bytes()).crlf, crlf, "{head:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_recognised() {
        assert!(Dialect::of(b"\xEF\xBB\xBFHandle\n").byte_order_mark);
        assert!(!Dialect::of(b"Handle\n").byte_order_mark);
    }
}
