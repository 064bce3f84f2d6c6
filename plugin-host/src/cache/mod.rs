//! Keeps compiled plugins on disk, so that they load without the compiler the
//! next time. Never runs code that this library did not compile itself.
//!
//! No index is kept: what a folder holds is what its entries' names, sizes and
//! times say, so there is nothing that a killed process could leave wrong.

mod claim;
mod engine_cache;
mod entry;
mod error;
mod eviction;
mod folder;
mod key;

pub(crate) use engine_cache::EngineCache;
pub use error::CacheError;

use crate::limits::MIB;
use folder::Folder;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A folder of compiled plugins, for [`HostBuilder::cache`].
///
/// A plugin that was compiled once loads without the compiler the next time, in
/// this process or another. Any number of processes may share a folder: while
/// one compiles a plugin, the others wait for it, and each may be killed at any
/// moment.
///
/// ```
/// use plugin_host::{Cache, Host, MIB};
///
/// # let parent = tempfile::tempdir().expect("a folder");
/// # let folder = parent.path().join("compiled");
/// let cache = Cache::folder(folder).limit(100 * MIB);
/// let host = Host::builder().cache(cache.clone()).build()?;
/// // Where the folder cannot be used, plugins load without it.
/// assert!(cache.problem().is_none());
///
/// let usage = cache.usage()?;
/// assert_eq!((usage.entries, usage.bytes), (0, 0));
/// cache.clear()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is trusted
///
/// Compiled code runs with all rights of the process, so it is read only from
/// where nobody but the user can have put it: a folder, no link to one, that
/// belongs to the user whom the process runs as and gives no rights to anybody
/// else; in it, files that are the user's, that nobody may write to, and that have
/// no second name. What is read is held against the engine, its settings, the
/// component's digest, and the code's own digest, which tells damage. It tells no
/// forgery: whoever can write to that folder as this user can run code as this user
/// anyway. Do not put such a folder where others make copies of it, and bring no
/// entries along from elsewhere.
///
/// On Linux the file that was checked is then mapped, so that processes share it.
/// This library never writes to an entry again: it puts another file in its place.
/// Whoever changes one otherwise, as this user, changes the code that runs.
///
/// The folders above it are not looked at: name one below folders that only the
/// user, or root, can write to. Neither are access control lists that the mode
/// does not show, as on macOS. On Windows, nothing of owners and rights is checked:
/// name a folder that only the user can write to.
///
/// [`HostBuilder::cache`]: crate::HostBuilder::cache
#[derive(Clone, Debug)]
#[must_use = "a cache is used by the host that is given it"]
pub struct Cache {
    place: Result<PathBuf, CacheError>,
    limit: u64,
    /// The first thing that kept it from being used.
    problem: Arc<OnceLock<CacheError>>,
}

/// What a [`Cache`] holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheUsage {
    /// How many compiled plugins. One plugin is there several times where hosts
    /// of other settings, or other versions of the engine, compiled it too.
    pub entries: u64,
    /// How many bytes their files have.
    pub bytes: u64,
}

impl Cache {
    /// The folder `plugin-host` in that of an application, among the user's caches:
    /// on Linux `$XDG_CACHE_HOME/<application>/plugin-host`, where the variable is
    /// not set in `~/.cache`; on macOS in `~/Library/Caches`.
    ///
    /// On Windows such a folder cannot be told to be the user's alone: there this
    /// is a cache with a [`problem`](Self::problem), and [`folder`](Self::folder)
    /// names one that is.
    pub fn user(application: &str) -> Self {
        Self::at(user_folder(application))
    }

    /// This folder, which is made where it is not there. Nothing else may be in it.
    pub fn folder(path: impl AsRef<Path>) -> Self {
        // The same one after a change of directory, and without a slash at its end,
        // by which a link would be followed.
        let path = path.as_ref();
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Self::at(Ok(path.components().collect()))
    }

    fn at(place: Result<PathBuf, CacheError>) -> Self {
        Self {
            place,
            limit: 512 * MIB,
            problem: Arc::default(),
        }
    }

    /// Sets how many bytes it may hold, 512 MiB by default. What was used the
    /// longest ago goes first.
    ///
    /// For a moment, each process that writes may have one entry more.
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.place.as_deref().ok()
    }

    /// Why the cache, or a clone of it, was not used, or not written to: the first
    /// such reason since it was made. Plugins load nevertheless, and are compiled.
    ///
    /// A folder that cannot be used at all is known once the host is built. The
    /// same reason is also an event of `tracing`, at level warn.
    #[must_use]
    pub fn problem(&self) -> Option<&CacheError> {
        self.problem.get()
    }

    /// What it holds at this moment.
    ///
    /// # Errors
    ///
    /// When the folder cannot be used.
    pub fn usage(&self) -> Result<CacheUsage, CacheError> {
        let entries = self.open()?.entries()?;
        Ok(CacheUsage {
            entries: entries.len() as u64,
            bytes: entries.iter().map(|entry| entry.size).sum(),
        })
    }

    /// Removes every entry. Plugins that are loaded stay so.
    ///
    /// # Errors
    ///
    /// When the folder cannot be used, or an entry not be removed.
    pub fn clear(&self) -> Result<(), CacheError> {
        let folder = self.open()?;
        let entries = folder.entries()?.into_iter();
        let removed = entries.map(|entry| folder.remove(&entry.key));
        // One that cannot be removed keeps no other.
        let removed = removed.fold(Ok(()), Result::and);
        removed.and(folder.sweep())
    }

    fn open(&self) -> Result<Folder, CacheError> {
        Folder::open(self.place.as_deref().map_err(CacheError::clone)?)
    }

    /// Tells why it is not used, the first time.
    fn tell(&self, problem: CacheError) {
        let warning = problem.to_string();
        if self.problem.set(problem).is_ok() {
            tracing::warn!(
                target: "plugin_host",
                "plugins are compiled anew at each load: {warning}"
            );
        }
    }
}

fn user_folder(application: &str) -> Result<PathBuf, CacheError> {
    let mut parts = Path::new(application).components();
    let one = (parts.next(), parts.next());
    if !matches!(one, (Some(Component::Normal(name)), None) if name == application) {
        return Err(CacheError::Name(application.to_owned()));
    }
    #[cfg(unix)]
    {
        use etcetera::base_strategy::{BaseStrategy, choose_native_strategy};
        let caches = choose_native_strategy().map_err(|_| CacheError::NoUserFolder)?;
        Ok(caches.cache_dir().join(application).join("plugin-host"))
    }
    #[cfg(not(unix))]
    Err(CacheError::NoUserFolder)
}
