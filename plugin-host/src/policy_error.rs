//! Why a policy cannot be read or kept. For whoever edits the file to mend.

use plugin_host_manifest::{Capability, SourceError};
use std::io;
use std::path::PathBuf;

/// Why a policy cannot be read or kept. Lines count from 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The file is larger than a policy may be.
    #[error("it has {size} bytes, and a policy may have {limit}: revoke grants of old plugins")]
    TooLarge {
        /// The size of the file.
        size: u64,
        /// How large it may be.
        limit: u64,
    },
    /// The file is no UTF-8.
    #[error("it is not UTF-8 after byte {valid_up_to}: write it as UTF-8")]
    NotUtf8 {
        /// How many bytes of it are UTF-8.
        valid_up_to: usize,
    },
    /// The text is not TOML, has an unknown key, or a value that its key does
    /// not take.
    #[error("{0}")]
    Source(SourceError),
    /// More is granted to a plugin than it is recorded to have asked for.
    #[error(
        "`{key}` in line {line} grants {capability}, which the plugin did not ask for: take it \
         out; what it asked for stands under `asked`"
    )]
    Beyond {
        /// The key with the tables that it is in.
        key: String,
        /// Where the key is.
        line: usize,
        /// What is granted.
        capability: Capability,
    },
    /// The path of a directory cannot be kept in a text.
    #[error("the directory `{}` cannot be kept in a policy: {reason}", .path.display())]
    Directory {
        /// The directory of the host's.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file cannot be written. What was there before is as it was.
    #[error("cannot save it, and what was there is as it was: {0}")]
    Save(io::Error),
}

impl From<SourceError> for PolicyError {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}
