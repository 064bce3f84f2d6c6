//! What a policy holds of one plugin.

use crate::binding::Binding;
use crate::candidate::Candidate;
use crate::error::ErrorKind;
use crate::grant_error::GrantError;
use crate::grants::{Directory, Grants};
use crate::policy_error::PolicyError;
use plugin_host_manifest::Capabilities;
use std::path::Path;

/// What a [`Policy`](crate::Policy) holds of one plugin: what is granted, and
/// for which plugin that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyEntry {
    pub(super) binding: Binding,
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
            binding: Binding::Digest(*candidate.digest()),
            asked: candidate.asked().clone(),
            granted,
        }
    }

    /// What the grant is bound to.
    #[must_use]
    pub fn binding(&self) -> &Binding {
        &self.binding
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
        if self.binding.holds(candidate.digest()) && then == now {
            return None;
        }
        Some(ErrorKind::GrantOutdated {
            binding: self.binding,
            found: *candidate.digest(),
            added: now.beyond(then),
            removed: then.beyond(now),
        })
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
