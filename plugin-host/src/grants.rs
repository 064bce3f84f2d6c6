//! What the application allows one plugin. Plain values: nothing here opens a
//! file or links anything.

use plugin_host_manifest::{Access, Clock, Random, Stdio};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::PathBuf;

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
    ///
    /// # Errors
    ///
    /// Never.
    pub fn grant_directory(
        mut self,
        guest: &str,
        host: impl Into<PathBuf>,
        access: Access,
    ) -> Result<Self, Infallible> {
        let path = host.into();
        let directory = Directory { path, access };
        self.directories.insert(guest.to_owned(), directory);
        Ok(self)
    }

    /// Sets an environment variable that the plugin sees.
    ///
    /// # Errors
    ///
    /// Never.
    pub fn grant_environment(
        mut self,
        name: &str,
        value: impl Into<String>,
    ) -> Result<Self, Infallible> {
        self.environment.insert(name.to_owned(), value.into());
        Ok(self)
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
    pub fn grant_traced_stdio(mut self) -> Self {
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
