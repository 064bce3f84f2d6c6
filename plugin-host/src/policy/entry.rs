//! What a policy holds of one plugin.

use crate::binding::Binding;
use crate::candidate::Candidate;
use crate::error::ErrorKind;
use crate::grant_error::GrantError;
use crate::grants::{Directory, Grants};
use crate::policy_error::PolicyError;
use crate::release::Release;
use plugin_host_manifest::Capabilities;
use semver::Version;
use std::path::Path;

/// What a [`Policy`](crate::Policy) holds of one plugin: what is granted, for
/// which plugin that holds, and whether any other is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyEntry {
    pub(super) binding: Binding,
    /// The version of the plugin that it is bound to; held to where it is locked.
    pub(super) version: Option<Version>,
    pub(super) locked: bool,
    pub(super) asked: Capabilities,
    /// Variables that are inherited have no value in it.
    pub(super) granted: Grants,
}

impl PolicyEntry {
    pub(super) fn new(candidate: &Candidate, mut granted: Grants) -> Self {
        for name in &granted.inherited {
            granted.environment.insert(name.clone(), String::new());
        }
        Self {
            locked: false,
            asked: candidate.asked().clone(),
            granted,
            ..Self::lock(candidate.release())
        }
    }

    /// A lock, and no grant beside it.
    pub(super) fn lock(release: Release) -> Self {
        Self {
            binding: Binding::Digest(release.digest),
            version: release.version,
            locked: true,
            asked: Capabilities::none(),
            granted: Grants::none(),
        }
    }

    /// What the grant, and the lock where there is one, is bound to.
    #[must_use]
    pub fn binding(&self) -> &Binding {
        &self.binding
    }

    /// The version of the plugin that it is bound to, where that is known.
    #[must_use]
    pub fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// Whether every other release of the plugin is refused.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.locked
    }

    /// What the plugin asked for when this was granted.
    #[must_use]
    pub fn asked(&self) -> &Capabilities {
        &self.asked
    }

    /// What is granted, as it would be now, and whatever plugin is there.
    ///
    /// It is for an application that grants the same to a plugin's next version:
    /// what that one asks for may be less.
    ///
    /// # Errors
    ///
    /// When a variable is to be inherited that the application does not have.
    pub fn grants(&self) -> Result<Grants, GrantError> {
        self.granted.clone().inherited_anew()
    }

    /// Why nothing is granted to `candidate`, where it is another plugin than the
    /// one that was granted something, or asks for something else.
    pub(super) fn outdated_by(&self, candidate: &Candidate) -> Option<ErrorKind> {
        let (then, now) = (&self.asked, candidate.asked());
        let same = self.binding.holds(candidate.digest()) && then == now;
        if same || self.is_lock_alone() {
            return None;
        }
        Some(ErrorKind::GrantOutdated {
            binding: self.binding,
            found: *candidate.digest(),
            added: now.beyond(then),
            removed: then.beyond(now),
        })
    }

    /// Why `candidate` is refused, where it is another release than is locked.
    pub(super) fn locks_out(&self, candidate: &Candidate) -> Option<ErrorKind> {
        let (locked, found) = (self.release(), candidate.release());
        (self.locked && locked != found).then(|| ErrorKind::LockOutdated {
            locked: Box::new(locked),
            found: Box::new(found),
        })
    }

    /// The release that it is bound to.
    pub(super) fn release(&self) -> Release {
        let Binding::Digest(digest) = self.binding;
        let version = self.version.clone();
        Release { version, digest }
    }

    /// Whether it says which release may run, and nothing of grants.
    pub(super) fn is_lock_alone(&self) -> bool {
        self.locked && self.asked.is_empty() && self.granted == Grants::none()
    }

    /// Makes the paths of directories absolute, seen from `folder`, and refuses
    /// those that are no text then.
    pub(super) fn seen_from(&mut self, folder: &Path) -> Result<(), PolicyError> {
        for Directory { path, .. } in self.granted.directories.values_mut() {
            let refused = |path: &Path, reason: String| PolicyError::Directory {
                path: path.to_owned(),
                reason,
            };
            if path.as_os_str().is_empty() {
                return Err(refused(path, "its path is empty".to_owned()));
            }
            *path = std::path::absolute(folder.join(&path))
                .map_err(|error| refused(path, error.to_string()))?;
            if path.to_str().is_none() {
                return Err(refused(path, "its path is no Unicode".to_owned()));
            }
        }
        Ok(())
    }
}
