//! How much a change costs those who built against the last release.

use serde::Serialize;
use std::fmt;

/// How much a change costs those who built against the last release, least
/// first.
///
/// ```
/// use plugin_host_wit_check::Severity;
///
/// assert!(Severity::Patch < Severity::Minor && Severity::Minor < Severity::Major);
/// assert_eq!(Severity::Major.to_string(), "major");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// Nobody has to do anything: documentation and annotations.
    Patch,
    /// Plugins that are built go on as they are; something is new, or sources
    /// must be adapted when they are built again.
    Minor,
    /// Some plugin that is built no longer loads, or no longer means what it
    /// meant.
    Major,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}
