//! What a comparison found.

use crate::{Bump, Change, Severity};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use std::fmt;

/// What [`compare`](crate::compare) found. Its `Display` is one line for each
/// change, the worst first, and then the verdict.
///
/// Serialised, it is an object of `package`, `changes`, `required`, `bumps`,
/// `covered` and `verdict`.
///
/// ```
/// use plugin_host_wit_check::{Severity, Wit, compare};
///
/// let old = Wit::parse("package acme:shop@1.0.0; interface stock { }")?;
/// let new = Wit::parse("package acme:shop@1.1.0; interface stock { type id = u64; }")?;
/// let report = compare(&old, &new);
/// assert_eq!(report.required(), Some(Severity::Minor));
/// assert!(report.covered());
/// assert_eq!(
///     report.to_string(),
///     "minor acme:shop/stock.id (imports and exports): type added; \
///      a type by itself is asked of nobody\n\
///      acme:shop: minor changes, and the version went from 1.0.0 to 1.1.0"
/// );
/// # Ok::<(), plugin_host_wit_check::WitError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The package, without its version.
    pub package: String,
    /// What is different, the worst first.
    pub changes: Vec<Change>,
    /// One step for each version of the package that the last release had.
    pub bumps: Vec<Bump>,
}

impl Report {
    /// The most that a change costs; none where nothing changed.
    #[must_use]
    pub fn required(&self) -> Option<Severity> {
        self.changes.first().map(|change| change.severity)
    }

    /// Whether every version step covers its changes.
    #[must_use]
    pub fn covered(&self) -> bool {
        self.bumps.iter().all(|bump| bump.enough)
    }

    /// What a process should end with: 0 when the changes are covered, else 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        u8::from(!self.covered())
    }

    /// The last lines: what changed at most, the version step, and what to do.
    #[must_use]
    pub fn verdict(&self) -> String {
        let lines = self
            .bumps
            .iter()
            .map(|bump| format!("{}: {bump}", self.package));
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            writeln!(f, "{change}")?;
        }
        f.write_str(&self.verdict())
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut it = serializer.serialize_struct("Report", 6)?;
        it.serialize_field("package", &self.package)?;
        it.serialize_field("changes", &self.changes)?;
        it.serialize_field("required", &self.required())?;
        it.serialize_field("bumps", &self.bumps)?;
        it.serialize_field("covered", &self.covered())?;
        it.serialize_field("verdict", &self.verdict())?;
        it.end()
    }
}
