//! Why a catalogue cannot be read or written. Plugins' faults are
//! [`RowFault`](super::fault::RowFault).

use std::io;

use super::RowCounts;
use super::quotes::NotQuoted;
use super::text::NotText;

/// Why a catalogue cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CatalogueError {
    /// The input failed; the cause says how.
    #[error("cannot read the catalogue")]
    Read(#[source] io::Error),

    /// The output failed; the cause says how.
    #[error("cannot write the catalogue")]
    Write(#[source] io::Error),

    /// The input is in some other encoding.
    #[error("line {line} is not UTF-8: save the file as UTF-8 CSV and try again")]
    NotUtf8 {
        /// The line of the offending byte, counted from 1.
        line: u64,
    },

    /// The input was cut off, or a quote is missing.
    #[error(
        "the quote that opens in line {line} never closes: \
         export the file again, or close the quote"
    )]
    OpenQuote {
        /// The line in which it opens, counted from 1.
        line: u64,
    },

    /// A quote inside quotes is not written twice.
    #[error(
        "a cell in line {line} goes on behind the quote that closes it: \
         write a quote inside quotes as two, `\"\"`"
    )]
    StrayQuote {
        /// The line of what follows the quote, counted from 1.
        line: u64,
    },

    /// The input is some other file, or none at all.
    #[error(
        "there is no column `Handle`: expected a product file as Shopify exports it, \
         a CSV with commas whose first line names the columns"
    )]
    NoHandleColumn,

    /// The first row continues a product that is not there.
    #[error(
        "the first row below the header has no handle: \
         there is no product above it that it could belong to"
    )]
    NoProduct,

    /// A bug in this application.
    #[error(
        "{} rows were read, but {} written and {} removed: \
         this is a bug in catalog, do not use the output",
        .0.rows_in, .0.rows_out, .0.rows_removed
    )]
    RowsLost(RowCounts),
}

impl CatalogueError {
    /// Why reading failed: because of the input, or because of what is in it.
    pub(super) fn reading(error: csv::Error) -> Self {
        let error = io_error(error);
        let Some(cause) = error.get_ref() else {
            return Self::Read(error);
        };
        if let Some(NotText { line }) = cause.downcast_ref() {
            return Self::NotUtf8 { line: *line };
        }
        match cause.downcast_ref() {
            Some(NotQuoted::Open(line)) => Self::OpenQuote { line: *line },
            Some(NotQuoted::GoesOn(line)) => Self::StrayQuote { line: *line },
            None => Self::Read(error),
        }
    }

    /// Why writing failed.
    pub(super) fn writing(error: csv::Error) -> Self {
        Self::Write(io_error(error))
    }
}

/// The cause itself: the csv crate's own conversion would wrap it once more.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        // Rows of any length and text only: nothing else is left to fail.
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn every_message_is_pinned() {
        let lost = RowCounts {
            rows_in: 5,
            rows_out: 3,
            rows_removed: 1,
        };
        for (error, message) in [
            (
                CatalogueError::Read(io::Error::other("disk on fire")),
                "cannot read the catalogue",
            ),
            (
                CatalogueError::Write(io::Error::other("disk full")),
                "cannot write the catalogue",
            ),
            (
                CatalogueError::NotUtf8 { line: 7 },
                "line 7 is not UTF-8: save the file as UTF-8 CSV and try again",
            ),
            (
                CatalogueError::OpenQuote { line: 7 },
                "the quote that opens in line 7 never closes: \
                 export the file again, or close the quote",
            ),
            (
                CatalogueError::StrayQuote { line: 7 },
                "a cell in line 7 goes on behind the quote that closes it: \
                 write a quote inside quotes as two, `\"\"`",
            ),
            (
                CatalogueError::NoHandleColumn,
                "there is no column `Handle`: expected a product file as Shopify exports it, \
                 a CSV with commas whose first line names the columns",
            ),
            (
                CatalogueError::NoProduct,
                "the first row below the header has no handle: \
                 there is no product above it that it could belong to",
            ),
            (
                CatalogueError::RowsLost(lost),
                "5 rows were read, but 3 written and 1 removed: \
                 this is a bug in catalog, do not use the output",
            ),
        ] {
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn an_input_or_output_failure_keeps_its_cause() {
        let error = CatalogueError::Read(io::Error::other("disk on fire"));
        let cause = error.source().expect("there is a cause").to_string();
        assert_eq!(cause, "disk on fire");
    }
}
