//! Why what an application ships cannot be used.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why something that is shipped, or its index, cannot be used or written.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShippedError {
    /// The index does not begin as one.
    #[error(
        "the index of what is shipped was not made for this version of the library: \
         use the text that `Precompiler::write` gives"
    )]
    Index,
    /// A line of the index is damaged.
    #[error(
        "line {line} of the index of what is shipped is damaged: \
         use the text that `Precompiler::write` gives"
    )]
    Line {
        /// The number of the line, the first being 1.
        line: usize,
    },
    /// The system refuses to read or write something.
    #[error("cannot {attempt} `{path}`: {error}")]
    Io {
        /// What was tried: `make`, `read` or `write`.
        attempt: &'static str,
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        error: Arc<io::Error>,
    },
    /// A file is not the one that the application was built with.
    #[error("`{path}` is not what this application was built with: install it again")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The engine refuses the code: it is for another version of the engine, other
    /// settings or another machine.
    #[error(
        "`{path}`, compiled for {target}, does not fit: {detail}; compile it with the settings \
         of this host, for this machine, and with this version of wasmtime"
    )]
    Unfit {
        /// The file.
        path: PathBuf,
        /// What it was compiled for.
        target: String,
        /// What the engine says.
        detail: String,
    },
}

impl ShippedError {
    pub(super) fn io(attempt: &'static str, path: &Path, error: io::Error) -> Self {
        Self::Io {
            attempt,
            path: path.to_owned(),
            error: Arc::new(error),
        }
    }
}
