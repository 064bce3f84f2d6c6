//! How an application finds and judges plugins. Makes no engine, and keeps no threads
//! and no address space.

use crate::candidate::Candidate;
use crate::discover::discover;
use crate::error::Error;
use crate::judge::Judge;
use crate::limits::Limits;
use crate::policy::Policy;
use crate::progress::{Progress, Watcher};
use crate::rules::Rules;
use crate::world::World;
use plugin_host_manifest::Capabilities;
use semver::Version;
use std::path::Path;
use std::sync::Arc;

/// Finds plugins and judges them, without an engine: what a tool needs that lists,
/// grants or locks plugins, and a test of that. Takes milliseconds, no address space
/// and no threads of its own.
///
/// ```
/// use plugin_host::{Discovery, Policy};
///
/// plugin_host::world! {
///     inline: "
///         package acme:shop;
///         interface discount { apply: func(price: u32) -> u32; }
///         world plugin { export discount; }",
/// }
///
/// let discovery = Discovery::new().application("shop", "1.2.0".parse()?);
/// for candidate in discovery.discover("plugins") {
///     match candidate.and_then(|found| discovery.judge::<ShopPlugin>(&found)) {
///         Ok(granted) => println!("fits, and is granted {granted:?}"),
///         Err(error) => println!("{error}"),
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A [`Host`](crate::Host) finds and judges by the one that it was
/// [built](crate::HostBuilder::discovery) with, and so gives the same verdicts.
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is found before `discover`"]
pub struct Discovery(pub(crate) Rules);

impl Discovery {
    /// Grants nothing, and knows no name and version of the application.
    pub fn new() -> Self {
        Self::default()
    }

    /// States the application's name and version, which a plugin's manifest may
    /// require: `[host] name = ">=1.2"`.
    pub fn application(mut self, name: impl Into<String>, version: Version) -> Self {
        self.0.application = Some((name.into(), version));
        self
    }

    /// Sets the limits: of them, [`Limits::component`] says how large a component may
    /// be.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.0.limits = limits;
        self
    }

    /// Sets by how many threads folders are read and judged, the calling one among
    /// them; as many as the machine has processors, up to 8, if it is not set.
    pub fn threads(mut self, threads: u64) -> Self {
        self.0.threads = threads;
        self
    }

    /// Grants each plugin what `policy` says, where [`Loader::grants`](crate::Loader::grants) does not
    /// say otherwise, and refuses plugins that it locks to another release.
    ///
    /// The host keeps the policy as it is now: a grant or lock that is
    /// made or taken back later holds for the next host.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.0.policy = Some(Arc::new(policy));
        self
    }

    /// Refuses plugins that the [policy](Self::policy) does not
    /// [lock](Policy::lock), all of them where there is no policy. By default
    /// those load; a lock that there is holds either way.
    ///
    /// It is for whoever runs an application and wants no plugin but those that
    /// somebody looked at, as `cargo --locked` and `npm ci` do for packages. What
    /// is locked and not there is no error.
    pub fn locked(mut self) -> Self {
        self.0.locked = true;
        self
    }

    /// Refuses plugins that ask for what they are not granted, or import
    /// interfaces of WASI that are for such things. By default they load, and
    /// find those things empty.
    ///
    /// Toolchains import more than a plugin calls: Rust's standard library
    /// always imports `wasi:cli/environment`.
    pub fn strict(mut self) -> Self {
        self.0.strict = true;
        self
    }

    /// Tells `watch` what discovering and loading are at, such as for a line that
    /// shows it.
    ///
    /// ```
    /// use plugin_host::{Discovery, Progress};
    ///
    /// let discovery = Discovery::new().progress(|progress| match progress {
    ///     Progress::Compiling { plugin, .. } => eprintln!("compiling `{plugin}`"),
    ///     Progress::Loading { done, of } => eprintln!("{done} of {of}"),
    ///     _ => {}
    /// });
    /// ```
    ///
    /// It is called on the thread that is at it, by several at once, and delays
    /// that one. Where it panics, the plugin is loaded nevertheless.
    pub fn progress(mut self, watch: impl Fn(Progress<'_>) + Send + Sync + 'static) -> Self {
        self.0.progress = Watcher::new(watch);
        self
    }

    /// Every plugin candidate in a folder, in the order of file names: short for
    /// `discovery.discover_in([folder])`.
    pub fn discover(&self, folder: impl AsRef<Path>) -> Vec<Result<Candidate, Error>> {
        self.discover_in([folder])
    }

    /// Every plugin candidate in several folders: folder by folder as they are
    /// named, and in each in the order of file names.
    ///
    /// A candidate is a `.wasm` file, or a folder that holds a `plugin.toml` and
    /// one `.wasm` file. There, the folder's manifest stands in place of the
    /// component's own. Other files are passed over. A candidate that cannot
    /// be read is an error among the others; a folder that cannot be read is one
    /// error.
    ///
    /// Of several candidates with one id, the one that the policy locks is
    /// kept, else that of the highest version, wherever it is, and of those with
    /// one version the first. The others are errors in their places
    /// ([`ErrorKind::DuplicateId`](crate::ErrorKind::DuplicateId)). Whether the one that is kept fits is not asked
    /// here.
    ///
    /// Nothing is compiled, and the bytes are not trusted. Files are read and
    /// judged by as many threads as [`threads`](Self::threads) says.
    pub fn discover_in<F: AsRef<Path>>(
        &self,
        folders: impl IntoIterator<Item = F>,
    ) -> Vec<Result<Candidate, Error>> {
        let folders: Vec<F> = folders.into_iter().collect();
        let folders: Vec<&Path> = folders.iter().map(AsRef::as_ref).collect();
        let _span = tracing::debug_span!(target: "plugin_host", "discover", ?folders).entered();
        discover(&folders, &self.0)
    }

    /// Begins to judge a candidate, with grants of its own.
    pub fn plugin(&self, candidate: &Candidate) -> Judge {
        Judge::new(candidate.clone(), self.0.clone())
    }

    /// What the candidate is granted, if it may run as a plugin of the world `W`: short
    /// for `discovery.plugin(&candidate).judge::<W>()`.
    ///
    /// # Errors
    ///
    /// As [`Judge::judge`].
    pub fn judge<W: World>(&self, candidate: &Candidate) -> Result<Capabilities, Error> {
        self.plugin(candidate).judge::<W>()
    }
}
