//! What became of the input's rows.

/// Counts rows, the header not included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowCounts {
    /// Rows read.
    pub(crate) rows_in: u64,
    /// Rows written.
    pub(crate) rows_out: u64,
    /// Rows left out because a plugin did not hand them back.
    pub(crate) rows_removed: u64,
}

impl RowCounts {
    /// Whether every row read was either written or removed on purpose.
    pub(super) fn balance(self) -> bool {
        self.rows_out.checked_add(self.rows_removed) == Some(self.rows_in)
    }
}
