//! Loads one candidate: judges it, and has it compiled, linked and started.

use crate::blueprint::InstanceContext;
use crate::candidate::Candidate;
use crate::compat::Reason;
use crate::error::{BoxError, Error, ErrorKind};
use crate::grants::Grants;
use crate::judge::Judge;
use crate::judged::{Judged, span};
use crate::lazy::Lazy;
use crate::lifetime::Lifetime;
use crate::limits::Limits;
use crate::load_canceller::LoadCanceller;
use crate::plugin::Plugin;
use crate::pool::Pool;
use crate::prepared::Prepared;
use crate::runtime::Runtime;
use crate::starts::WhenNeeded;
use crate::world::World;
use plugin_host_manifest::{Capabilities, Capability};
use std::sync::Arc;

/// Loads one candidate; made by [`Host::plugin`](crate::Host::plugin).
#[derive(Clone)]
#[must_use = "nothing is loaded before `load` or `prepare`"]
pub struct Loader {
    judge: Judge,
    runtime: Runtime,
    lifetime: Lifetime,
    measure_time: bool,
    canceller: Option<LoadCanceller>,
}

impl Loader {
    pub(crate) fn new(judge: Judge, runtime: Runtime) -> Self {
        Self {
            judge,
            runtime,
            lifetime: Lifetime::default(),
            measure_time: false,
            canceller: None,
        }
    }

    /// What is loaded.
    #[must_use]
    pub fn candidate(&self) -> &Candidate {
        self.judge.candidate()
    }

    /// Sets what the plugin may use, in place of the host's limits.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.judge.rules.limits = limits;
        self
    }

    /// Sets what the plugin is allowed, in place of what the host's policy grants
    /// it. Loading refuses what its manifest does not ask for. A lock in the policy
    /// holds nevertheless.
    pub fn grants(mut self, grants: Grants) -> Self {
        self.judge = self.judge.grants(grants);
        self
    }

    /// Grants the plugin its settings, in place of those among its grants and
    /// beside whatever else these hold: short for [`Grants::grant_config`].
    pub fn config<K: Into<String>, V: Into<String>>(
        mut self,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.judge = self.judge.config(entries);
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

    /// What says whether the candidate may run, before anything is compiled.
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// What the plugin is granted: short for `loader.judge().granted()`.
    ///
    /// # Errors
    ///
    /// As [`Judge::granted`].
    pub fn granted(&self) -> Result<Capabilities, Error> {
        self.judge.granted()
    }

    /// What the plugin asks for and is not granted: short for
    /// `loader.judge().not_granted()`.
    ///
    /// # Errors
    ///
    /// As [`Judge::granted`].
    pub fn not_granted(&self) -> Result<Vec<Capability>, Error> {
        self.judge.not_granted()
    }

    /// Every reason why the candidate does not fit the world `W`: short for
    /// `loader.judge().reasons::<W>()`, see [`Judge::reasons`].
    #[must_use]
    pub fn reasons<W: World>(&self) -> Vec<Reason> {
        self.judge.reasons::<W>()
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
        let _span = span::<W>(self.candidate());
        let start = |prepared: Prepared<W>| prepared.start();
        self.judged::<W>()?.load(make_state, start)
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
        let _span = span::<W>(self.candidate());
        self.judged::<W>()?.load(make_state, Ok)
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

    /// Judges the candidate now, and makes a pool of at most `size` instances of it, at
    /// least one, with the default of the application's state.
    ///
    /// It is compiled when an instance is first needed, as with [`lazy`](Self::lazy), or
    /// by [`Pool::prepare`]:
    /// `loader.pool::<ShopPlugin>(8)?.prepare()`.
    ///
    /// # Errors
    ///
    /// As [`lazy`](Self::lazy).
    pub fn pool<W: World<State: Default>>(self, size: usize) -> Result<Pool<Plugin<W>>, Error> {
        self.pool_with(size, |_| Ok(W::State::default()))
    }

    /// Makes a pool as [`pool`](Self::pool) does, of instances with a state that
    /// `make_state` makes, as [`load_with`](Self::load_with) says.
    ///
    /// # Errors
    ///
    /// As [`lazy`](Self::lazy).
    pub fn pool_with<W: World>(
        self,
        size: usize,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
    ) -> Result<Pool<Plugin<W>>, Error> {
        let id = self.candidate().id().clone();
        let from = self.when_needed::<W, _>(make_state, |plugin| plugin)?;
        Ok(Pool::of_plugin(id, from, size))
    }

    /// Judges the candidate now; what starts its instances compiles it.
    pub(crate) fn when_needed<W: World, P>(
        self,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
        wrap: impl Fn(Plugin<W>) -> P + Send + Sync + 'static,
    ) -> Result<WhenNeeded<W, P>, Error> {
        let judged = self.judged::<W>()?;
        let make_state = Arc::new(make_state);
        let load = move || {
            let _span = span::<W>(&judged.candidate);
            let make_state = Arc::clone(&make_state);
            judged.load(move |context| make_state(context), Ok)
        };
        Ok(WhenNeeded::new(load, wrap))
    }

    /// The same as [`lazy_with`](Self::lazy_with), for a plugin that is wrapped in
    /// something.
    pub(crate) fn lazy_as<W: World, P>(
        self,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
        wrap: impl Fn(Plugin<W>) -> P + Send + 'static,
    ) -> Result<Lazy<P>, Error> {
        let judged = self.judged::<W>()?;
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
    fn judged<W: World>(self) -> Result<Judged, Error> {
        let Judge {
            candidate, rules, ..
        } = &self.judge;
        if rules.limits.meters() && !self.runtime.engine.metered {
            return Err(candidate.error(ErrorKind::FuelNotMetered));
        }
        let grants = self.judge.grants_of::<W>()?;
        Ok(Judged {
            candidate: candidate.clone(),
            limits: rules.limits.clone(),
            progress: rules.progress.clone(),
            runtime: self.runtime,
            grants,
            lifetime: self.lifetime,
            measure_time: self.measure_time,
            canceller: self.canceller,
        })
    }
}
