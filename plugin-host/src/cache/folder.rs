//! The folder of a cache, opened. Everything in it is reached through the open
//! folder and by name alone, so that nobody can put another one in its place.

use super::claim::Claim;
use super::entry;
use super::error::CacheError;
use super::eviction::{Entry, to_evict};
use super::key::Key;
use crate::digest::Digest;
use crate::native::Code;
use crate::ownership::{Flaw, Seen, user};
use cap_std::fs::{Dir, OpenOptions};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// An open folder that is the user's alone.
pub(super) struct Folder {
    dir: Dir,
    /// For messages.
    path: PathBuf,
}

impl Folder {
    /// Opens the folder, and makes it where it is not there.
    pub(super) fn open(path: &Path) -> Result<Self, CacheError> {
        let opened = match open_folder(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make_folder(path).map_err(|error| refusal("make", path, error))?;
                open_folder(path)
            }
            opened => opened,
        };
        let opened = opened.and_then(|folder| Ok((folder.metadata()?, folder)));
        let (metadata, file) = opened.map_err(|error| refusal("open", path, error))?;
        let user = user();
        let path = path.to_owned();
        match Seen::of(&metadata).as_folder(user) {
            Ok(()) => Ok(Self {
                dir: Dir::from_std_file(file),
                path,
            }),
            // Names are counted of files alone.
            Err(Flaw::Kind | Flaw::Names(_)) => Err(CacheError::NotAFolder { path }),
            Err(Flaw::Owner(owner)) => Err(CacheError::Owner { path, owner, user }),
            Err(Flaw::Mode(mode)) => Err(CacheError::Mode { path, mode }),
        }
    }

    /// The code of an entry, which counts as used now. One that is not whole, or
    /// not the user's alone, is removed.
    pub(super) fn read(&self, key: &Key) -> Result<Option<Code>, CacheError> {
        let name = key.file();
        let fail = |error| self.error("read", &name, error);
        let mut options = OpenOptions::new();
        options.read(true);
        let opened = self.open_file(&name, &mut options);
        let opened = opened.and_then(|file| Ok((file.metadata()?, file)));
        let (metadata, file) = match opened {
            Ok(opened) => opened,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(fail(error)),
        };
        let flaw = match Seen::of(&metadata).as_file(user()) {
            Err(flaw) => flaw.to_string(),
            Ok(()) => match code(file, metadata.len(), key) {
                Ok(code) => return Ok(Some(code)),
                Err(entry::Flaw::Io(error)) => return Err(fail(error)),
                Err(flaw) => flaw.to_string(),
            },
        };
        let path = self.path.join(&name);
        tracing::warn!(target: "plugin_host", "`{}` is compiled anew: {flaw}", path.display());
        let _ = self.remove(key);
        Ok(None)
    }

    /// Every entry, in no order.
    pub(super) fn entries(&self) -> Result<Vec<Entry>, CacheError> {
        self.list(Key::of_file)
    }

    /// The keys of what a component was compiled to, whatever the engine.
    pub(super) fn keys_of(&self, component: &Digest) -> Result<Vec<Key>, CacheError> {
        let entries = self.entries()?.into_iter().map(|entry| entry.key);
        Ok(entries.filter(|key| key.component == *component).collect())
    }

    /// Removes an entry. Who reads it has it open, and goes on.
    pub(super) fn remove(&self, key: &Key) -> Result<(), CacheError> {
        self.remove_file(&key.file())
    }

    /// Removes what was used the longest ago, until the limit holds.
    pub(super) fn evict(&self, newest: &Key, limit: u64) -> Result<(), CacheError> {
        to_evict(self.entries()?, newest, limit, SystemTime::now())
            .iter()
            .map(|entry| self.remove(&entry.key))
            // One that cannot be removed keeps no other.
            .fold(Ok(()), Result::and)
    }

    /// Removes what writers left who were killed. By their locks, which are gone
    /// with them, and not by age: clocks may be set back.
    pub(super) fn sweep(&self) -> Result<(), CacheError> {
        let left = self.list(Key::of_unfinished)?.into_iter();
        left.map(|left| match Claim::try_now(self, &left.key)? {
            Some(claim) => claim.discard(),
            None => Ok(()),
        })
        .fold(Ok(()), Result::and)
    }

    fn list(&self, key: impl Fn(&str) -> Option<Key>) -> Result<Vec<Entry>, CacheError> {
        let fail = |error| refusal("read", &self.path, error);
        let mut list = Vec::new();
        for file in self.dir.entries().map_err(fail)? {
            let file = file.map_err(fail)?;
            let Some(key) = file.file_name().to_str().and_then(&key) else {
                continue;
            };
            let found = file
                .metadata()
                .and_then(|metadata| Ok((metadata.len(), metadata.modified()?.into_std())));
            match found {
                Ok((size, used)) => list.push(Entry { key, size, used }),
                // Another process removed it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(fail(error)),
            }
        }
        Ok(list)
    }

    /// Opens a file to lock it, and makes it where it is not there.
    pub(super) fn open_lock(&self, name: &str) -> io::Result<File> {
        self.open_to_write(name, OpenOptions::new().create(true), 0o600)
    }

    /// Makes a file, which must not be there, to write to it now and never again.
    pub(super) fn make_entry(&self, name: &str) -> io::Result<File> {
        let file = self.open_to_write(name, OpenOptions::new().create_new(true), 0o400)?;
        // It would be refused whenever it is read, and written each time.
        let seen = Seen::of(&file.metadata()?);
        seen.as_file(user()).map_err(io::Error::other)?;
        Ok(file)
    }

    fn open_to_write(&self, name: &str, options: &mut OpenOptions, _mode: u32) -> io::Result<File> {
        options.write(true);
        #[cfg(unix)]
        cap_std::fs::OpenOptionsExt::mode(options, _mode);
        self.open_file(name, options)
    }

    fn open_file(&self, name: &str, options: &mut OpenOptions) -> io::Result<File> {
        // No link is followed, and a pipe does not wait for somebody at its end.
        #[cfg(unix)]
        cap_std::fs::OpenOptionsExt::custom_flags(options, libc::O_NOFOLLOW | libc::O_NONBLOCK);
        Ok(self.dir.open_with(name, options)?.into_std())
    }

    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.dir.rename(from, &self.dir, to)
    }

    pub(super) fn remove_file(&self, name: &str) -> Result<(), CacheError> {
        match self.dir.remove_file(name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(self.error("remove", name, error))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn error(&self, attempt: &'static str, name: &str, error: io::Error) -> CacheError {
        CacheError::Io {
            attempt,
            path: self.path.join(name),
            error: Arc::new(error),
        }
    }
}

/// The code of an entry, whole, which counts as used now.
fn code(file: File, size: u64, key: &Key) -> Result<Code, entry::Flaw> {
    let (length, digest) = entry::code(&file, size, key)?;
    // Where the folder cannot be written to, no order is kept.
    let _ = file.set_modified(SystemTime::now());
    Code::of_own(file, length, digest)?.ok_or(entry::Flaw::Digest)
}

#[cfg(unix)]
fn open_folder(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = fs::OpenOptions::new();
    options.read(true);
    options.custom_flags(libc::O_DIRECTORY | libc::O_NOFOLLOW);
    options.open(path)
}

#[cfg(not(unix))]
fn open_folder(path: &Path) -> io::Result<File> {
    let dir = Dir::open_ambient_dir(path, cap_std::ambient_authority())?;
    Ok(dir.into_std_file())
}

/// Makes the folder, and those that lead to it, for the user alone.
fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Says it more clearly where there is something else than a folder.
fn refusal(attempt: &'static str, path: &Path, error: io::Error) -> CacheError {
    let path = path.to_owned();
    match fs::symlink_metadata(&path) {
        Ok(there) if !there.is_dir() => CacheError::NotAFolder { path },
        _ => CacheError::Io {
            attempt,
            path,
            error: Arc::new(error),
        },
    }
}
