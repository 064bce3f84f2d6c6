//! What a grant is bound to.

use crate::digest::Digest;
use std::fmt;

/// What a grant is bound to: it holds for no other plugin, though that may have
/// the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Binding {
    /// The component's very bytes.
    Digest(Digest),
}

impl Binding {
    /// Whether a component of this digest is what the grant is bound to.
    #[must_use]
    pub fn holds(&self, digest: &Digest) -> bool {
        match self {
            Self::Digest(bound) => bound == digest,
        }
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digest(digest) => digest.fmt(f),
        }
    }
}
