//! Why a cache cannot be used. Nothing fails by it: plugins are compiled.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// Why a [`Cache`](crate::Cache) cannot be used, or not be written to.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CacheError {
    /// The name that is given for the application cannot be one of a folder.
    #[error("`{0}` cannot be the name of an application's folder: give a name without separators")]
    Name(String),
    /// This platform has no folder that is known to be the user's alone, or this
    /// user has no home.
    #[error(
        "no folder for caches is known to be this user's alone: name one, with `Cache::folder`"
    )]
    NoUserFolder,
    /// There is something else in the folder's place: a file, or a link.
    #[error("`{path}` is no folder: remove it, or name another folder for the cache")]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The folder belongs to somebody else.
    #[error(
        "`{path}` belongs to user {owner}, and this process runs as user {user}: \
         name another folder for the cache"
    )]
    Owner {
        /// The path.
        path: PathBuf,
        /// The number of the user whose folder it is.
        owner: u32,
        /// The number of the user whom the process runs as.
        user: u32,
    },
    /// Others than the folder's owner may use it.
    #[error(
        "`{path}` is open to others than its owner, with mode {mode:o}: \
         remove it, or name another folder for the cache"
    )]
    Mode {
        /// The path.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The system refuses something: to read, to write, or to lock.
    #[error("cannot {attempt} `{path}`: {error}")]
    Io {
        /// What was tried: `make`, `open`, `read`, `write`, `lock` or `remove`.
        attempt: &'static str,
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        error: Arc<io::Error>,
    },
    /// The compiled code of one plugin is more than the cache may hold.
    #[error(
        "a compiled plugin has {size} bytes, and the cache may hold {limit}: raise `Cache::limit`"
    )]
    TooLarge {
        /// The size of its entry.
        size: u64,
        /// The limit, [`Cache::limit`](crate::Cache::limit).
        limit: u64,
    },
    /// Something else held the plugin's place in the cache for too long: another
    /// process or thread that compiles, or that was stopped while it did.
    #[error(
        "something else has been compiling for {seconds} seconds: \
         end that process, if it was stopped"
    )]
    Busy {
        /// How long it was waited for.
        seconds: u64,
    },
}
