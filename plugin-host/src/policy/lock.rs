//! Keeps which release of a plugin may run. Never moves a lock by itself.

use super::{Policy, PolicyEntry};
use crate::candidate::Candidate;
use crate::error::Error;
use crate::grants::Grants;
use plugin_host_manifest::PluginId;

impl Policy {
    /// Locks a plugin to this release: its version and its bytes. Every other of
    /// its id is then refused before it is compiled, by any host with this
    /// policy.
    ///
    /// What the plugin is granted stays. One digest serves the grant and the
    /// lock: where [`grant`](Self::grant) is called for other bytes, a lock
    /// moves along with it.
    ///
    /// ```
    /// use plugin_host::{Error, Host, Policy};
    /// use std::path::Path;
    ///
    /// fn lock_all(folder: &Path, file: &Path) -> Result<(), Error> {
    ///     let mut policy = Policy::from_file(file)?;
    ///     for candidate in Host::builder().build()?.discover(folder) {
    ///         policy.lock(&candidate?)?;
    ///     }
    ///     policy.save(file)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// When the plugin is granted something that does not hold for this release
    /// ([`ErrorKind::GrantOutdated`](crate::ErrorKind::GrantOutdated)): to lock is not to consent. The policy is
    /// then as it was.
    pub fn lock(&mut self, candidate: &Candidate) -> Result<(), Error> {
        let lock = PolicyEntry::lock(candidate.release());
        let Some(entry) = self.0.get_mut(candidate.id()) else {
            self.0.insert(candidate.id().clone(), lock);
            return Ok(());
        };
        let outdated = entry.outdated_by(candidate);
        *entry = match outdated {
            None => PolicyEntry {
                asked: entry.asked.clone(),
                granted: entry.granted.clone(),
                ..lock
            },
            Some(_) if entry.granted == Grants::none() => lock,
            Some(outdated) => return Err(candidate.error(outdated)),
        };
        Ok(())
    }

    /// Takes a lock away, whatever is granted beside it, and returns what the
    /// policy held.
    pub fn unlock(&mut self, id: &PluginId) -> Option<PolicyEntry> {
        let entry = self.0.get_mut(id).filter(|entry| entry.locked)?;
        let before = entry.clone();
        entry.locked = false;
        if before.is_lock_alone() {
            self.0.remove(id);
        }
        Some(before)
    }

    /// Says whether `candidate` is the release that is locked. Where none is,
    /// every one is.
    ///
    /// # Errors
    ///
    /// When it is another ([`ErrorKind::LockOutdated`](crate::ErrorKind::LockOutdated)).
    pub fn check_lock(&self, candidate: &Candidate) -> Result<(), Error> {
        let entry = self.0.get(candidate.id());
        match entry.and_then(|entry| entry.locks_out(candidate)) {
            None => Ok(()),
            Some(outdated) => Err(candidate.error(outdated)),
        }
    }

    /// Whether `candidate` is a release that is locked.
    pub(crate) fn locks(&self, candidate: &Candidate) -> bool {
        let entry = self.0.get(candidate.id()).filter(|entry| entry.locked);
        entry.is_some_and(|entry| entry.locks_out(candidate).is_none())
    }
}
