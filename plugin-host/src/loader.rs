//! Loads one candidate: judges it, compiles it, links it and starts it.

use crate::blueprint::{Blueprint, InstanceContext};
use crate::candidate::Candidate;
use crate::compat::{HostWorld, Reason, reasons};
use crate::engine::Engine;
use crate::error::{BoxError, Error, ErrorKind};
use crate::exports::Exports;
use crate::externs::{Externs, read_world};
use crate::grants::Grants;
use crate::lifetime::Lifetime;
use crate::limits::Limits;
use crate::plugin::Plugin;
use crate::prepared::Prepared;
use crate::services;
use crate::world::World;
use semver::Version;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use wasmtime::component::{Component, Linker};

/// Loads one candidate; made by [`Host::plugin`](crate::Host::plugin).
#[derive(Clone)]
#[must_use = "nothing is loaded before `load` or `prepare`"]
pub struct Loader {
    candidate: Candidate,
    engine: Engine,
    application: Option<(String, Version)>,
    limits: Limits,
    grants: Grants,
    lifetime: Lifetime,
    measure_time: bool,
}

impl Loader {
    pub(crate) fn new(
        candidate: Candidate,
        engine: Engine,
        application: Option<(String, Version)>,
        limits: Limits,
    ) -> Self {
        Self {
            candidate,
            engine,
            application,
            limits,
            grants: Grants::none(),
            lifetime: Lifetime::default(),
            measure_time: false,
        }
    }

    /// Sets what the plugin may use, in place of the host's limits.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets what the plugin may reach, in place of nothing.
    pub fn grants(mut self, grants: Grants) -> Self {
        self.grants = grants;
        self
    }

    /// Sets the plugin's settings, which it reads through
    /// `plugin-host:base/config` or `wasi:config/store`: short for
    /// [`Grants::grant_config`].
    pub fn config<K: Into<String>, V: Into<String>>(
        mut self,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.grants = self.grants.grant_config(entries);
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

    /// Every reason why the candidate does not fit the world `W`; none where it
    /// fits. Compiles nothing.
    #[must_use]
    pub fn reasons<W: World>(&self) -> Vec<Reason> {
        let (provides, demands) = externs_of::<W>();
        let host = HostWorld {
            application: self.application.as_ref(),
            provides: &provides,
            demands: &demands,
            serves_wasi: services::serves_wasi,
        };
        let component = self.candidate.component();
        reasons(
            &host,
            &component.imports,
            &component.exports,
            self.candidate.manifest(),
        )
    }

    /// Judges, compiles and links the candidate, and starts an instance.
    ///
    /// `make_state` makes the application's state for each instance: the first
    /// one, one that replaces a failed one, and one for each call where the
    /// lifetime says so. The state dies with its instance; what is to live
    /// longer is shared through `Arc`.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Self::prepare), and as [`Prepared::start`].
    pub fn load<W: World>(
        self,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
    ) -> Result<Plugin<W>, Error> {
        self.prepare::<W>(make_state)?.start()
    }

    /// Judges, compiles and links the candidate, and starts nothing yet.
    ///
    /// # Errors
    ///
    /// When the candidate does not fit the world or the application, its file
    /// changed since it was discovered, its code is refused by the engine, or
    /// its limits name fuel and the host does not meter.
    pub fn prepare<W: World>(
        self,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
    ) -> Result<Prepared<W>, Error> {
        let _span = tracing::info_span!(
            target: "plugin_host", "load", plugin = %self.candidate.id(), world = W::NAME
        )
        .entered();
        if self.limits.meters() && !self.engine.metered {
            return Err(self.candidate.error(ErrorKind::FuelNotMetered));
        }
        let reasons = self.reasons::<W>();
        if !reasons.is_empty() {
            return Err(self.candidate.error(ErrorKind::Unfit(reasons)));
        }
        let component = self.candidate.with_bytes(&self.limits, |bytes| {
            compile(&self.engine, bytes).map_err(|kind| self.candidate.error(kind))
        })?;

        let mut linker = Linker::new(&self.engine.wasmtime);
        services::link(&mut linker)
            .and_then(|()| W::link(&mut linker))
            .map_err(|error| {
                self.candidate
                    .error(ErrorKind::Engine(format!("{error:#}")))
            })?;
        let linked = linker
            .instantiate_pre(&component)
            .and_then(|pre| Ok((<W::Exports as Exports<_>>::indices(&pre)?, pre)));
        let (indices, pre) =
            linked.map_err(|error| self.candidate.error(ErrorKind::Types(format!("{error:#}"))))?;
        Ok(Prepared::new(Blueprint {
            id: self.candidate.id().clone(),
            version: self.candidate.version().cloned(),
            engine: self.engine,
            pre,
            indices,
            make_state: Box::new(make_state),
            limits: self.limits,
            grants: Arc::new(self.grants),
            digest: *self.candidate.digest(),
            instances: AtomicU64::new(0),
            lifetime: self.lifetime,
            measure_time: self.measure_time,
        }))
    }
}

#[cfg(feature = "compile")]
fn compile(engine: &Engine, bytes: &[u8]) -> Result<Component, ErrorKind> {
    let _slot = engine.compiles.take();
    Component::from_binary(&engine.wasmtime, bytes)
        .map_err(|error| ErrorKind::Compile(format!("{error:#}")))
}

#[cfg(not(feature = "compile"))]
fn compile(_: &Engine, _: &[u8]) -> Result<Component, ErrorKind> {
    Err(ErrorKind::NoCompiler)
}

/// What plugins of a world may import and must export.
fn externs_of<W: World>() -> (Externs, Externs) {
    let read = |wit| read_world(wit).expect("the macro refuses worlds that cannot be read");
    let (mut provides, demands) = read(W::WIT);
    provides.extend(read(services::BASE_WIT).0);
    (provides, demands)
}
