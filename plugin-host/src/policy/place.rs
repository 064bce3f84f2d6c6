//! Where a grant stands in a policy's text, for the error that it is too much.

use crate::grants::Grants;
use crate::policy_error::PolicyError;
use plugin_host_manifest::Capabilities;
use plugin_host_manifest::internal::Table;

/// A key in the text, before it is read.
pub(super) struct Place {
    key: String,
    line: usize,
}

impl Place {
    pub(super) fn of(table: &Table<'_>, key: &str) -> Self {
        Self {
            key: table.full(key),
            line: table.line_of(key),
        }
    }

    /// Refuses what the key that was just read grants beyond what was asked.
    pub(super) fn check(self, granted: &Grants, asked: &Capabilities) -> Result<(), PolicyError> {
        match granted.beyond(asked).into_iter().next() {
            None => Ok(()),
            Some(capability) => Err(PolicyError::Beyond {
                key: self.key,
                line: self.line,
                capability,
            }),
        }
    }
}
