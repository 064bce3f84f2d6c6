//! Which release of a plugin something is.

use crate::digest::Digest;
use semver::Version;

/// Which release of a plugin something is: the version is what its author says,
/// the digest is what its bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Release {
    /// The version, where its manifest names one.
    pub version: Option<Version>,
    /// The digest of the component's bytes.
    pub digest: Digest,
}
