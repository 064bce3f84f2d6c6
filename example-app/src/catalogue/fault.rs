//! What a plugin did wrong with the rows it was handed.

/// Why a batch that a plugin handed back is refused. Always the plugin's fault.
///
/// Handles are shortened: most were in the file, but a plugin may make up any.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RowFault {
    /// One row came back twice.
    #[error("handed back row {row} of product {handle:?} twice: a row may come back once")]
    DuplicatedRow {
        /// The product that the row belongs to.
        handle: String,
        /// The row.
        row: u64,
    },

    /// A row came back that was not handed out with this batch.
    #[error(
        "handed back row {row} in product {handle:?}, which is not in this batch: \
         rows may be left out, but not added"
    )]
    InventedRow {
        /// The product that it came back in.
        handle: String,
        /// The row.
        row: u64,
    },

    /// One product came back with the rows of two.
    #[error(
        "handed back row {row} of product {handle:?} in product {other:?}: \
         a variant stays with its product"
    )]
    MixedProducts {
        /// The product that the row belongs to.
        handle: String,
        /// The row.
        row: u64,
        /// The product that it came back in.
        other: String,
    },

    /// One product came back as two.
    #[error(
        "handed back product {handle:?} in several pieces, the second with row {row}: \
         the variants of a product stay together"
    )]
    SplitProduct {
        /// The product.
        handle: String,
        /// The first row of its second piece.
        row: u64,
    },

    /// A product came back without a handle, so that its rows would become the
    /// previous product's.
    #[error(
        "handed back product {handle:?}, with row {row}, with an empty handle: \
         a product needs its handle"
    )]
    EmptyHandle {
        /// The product's handle before.
        handle: String,
        /// The product's first row.
        row: u64,
    },
}

/// A handle for a message. A plugin may hand back one of any length.
pub(super) fn shorten(handle: &str) -> String {
    const LONGEST: usize = 60;
    match handle.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &handle[..end]),
        None => handle.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_pinned() {
        let handle = || "mug".to_owned();
        for (fault, message) in [
            (
                RowFault::DuplicatedRow {
                    handle: handle(),
                    row: 7,
                },
                "handed back row 7 of product \"mug\" twice: a row may come back once",
            ),
            (
                RowFault::InventedRow {
                    handle: handle(),
                    row: 7,
                },
                "handed back row 7 in product \"mug\", which is not in this batch: \
                 rows may be left out, but not added",
            ),
            (
                RowFault::MixedProducts {
                    handle: handle(),
                    row: 7,
                    other: "lamp".to_owned(),
                },
                "handed back row 7 of product \"mug\" in product \"lamp\": \
                 a variant stays with its product",
            ),
            (
                RowFault::SplitProduct {
                    handle: handle(),
                    row: 7,
                },
                "handed back product \"mug\" in several pieces, the second with row 7: \
                 the variants of a product stay together",
            ),
            (
                RowFault::EmptyHandle {
                    handle: handle(),
                    row: 7,
                },
                "handed back product \"mug\", with row 7, with an empty handle: \
                 a product needs its handle",
            ),
        ] {
            assert_eq!(fault.to_string(), message);
        }
    }

    #[test]
    fn a_long_handle_is_cut_between_characters() {
        assert_eq!(shorten("mug"), "mug");
        let cut = shorten(&"ü".repeat(1_000));
        assert_eq!(cut.chars().count(), 61);
        assert!(cut.ends_with('…'));
    }

    #[test]
    fn control_characters_in_a_handle_do_not_reach_the_terminal() {
        let fault = RowFault::InventedRow {
            handle: "\u{1b}[2J\n".to_owned(),
            row: 1,
        };
        assert!(!fault.to_string().contains(['\u{1b}', '\n']));
    }
}
