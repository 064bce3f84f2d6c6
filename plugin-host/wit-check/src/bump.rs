//! Holds the step between two versions against what the changes need. Pure
//! arithmetic.

use crate::Severity;
use semver::Version;
use serde::Serialize;
use std::cmp::Ordering;
use std::fmt;
use wit_parser::PackageName;

/// The step from one version to the next, and whether it covers the changes.
/// Its `Display` is a sentence that ends with what to do.
///
/// Versions on one track (`0.1.x`, `1.x`) link to each other, so a major change
/// needs a new track, whatever else semver may allow below 1.0.0.
///
/// ```
/// use plugin_host_wit_check::{Wit, compare};
///
/// let old = Wit::parse("package acme:shop@0.1.0; interface stock { count: func(); }")?;
/// let new = Wit::parse("package acme:shop@0.1.1; interface stock { }")?;
/// let bump = &compare(&old, &new).bumps[0];
/// assert!(!bump.enough);
/// assert_eq!(
///     bump.to_string(),
///     "major changes, and the version went from 0.1.0 to 0.1.1: make it 0.2.0"
/// );
/// # Ok::<(), plugin_host_wit_check::WitError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Bump {
    /// The version of the last release; none where the package had none.
    pub old: Option<Version>,
    /// The version of today; none where the package has none, or where a
    /// version that was there beside others is gone.
    pub new: Option<Version>,
    /// The most that a change costs; none where nothing changed.
    pub required: Option<Severity>,
    /// Whether the step covers the changes.
    pub enough: bool,
}

impl Bump {
    pub(crate) fn new(
        old: Option<&Version>,
        new: Option<&Version>,
        required: Option<Severity>,
    ) -> Self {
        let enough = match (old, new) {
            (Some(old), Some(new)) => covers(old, new, required),
            (None, None) => required.is_none(),
            (None, Some(_)) => true,
            (Some(_), None) => false,
        };
        Self {
            old: old.cloned(),
            new: new.cloned(),
            required,
            enough,
        }
    }
}

fn covers(old: &Version, new: &Version, required: Option<Severity>) -> bool {
    match (new.cmp_precedence(old), required) {
        (Ordering::Less, _) => false,
        (_, None) => true,
        (Ordering::Equal, Some(_)) => false,
        (Ordering::Greater, Some(required)) => {
            track(old) != track(new) || *new >= next(old, required)
        }
    }
}

fn track(version: &Version) -> Version {
    PackageName::version_compat_track(version)
}

/// The lowest version that covers the changes.
fn next(old: &Version, required: Severity) -> Version {
    match (old.major, old.minor, required) {
        _ if !old.pre.is_empty() => Version::new(old.major, old.minor, old.patch),
        (0, 0, _) => Version::new(0, 0, old.patch + 1),
        (0, minor, Severity::Major) => Version::new(0, minor + 1, 0),
        (0, minor, _) => Version::new(0, minor, old.patch + 1),
        (major, _, Severity::Major) => Version::new(major + 1, 0, 0),
        (major, minor, Severity::Minor) => Version::new(major, minor + 1, 0),
        (major, minor, Severity::Patch) => Version::new(major, minor, old.patch + 1),
    }
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.required {
            Some(required) => write!(f, "{required} changes")?,
            None => write!(f, "no changes")?,
        }
        match (&self.old, &self.new) {
            (None, None) if self.enough => write!(f, ", and the package has no version"),
            (None, None) => write!(
                f,
                ", and the package has no version: give it one, so that plugins built before and \
                 after can be told apart"
            ),
            (None, Some(new)) => write!(f, ", and the package got version {new}"),
            (Some(old), None) => write!(
                f,
                ", and version {old} is gone: keep it for the plugins built for it"
            ),
            (Some(old), Some(new)) => {
                match new.cmp_precedence(old) {
                    Ordering::Less => write!(f, ", and the version went down from {old} to {new}")?,
                    Ordering::Equal if self.required.is_none() => write!(f, " since {old}")?,
                    Ordering::Equal => write!(f, ", and the version is still {old}")?,
                    Ordering::Greater => write!(f, ", and the version went from {old} to {new}")?,
                }
                self.advice(f, old, new)
            }
        }
    }
}

impl Bump {
    fn advice(&self, f: &mut fmt::Formatter<'_>, old: &Version, new: &Version) -> fmt::Result {
        let lowest = match self.required {
            Some(required) => next(old, required),
            None => old.clone(),
        };
        if !self.enough {
            return write!(f, ": make it {lowest}");
        }
        if track(new) == track(old) {
            return Ok(());
        }
        // What plugins built before would have gone on with.
        if track(&lowest) == track(old) {
            return write!(
                f,
                ": that covers them, and cuts off plugins built for {old} where {lowest} would not"
            );
        }
        write!(f, ": plugins built for {old} need it kept beside")
    }
}
