//! Loads one candidate: judges it, and has it compiled, linked and started.

use crate::blueprint::InstanceContext;
use crate::candidate::Candidate;
use crate::compat::{HostWorld, Reason, provides, reasons, strict_reasons};
use crate::error::{BoxError, Error, ErrorKind};
use crate::grants::Grants;
use crate::judged::{Judged, span};
use crate::lazy::Lazy;
use crate::lifetime::Lifetime;
use crate::limits::Limits;
use crate::load_canceller::LoadCanceller;
use crate::offer::offer;
use crate::plugin::Plugin;
use crate::policy::PolicyEntry;
use crate::prepared::Prepared;
use crate::terms::Terms;
use crate::world::World;
use plugin_host_manifest::{Capabilities, Capability};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Loads one candidate; made by [`Host::plugin`](crate::Host::plugin).
#[derive(Clone)]
#[must_use = "nothing is loaded before `load` or `prepare`"]
pub struct Loader {
    candidate: Candidate,
    terms: Terms,
    /// Takes the place of what the policy grants.
    grants: Option<Grants>,
    /// Takes the place of the settings among the grants.
    config: Option<BTreeMap<String, String>>,
    lifetime: Lifetime,
    measure_time: bool,
    canceller: Option<LoadCanceller>,
}

impl Loader {
    pub(crate) fn new(candidate: Candidate, terms: Terms) -> Self {
        Self {
            candidate,
            terms,
            grants: None,
            config: None,
            lifetime: Lifetime::default(),
            measure_time: false,
            canceller: None,
        }
    }

    /// What is loaded.
    #[must_use]
    pub fn candidate(&self) -> &Candidate {
        &self.candidate
    }

    /// Sets what the plugin may use, in place of the host's limits.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.terms.limits = limits;
        self
    }

    /// Sets what the plugin is allowed, in place of what the host's policy grants
    /// it. Loading refuses what its manifest does not ask for. A lock in the policy
    /// holds nevertheless.
    pub fn grants(mut self, grants: Grants) -> Self {
        self.grants = Some(grants);
        self
    }

    /// Grants the plugin its settings, in place of those among its grants and
    /// beside whatever else these hold: short for [`Grants::grant_config`].
    pub fn config<K: Into<String>, V: Into<String>>(
        mut self,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let entries = entries.into_iter();
        self.config = Some(entries.map(|(k, v)| (k.into(), v.into())).collect());
        self
    }

    /// Sets how long an instance lives.
    pub fn lifetime(mut self, lifetime: Lifetime) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Measures the wall time of each call, which costs about 50 ns a call.
    pub fn measure_time(mut self) -> Self {
        self.measure_time = true;
        self
    }

    /// Has `canceller` end the load: it returns at once, also while the plugin is
    /// compiled or waits for that. Costs the load a thread of its own.
    pub fn cancel_with(mut self, canceller: &LoadCanceller) -> Self {
        self.canceller = Some(canceller.clone());
        self
    }

    /// What the plugin is granted, by whoever says so. It may be less than it asks
    /// for, and more is refused when it is loaded.
    ///
    /// # Errors
    ///
    /// When the host's policy locks another release of the plugin, or the host
    /// wants it [locked](crate::HostBuilder::locked) and it is not; when the
    /// policy grants something to another plugin of this id, or a variable that
    /// cannot be inherited: see [`Policy::grants`](crate::Policy::grants).
    pub fn granted(&self) -> Result<Capabilities, Error> {
        Ok(self.allowed()?.capabilities())
    }

    /// What the plugin asks for and is not granted. It still loads, and gets
    /// nothing there, but by a host that is
    /// [strict](crate::HostBuilder::strict).
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
            application: self.terms.application.as_ref(),
            optional: W::OPTIONAL,
            surface: &offer,
        };
        let plugin = &self.candidate.component().surface;
        let mut reasons = reasons(&host, plugin, self.candidate.manifest());
        if self.terms.strict {
            let granted = self.granted().unwrap_or_default();
            let imports = plugin.imports.keys().map(String::as_str);
            let imports = imports.filter(|import| provides(&offer, import));
            reasons.extend(strict_reasons(&granted, self.candidate.asked(), imports));
        }
        reasons
    }

    /// Judges, compiles and links the candidate, and starts an instance with the
    /// default of the application's state.
    ///
    /// Plugins of one host that have the same bytes share their code: while one
    /// of them is loaded, the next is neither compiled nor read from the cache.
    /// All else is done each time. Its file must be as it was when it was judged, and
    /// is read again where the system says that it changed.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Self::prepare), and as [`Prepared::start`].
    pub fn load<W: World<State: Default>>(self) -> Result<Plugin<W>, Error> {
        self.load_with(|_| Ok(W::State::default()))
    }

    /// Loads the candidate as [`load`](Self::load) does, with a state that
    /// `make_state` makes.
    ///
    /// It makes one for each instance: the first one, one that replaces a failed
    /// one, and one for each call if the lifetime says so. The state dies with its
    /// instance; what is to live longer is shared through `Arc`.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn load_with<W: World>(
        self,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
    ) -> Result<Plugin<W>, Error> {
        let _span = span::<W>(&self.candidate);
        let start = |prepared: Prepared<W>| prepared.start();
        self.judge::<W>()?.load(make_state, start)
    }

    /// Judges, compiles and links the candidate, and starts nothing yet.
    ///
    /// # Errors
    ///
    /// When the candidate does not fit the world or the application, its file
    /// changed since it was discovered, its code is refused by the engine, its
    /// limits name fuel and the host does not meter, it is granted what it does
    /// not ask for, what the host's policy grants it does not hold any more, it
    /// is not the release that is locked, the host has as many components loaded
    /// as it [may](crate::HostLimits::components), or somebody cancelled.
    pub fn prepare<W: World<State: Default>>(self) -> Result<Prepared<W>, Error> {
        self.prepare_with(|_| Ok(W::State::default()))
    }

    /// Prepares the candidate as [`prepare`](Self::prepare) does, for instances
    /// with a state that `make_state` makes, as [`load_with`](Self::load_with)
    /// says.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Self::prepare).
    pub fn prepare_with<W: World>(
        self,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
    ) -> Result<Prepared<W>, Error> {
        let _span = span::<W>(&self.candidate);
        self.judge::<W>()?.load(make_state, Ok)
    }

    /// Judges the candidate now, and compiles, links and starts it when it is
    /// first needed.
    ///
    /// What it is granted, and which verdict and lock hold, is as of now. Its file
    /// is read then, and refused where it is not the one that was judged.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Self::prepare), but for what reading and compiling it would
    /// show: [`Lazy::get`] tells that.
    pub fn lazy<W: World<State: Default>>(self) -> Result<Lazy<Plugin<W>>, Error> {
        self.lazy_with(|_| Ok(W::State::default()))
    }

    /// Judges the candidate as [`lazy`](Self::lazy) does, for instances with a
    /// state that `make_state` makes, as [`load_with`](Self::load_with) says.
    ///
    /// # Errors
    ///
    /// As [`lazy`](Self::lazy).
    pub fn lazy_with<W: World>(
        self,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
    ) -> Result<Lazy<Plugin<W>>, Error> {
        self.lazy_as(make_state, |plugin| plugin)
    }

    /// The same, for a plugin that is wrapped in something.
    pub(crate) fn lazy_as<W: World, P>(
        self,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
        wrap: impl Fn(Plugin<W>) -> P + Send + 'static,
    ) -> Result<Lazy<P>, Error> {
        let judged = self.judge::<W>()?;
        let make_state = Arc::new(make_state);
        let id = judged.candidate.id().clone();
        Ok(Lazy::new(id, move || {
            let _span = span::<W>(&judged.candidate);
            let make_state = Arc::clone(&make_state);
            let start = |prepared: Prepared<W>| prepared.start();
            let loaded = judged
                .clone()
                .load(move |context| make_state(context), start);
            loaded.map(&wrap)
        }))
    }

    /// Everything that can be told without compiling it.
    fn judge<W: World>(self) -> Result<Judged, Error> {
        if self.terms.limits.meters() && !self.terms.engine.metered {
            return Err(self.candidate.error(ErrorKind::FuelNotMetered));
        }
        let grants = self.allowed()?;
        let beyond = grants.beyond(self.candidate.asked());
        if !beyond.is_empty() {
            return Err(self.candidate.error(ErrorKind::NotAsked(beyond)));
        }
        let reasons = self.reasons::<W>();
        if !reasons.is_empty() {
            return Err(self.candidate.error(ErrorKind::Unfit(reasons)));
        }
        Ok(Judged {
            candidate: self.candidate,
            terms: self.terms,
            grants,
            lifetime: self.lifetime,
            measure_time: self.measure_time,
            canceller: self.canceller,
        })
    }

    /// What the plugin is allowed, whoever says so, where it may run at all.
    fn allowed(&self) -> Result<Grants, Error> {
        self.check_lock()?;
        let grants = match (&self.grants, &self.terms.policy) {
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
        let entry = match &self.terms.policy {
            Some(policy) => {
                policy.check_lock(&self.candidate)?;
                policy.get(id)
            }
            None => None,
        };
        if self.terms.locked && !entry.is_some_and(PolicyEntry::is_locked) {
            return Err(self.candidate.error(ErrorKind::NotLocked));
        }
        Ok(())
    }
}
