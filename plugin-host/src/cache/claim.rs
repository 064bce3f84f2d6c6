//! The right to compile one component and to write its entry, which one thread
//! among all processes has at a time.

use super::entry;
use super::error::CacheError;
use super::folder::Folder;
use super::key::Key;
use std::fs::{File, TryLockError};
use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

/// How long a thread waits for one that compiles the same component. Who waits
/// longer compiles by itself: the other process may have been stopped.
const PATIENCE: Duration = Duration::from_secs(30);

/// Held while a component is compiled, and its entry written.
///
/// The lock goes with the process that holds it, however that ends.
#[must_use]
pub(super) struct Claim<'a> {
    folder: &'a Folder,
    key: Key,
    /// Locked until it is closed.
    _lock: File,
}

impl<'a> Claim<'a> {
    /// Waits for the right while it is `wanted`, and takes it.
    pub(super) fn wait(
        folder: &'a Folder,
        key: &Key,
        wanted: impl Fn() -> bool,
    ) -> Result<Self, CacheError> {
        Self::wait_for(folder, key, PATIENCE, wanted)
    }

    fn wait_for(
        folder: &'a Folder,
        key: &Key,
        patience: Duration,
        wanted: impl Fn() -> bool,
    ) -> Result<Self, CacheError> {
        let begun = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(claim) = Self::try_now(folder, key)? {
                return Ok(claim);
            }
            if begun.elapsed() >= patience || !wanted() {
                let seconds = begun.elapsed().as_secs();
                return Err(CacheError::Busy { seconds });
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(16));
        }
    }

    /// Takes the right if nobody has it.
    pub(super) fn try_now(folder: &'a Folder, key: &Key) -> Result<Option<Self>, CacheError> {
        let name = key.lock();
        let fail = |error| folder.error("lock", &name, error);
        let lock = folder.open_lock(&name).map_err(fail)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self {
                folder,
                key: *key,
                _lock: lock,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(fail(error)),
        }
    }

    /// Writes the entry, and puts it in its place once all of it is on the disk.
    /// Where that fails, nothing is left of it.
    pub(super) fn publish(self, code: &[u8]) -> Result<(), CacheError> {
        let unfinished = self.key.unfinished();
        // Somebody who was killed may have left it.
        self.discard()?;
        let write = || {
            let mut file = self.folder.make_entry(&unfinished)?;
            file.write_all(code)?;
            file.write_all(&entry::trailer(&self.key, code))?;
            file.sync_data()
        };
        let written = write().and_then(|()| self.folder.rename(&unfinished, &self.key.file()));
        written.map_err(|error| {
            let _ = self.discard();
            self.folder.error("write", &unfinished, error)
        })
    }

    /// Removes what somebody who was killed left of the entry.
    pub(super) fn discard(&self) -> Result<(), CacheError> {
        self.folder.remove_file(&self.key.unfinished())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    fn key(component: &[u8]) -> Key {
        Key {
            component: Digest::of(component),
            engine: Digest::of(b"engine"),
        }
    }

    #[test]
    fn who_waits_too_long_is_told_so() {
        let parent = tempfile::tempdir().expect("a folder");
        let folder = Folder::open(&parent.path().join("cache")).expect("it is made");
        let claim = Claim::wait(&folder, &key(b"abc"), || true).expect("nobody else is there");
        // Another one is free meanwhile.
        let _other = Claim::wait(&folder, &key(b""), || true).expect("nobody else is there");
        let busy = Claim::wait_for(&folder, &key(b"abc"), Duration::from_millis(1), || true);
        assert_eq!(
            busy.err().expect("it is taken").to_string(),
            "something else has been compiling for 0 seconds: \
             end that process, if it was stopped"
        );
        // Nobody waits for what is not wanted any more.
        let begun = Instant::now();
        assert!(Claim::wait(&folder, &key(b"abc"), || false).is_err());
        assert!(begun.elapsed() < PATIENCE);
        drop(claim);
        let _claim = Claim::wait(&folder, &key(b"abc"), || true).expect("it is free again");
    }
}
