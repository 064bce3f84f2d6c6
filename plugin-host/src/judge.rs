//! Whether a candidate may run, by its grants, its lock and what it imports and
//! exports. Needs no engine, and compiles nothing.

use crate::candidate::Candidate;
use crate::compat::{HostWorld, Reason, provides, reasons, strict_reasons};
use crate::error::{Error, ErrorKind};
use crate::grants::Grants;
use crate::offer::offer;
use crate::policy::PolicyEntry;
use crate::rules::Rules;
use crate::world::World;
use plugin_host_manifest::{Capabilities, Capability};
use std::collections::BTreeMap;

/// Says whether one candidate may run, and with what; made by
/// [`Discovery::plugin`](crate::Discovery::plugin).
///
/// A [`Loader`](crate::Loader) asks the same one before it compiles anything.
#[derive(Clone, Debug)]
#[must_use = "nothing is judged before `judge` or `reasons`"]
pub struct Judge {
    pub(crate) candidate: Candidate,
    pub(crate) rules: Rules,
    /// Takes the place of what the policy grants.
    grants: Option<Grants>,
    /// Takes the place of the settings among the grants.
    config: Option<BTreeMap<String, String>>,
}

impl Judge {
    pub(crate) fn new(candidate: Candidate, rules: Rules) -> Self {
        Self {
            candidate,
            rules,
            grants: None,
            config: None,
        }
    }

    /// What is judged.
    #[must_use]
    pub fn candidate(&self) -> &Candidate {
        &self.candidate
    }

    /// Judges the plugin as one that is allowed this, in place of what the policy
    /// grants it. A lock in the policy holds nevertheless.
    pub fn grants(mut self, grants: Grants) -> Self {
        self.grants = Some(grants);
        self
    }

    /// Judges the plugin as one that is granted these settings, in place of those
    /// among its grants and beside whatever else these hold.
    pub fn config<K: Into<String>, V: Into<String>>(
        mut self,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let entries = entries.into_iter();
        self.config = Some(entries.map(|(k, v)| (k.into(), v.into())).collect());
        self
    }

    /// What the plugin is granted, by whoever says so. It may be less than it asks
    /// for, and more is refused.
    ///
    /// # Errors
    ///
    /// When the policy locks another release of the plugin, or it must be
    /// [locked](crate::Discovery::locked) and is not; when the policy grants something to
    /// another plugin of this id, or a variable that cannot be inherited: see
    /// [`Policy::grants`](crate::Policy::grants).
    pub fn granted(&self) -> Result<Capabilities, Error> {
        Ok(self.allowed()?.capabilities())
    }

    /// What the plugin asks for and is not granted. It still loads, and gets
    /// nothing there, unless the host is [strict](crate::Discovery::strict).
    ///
    /// # Errors
    ///
    /// As [`granted`](Self::granted).
    pub fn not_granted(&self) -> Result<Vec<Capability>, Error> {
        Ok(self.candidate.asked().beyond(&self.granted()?))
    }

    /// Every reason why the candidate does not fit the world `W`; none where it
    /// fits. Compiles nothing.
    ///
    /// What counts is what the component imports and exports, not what it was
    /// built against: one built against 1.5 of an interface that uses only what
    /// 1.2 has fits 1.2.
    ///
    /// - Names are matched as the engine's linker does: exactly, else with the
    ///   newest version from the same first number that is not zero.
    /// - Functions must be there on the side that is called, and their types be
    ///   the same: fields, cases and flags by name and in order, handles by
    ///   resource and by whether they are lent. What types, aliases and parameters
    ///   are called does not count.
    /// - Types that no function uses do not count, nor does what a plugin exports
    ///   beyond the world, unless it is asynchronous.
    /// - Interfaces of WASI and of this library are judged like the application's
    ///   own.
    ///
    /// At most 100 reasons are kept, and the others counted. A type that differs
    /// and is used by several functions is told of the first.
    ///
    /// Where the policy's grants or lock do not hold for it, it is judged as one that
    /// is granted nothing: [`granted`](Self::granted) tells.
    #[must_use]
    pub fn reasons<W: World>(&self) -> Vec<Reason> {
        let offer = offer::<W>();
        let host = HostWorld {
            application: self.rules.application.as_ref(),
            optional: W::OPTIONAL,
            surface: &offer,
        };
        let plugin = &self.candidate.component().surface;
        let mut reasons = reasons(&host, plugin, self.candidate.manifest());
        if self.rules.strict {
            let granted = self.granted().unwrap_or_default();
            let imports = plugin.imports.keys().map(String::as_str);
            let imports = imports.filter(|import| provides(&offer, import));
            reasons.extend(strict_reasons(&granted, self.candidate.asked(), imports));
        }
        reasons
    }

    /// What the plugin is granted, if it may run as one of the world `W`.
    ///
    /// It is all that a host says before it compiles the plugin, but for limits that
    /// the host's engine cannot hold.
    ///
    /// # Errors
    ///
    /// When the candidate does not fit the world or the application, it is granted
    /// what it does not ask for, and as [`granted`](Self::granted).
    pub fn judge<W: World>(&self) -> Result<Capabilities, Error> {
        Ok(self.grants_of::<W>()?.capabilities())
    }

    pub(crate) fn grants_of<W: World>(&self) -> Result<Grants, Error> {
        let grants = self.allowed()?;
        let beyond = grants.beyond(self.candidate.asked());
        if !beyond.is_empty() {
            return Err(self.candidate.error(ErrorKind::NotAsked(beyond)));
        }
        let reasons = self.reasons::<W>();
        if !reasons.is_empty() {
            return Err(self.candidate.error(ErrorKind::Unfit(reasons)));
        }
        Ok(grants)
    }

    /// What the plugin is allowed, whoever says so, where it may run at all.
    fn allowed(&self) -> Result<Grants, Error> {
        self.check_lock()?;
        let grants = match (&self.grants, &self.rules.policy) {
            (Some(grants), _) => grants.clone(),
            (None, Some(policy)) => policy.grants(&self.candidate)?,
            (None, None) => Grants::none(),
        };
        Ok(match &self.config {
            Some(config) => grants.grant_config(config.clone()),
            None => grants,
        })
    }

    /// Refuses another release than is locked, and one that is to be and is not.
    fn check_lock(&self) -> Result<(), Error> {
        let id = self.candidate.id();
        let entry = match &self.rules.policy {
            Some(policy) => {
                policy.check_lock(&self.candidate)?;
                policy.get(id)
            }
            None => None,
        };
        if self.rules.locked && !entry.is_some_and(PolicyEntry::is_locked) {
            return Err(self.candidate.error(ErrorKind::NotLocked));
        }
        Ok(())
    }
}
