//! The host: one engine, its defaults, and the way to plugins.

use crate::allocation::Allocation;
use crate::blueprint::InstanceContext;
use crate::cache::Cache;
use crate::candidate::Candidate;
use crate::discovery::Discovery;
use crate::engine::{Engine, Settings};
use crate::error::{BoxError, Error, ErrorKind};
use crate::host_limits::HostLimits;
use crate::limits::Limits;
use crate::loader::Loader;
use crate::parallel;
use crate::plugin::Plugin;
use crate::plugins::Plugins;
use crate::policy::Policy;
#[cfg(feature = "compile")]
use crate::precompiler::Precompiler;
use crate::progress::Progress;
use crate::runtime::Runtime;
use crate::shared_code::SharedCode;
use crate::shipped::Shipped;
use crate::totals::HostUsage;
use crate::world::World;
use semver::Version;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Finds, judges and runs plugins. One is enough for an application; cheap to
/// clone.
#[derive(Clone)]
pub struct Host {
    discovery: Discovery,
    runtime: Runtime,
}

/// Says what a [`Host`] is to be.
#[derive(Clone, Debug, Default)]
#[must_use = "a builder makes nothing before `build`"]
pub struct HostBuilder {
    discovery: Discovery,
    host_limits: HostLimits,
    source_lines: bool,
    fast_compile: bool,
    allocation: Allocation,
    shipped: Option<Shipped>,
    cache: Option<Cache>,
}

impl Host {
    /// Begins a host.
    pub fn builder() -> HostBuilder {
        HostBuilder::default()
    }

    /// Every plugin candidate in a folder, in the order of file names: short for
    /// `host.discover_in([folder])`.
    pub fn discover(&self, folder: impl AsRef<Path>) -> Vec<Result<Candidate, Error>> {
        self.discover_in([folder])
    }

    /// Every plugin candidate in several folders, as [`Discovery::discover_in`] finds
    /// them.
    pub fn discover_in<F: AsRef<Path>>(
        &self,
        folders: impl IntoIterator<Item = F>,
    ) -> Vec<Result<Candidate, Error>> {
        self.discovery.discover_in(folders)
    }

    /// What finds and judges plugins as this host does, without its engine.
    pub fn discovery(&self) -> &Discovery {
        &self.discovery
    }

    /// Loads each candidate that was found, and puts the plugins in the order in
    /// which they are called: by the priority in their manifests, the lowest
    /// first, then by id.
    ///
    /// ```
    /// use plugin_host::{Error, Host};
    ///
    /// plugin_host::world! {
    ///     inline: "
    ///         package acme:shop;
    ///         interface discount { apply: func(price: u32) -> u32; }
    ///         world plugin { export discount; }",
    /// }
    ///
    /// fn price(host: &Host, price: u32) -> u32 {
    ///     let found = host.discover_in(["plugins", "/usr/share/shop/plugins"]);
    ///     let mut plugins = host.load_all(found, |loader| loader.load::<ShopPlugin>());
    ///     for error in plugins.refused() {
    ///         eprintln!("{error}");
    ///     }
    ///     let chain = plugins.chain(price, |plugin, price| plugin.discount().apply(*price));
    ///     for (plugin, error) in chain.failures() {
    ///         eprintln!("left out: {plugin}: {error}");
    ///     }
    ///     chain.value
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// What could not be found or loaded is in [`Plugins::refused`].
    ///
    /// `load` runs on as many threads as [`HostLimits::threads`] says, the calling
    /// one among them. The result is the same whichever of them is the first.
    /// A panic in it ends the others' work too, and is handed on.
    pub fn load_all<P: Send>(
        &self,
        found: impl IntoIterator<Item = Result<Candidate, Error>>,
        load: impl Fn(Loader) -> Result<P, Error> + Sync,
    ) -> Plugins<P> {
        let found: Vec<_> = found.into_iter().collect();
        let (done, of) = (AtomicUsize::new(0), found.len());
        let load = |found: Result<Candidate, Error>| {
            let loaded = found.and_then(|candidate| {
                let loaded = load(self.plugin(&candidate));
                let loaded = loaded.inspect_err(|error| self.tell(Progress::Refused { error }))?;
                Ok((candidate, loaded))
            });
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            self.tell(Progress::Loading { done, of });
            loaded
        };
        let mut plugins = Plugins::new();
        for loaded in parallel::map(found, self.discovery.0.threads, load) {
            plugins.add_loaded(loaded);
        }
        plugins
    }

    /// Begins to load a candidate, with limits, grants and lifetime of its own.
    pub fn plugin(&self, candidate: &Candidate) -> Loader {
        Loader::new(self.discovery.plugin(candidate), self.runtime.clone())
    }

    /// Loads a candidate with the host's limits and what its policy grants, which
    /// is nothing if it has none, and with the default of the application's state:
    /// short for `host.plugin(&candidate).load()`.
    ///
    /// Compiling uses the threads of a rayon pool. In a task of such a pool this
    /// may wait for itself: load in threads of another kind.
    ///
    /// # Errors
    ///
    /// As [`Loader::load`].
    pub fn load<W: World<State: Default>>(
        &self,
        candidate: &Candidate,
    ) -> Result<Plugin<W>, Error> {
        self.plugin(candidate).load()
    }

    /// Loads a candidate as [`load`](Self::load) does, with a state that
    /// `make_state` makes: short for
    /// `host.plugin(&candidate).load_with(make_state)`.
    ///
    /// # Errors
    ///
    /// As [`Loader::load`].
    pub fn load_with<W: World>(
        &self,
        candidate: &Candidate,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
    ) -> Result<Plugin<W>, Error> {
        self.plugin(candidate).load_with(make_state)
    }

    /// The cache of compiled plugins, where it was given one: what it holds, and
    /// why it cannot be used.
    #[must_use]
    pub fn cache(&self) -> Option<&Cache> {
        self.runtime.engine.cache.as_ref().map(|cache| &cache.cache)
    }

    /// Where instances get their memory from: what the builder was told, or the best
    /// that this process has address space for.
    #[must_use]
    pub fn allocation(&self) -> Allocation {
        self.runtime.engine.allocation
    }

    /// What all of its plugins hold at this moment.
    #[must_use]
    pub fn usage(&self) -> HostUsage {
        HostUsage {
            components: self.runtime.code.len(),
            ..self.runtime.engine.totals.usage()
        }
    }

    fn tell(&self, progress: Progress<'_>) {
        self.discovery.0.progress.tell(progress);
    }
}

impl HostBuilder {
    /// Finds and judges plugins by `discovery`, of which everything counts but the
    /// [threads](Discovery::threads): these are the [`HostLimits`]'. It takes the place
    /// of what this builder was told of them before.
    pub fn discovery(mut self, discovery: Discovery) -> Self {
        self.discovery = discovery;
        self
    }

    /// States the application's name and version: see [`Discovery::application`].
    pub fn application(mut self, name: impl Into<String>, version: Version) -> Self {
        self.discovery = self.discovery.application(name, version);
        self
    }

    /// Sets the limits of plugins that are given none of their own.
    ///
    /// Where they name fuel, plugins are compiled to count it, which makes
    /// their loops slower by about a tenth.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.discovery.0.limits = limits;
        self
    }

    /// Sets what all plugins together may use.
    pub fn host_limits(mut self, limits: HostLimits) -> Self {
        self.host_limits = limits;
        self
    }

    /// Sets where instances get their memory from, where that is not to be a pool:
    /// for an application that builds dozens of hosts.
    pub fn allocation(mut self, allocation: Allocation) -> Self {
        self.allocation = allocation;
        self
    }

    /// Has the backtraces of failed calls name files and lines, where a plugin
    /// carries debug information.
    ///
    /// For development, and for plugins of one's own: that information is read
    /// when a call fails, outside of every budget, and a hostile plugin can
    /// make that slow.
    pub fn source_lines(mut self) -> Self {
        self.source_lines = true;
        self
    }

    /// Loads the plugins that the application ships compiled from there, without
    /// the compiler.
    ///
    /// Where one cannot be used, its plugin loads as if it were not shipped, and
    /// [`Shipped::problem`] says why; without a compiler that is an error.
    pub fn shipped(mut self, shipped: Shipped) -> Self {
        self.shipped = Some(shipped);
        self
    }

    /// Has plugins compiled in about half the time, to slower code.
    ///
    /// For development, and for plugins of one's own: the compiler's quick ways are
    /// tried by fewer people than its usual ones. In a [cache](Self::cache), what
    /// is compiled so has entries of its own.
    pub fn fast_compile(mut self) -> Self {
        self.fast_compile = true;
        self
    }

    /// Keeps compiled plugins there, so that they load without the compiler the
    /// next time: `.cache(Cache::user("my-application"))`.
    ///
    /// Where the cache cannot be used, plugins load without it, and
    /// [`Cache::problem`] says why.
    pub fn cache(mut self, cache: Cache) -> Self {
        self.cache = Some(cache);
        self
    }

    /// Grants each plugin what `policy` says, and refuses plugins that it locks to
    /// another release: see [`Discovery::policy`].
    pub fn policy(mut self, policy: Policy) -> Self {
        self.discovery = self.discovery.policy(policy);
        self
    }

    /// Refuses plugins that the [policy](Self::policy) does not lock: see
    /// [`Discovery::locked`].
    pub fn locked(mut self) -> Self {
        self.discovery = self.discovery.locked();
        self
    }

    /// Refuses plugins that ask for what they are not granted, or import interfaces of
    /// WASI that are for such things: see [`Discovery::strict`].
    pub fn strict(mut self) -> Self {
        self.discovery = self.discovery.strict();
        self
    }

    /// Tells `watch` what discovering and loading are at: see [`Discovery::progress`].
    pub fn progress(mut self, watch: impl Fn(Progress<'_>) + Send + Sync + 'static) -> Self {
        self.discovery = self.discovery.progress(watch);
        self
    }

    /// Begins to compile plugins for a host as this builder makes it, to ship them
    /// with the application: see [`Shipped`].
    ///
    /// `target` is what the application is built for, as in a build script's
    /// variable `TARGET`. The code runs on any machine of it: what only newer
    /// processors have is not used. Of the builder, what counts is whether the
    /// [limits](Self::limits) name fuel, [`source_lines`](Self::source_lines), and
    /// whether the [allocation](Self::allocation) is
    /// [`Checked`](crate::Allocation::Checked): a host that falls back to that, for
    /// want of address space, finds what is shipped for the others unfit.
    ///
    /// # Errors
    ///
    /// When the engine compiles nothing for that target. Without more features of
    /// wasmtime, it compiles for the processor architecture that it runs on alone.
    #[cfg(feature = "compile")]
    pub fn precompiler(self, target: &str) -> Result<Precompiler, Error> {
        let (settings, stack) = (self.settings(), self.host_limits.stack);
        Precompiler::new(settings, stack, target, self.discovery.0.limits)
    }

    /// Builds the host.
    ///
    /// # Errors
    ///
    /// When this machine cannot run the engine or start its clock.
    pub fn build(self) -> Result<Host, Error> {
        let engine = Engine::new(self.settings(), &self.host_limits, self.shipped, self.cache)
            .map_err(|error| Error::host(ErrorKind::Engine(format!("{error:#}"))))?;
        Ok(Host {
            discovery: self.discovery.threads(self.host_limits.threads),
            runtime: Runtime {
                engine,
                linkers: Arc::default(),
                code: Arc::new(SharedCode::new(self.host_limits.components)),
            },
        })
    }

    fn settings(&self) -> Settings {
        Settings {
            metered: self.discovery.0.limits.meters(),
            source_lines: self.source_lines,
            fast_compile: self.fast_compile,
            allocation: self.allocation,
        }
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host")
            .field("discovery", &self.discovery)
            .finish_non_exhaustive()
    }
}
