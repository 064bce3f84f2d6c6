//! What the application allows one plugin. Plain values: nothing here opens a
//! file or links anything.

use plugin_host_manifest::{Access, Clock, Random, Stdio};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the application allows one plugin: nothing, before a `grant_*` or
/// `inherit_*` method adds to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Directories by the path at which the guest sees them.
    pub(crate) directories: BTreeMap<String, Directory>,
    /// Environment variables with the values that the guest sees.
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) stdio: Stdio,
    /// The plugin's settings, keys sorted; none where it may not have any.
    pub(crate) config: Option<BTreeMap<String, String>>,
}

impl Grants {
    /// Nothing at all.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Lets the plugin see a directory of the host's, at the path `guest`.
    #[must_use]
    pub fn grant_directory(
        mut self,
        guest: impl Into<String>,
        host: impl AsRef<Path>,
        access: Access,
    ) -> Self {
        let path = host.as_ref().to_owned();
        let directory = Directory { path, access };
        self.directories.insert(guest.into(), directory);
        self
    }

    /// Sets an environment variable that the plugin sees.
    #[must_use]
    pub fn grant_environment(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    /// Lets the plugin tell the time.
    #[must_use]
    pub fn grant_real_clock(mut self) -> Self {
        self.clock = Clock::Real;
        self
    }

    /// Gives the plugin random numbers that nobody can foresee.
    #[must_use]
    pub fn grant_secure_random(mut self) -> Self {
        self.random = Random::Secure;
        self
    }

    /// Hands each line of the plugin's stdout and stderr to `tracing`, too.
    #[must_use]
    pub fn trace_stdio(mut self) -> Self {
        self.stdio = Stdio::Traced;
        self
    }

    /// Writes the plugin's stdout and stderr to the application's own, too, as
    /// they are.
    #[must_use]
    pub fn inherit_stdio(mut self) -> Self {
        self.stdio = Stdio::Inherited;
        self
    }

    /// Sets the plugin's settings.
    #[must_use]
    pub fn grant_config<K: Into<String>, V: Into<String>>(
        mut self,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let entries = entries.into_iter();
        self.config = Some(entries.map(|(k, v)| (k.into(), v.into())).collect());
        self
    }
}

/// A directory of the host's that a guest may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directory {
    pub(crate) path: PathBuf,
    pub(crate) access: Access,
}
