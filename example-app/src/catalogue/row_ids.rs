//! The names that plugins know rows by.

/// Hands out a new id for each variant's row, unique within one run.
#[derive(Debug, Default)]
pub(super) struct RowIds {
    /// How many were handed out.
    count: u64,
}

impl RowIds {
    /// The next id.
    pub(super) fn next(&mut self) -> u64 {
        self.count = self.count.wrapping_add(1);
        // Multiplication by an odd number never gives two counts the same id,
        // and keeps plugins from reading positions or neighbours out of ids.
        self.count.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_not_positions() {
        let mut ids = RowIds::default();
        let handed_out: HashSet<u64> = (0..10_000).map(|_| ids.next()).collect();
        assert_eq!(handed_out.len(), 10_000);
        assert!(handed_out.iter().all(|id| *id > 10_000));
    }
}
