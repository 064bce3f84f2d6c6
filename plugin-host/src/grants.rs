//! What the application allows one plugin. Plain values: nothing here opens a
//! file or links anything.

use crate::grant_error::GrantError;
use plugin_host_manifest::{
    Access, Capabilities, Capability, Clock, GuestPath, Random, Stdio, VariableName,
};
use std::collections::{BTreeMap, BTreeSet};
use std::env::VarError;
use std::fmt;
use std::path::PathBuf;

/// What the application allows one plugin: nothing, before a `grant_*` or
/// `inherit_*` method adds to it.
///
/// A plugin can be granted only what its manifest asks for under
/// `[capabilities]`: loading one with more is refused.
///
/// ```
/// use plugin_host::{Access, Grants};
///
/// let grants = Grants::none()
///     .grant_directory("/data", "/srv/shop/data", Access::ReadOnly)?
///     .grant_environment("LANG", "de_DE.UTF-8")?
///     .grant_real_clock();
///
/// let granted: Vec<String> = grants.capabilities().iter().map(|one| one.to_string()).collect();
/// assert_eq!(
///     granted,
///     [
///         "the directory `/data`, read-only",
///         "the environment variable `LANG`",
///         "the real clock",
///     ]
/// );
/// # Ok::<(), plugin_host::GrantError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[must_use = "what is granted holds for the plugin that is loaded with it"]
pub struct Grants {
    /// Directories by the path at which the guest sees them.
    pub(crate) directories: BTreeMap<GuestPath, Directory>,
    /// Environment variables with the values that the guest sees.
    pub(crate) environment: BTreeMap<VariableName, String>,
    /// Those of them whose values are the application's own.
    pub(crate) inherited: BTreeSet<VariableName>,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) stdio: Stdio,
    /// The plugin's settings, keys sorted; none where it may not have any.
    pub(crate) config: Option<BTreeMap<String, String>>,
}

/// A directory of the host's that a guest may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directory {
    pub(crate) path: PathBuf,
    pub(crate) access: Access,
}

impl Grants {
    /// Nothing: what a plugin has that is granted nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Lets the plugin see the directory `host`, with all that is in it, as
    /// `guest`. Where one was granted as `guest` before, it takes its place.
    ///
    /// `host` is opened when an instance starts, not here. It is what the
    /// application may do in it that the plugin can do at the most.
    ///
    /// # Errors
    ///
    /// When `guest` is no [`GuestPath`].
    pub fn grant_directory(
        mut self,
        guest: &str,
        host: impl Into<PathBuf>,
        access: Access,
    ) -> Result<Self, GrantError> {
        let (guest, path) = (guest.parse().map_err(GrantError::Path)?, host.into());
        self.directories.insert(guest, Directory { path, access });
        Ok(self)
    }

    /// Shows the plugin an environment variable with this value, whatever the
    /// application's own environment holds.
    ///
    /// # Errors
    ///
    /// When `name` is no [`VariableName`].
    pub fn grant_environment(
        mut self,
        name: &str,
        value: impl Into<String>,
    ) -> Result<Self, GrantError> {
        let name: VariableName = name.parse().map_err(GrantError::Name)?;
        self.inherited.remove(&name);
        self.environment.insert(name, value.into());
        Ok(self)
    }

    /// Shows the plugin an environment variable of the application's own, with
    /// the value that it has now.
    ///
    /// A [`Policy`](crate::Policy) keeps that it is inherited, not the value.
    ///
    /// # Errors
    ///
    /// When `name` is no [`VariableName`], or the application's environment has
    /// none of that name, or one that is no Unicode.
    pub fn inherit_environment(self, name: &str) -> Result<Self, GrantError> {
        self.inherit_environment_from(name, |name| std::env::var(name))
    }

    /// Shows the plugin the time, in place of clocks that stand still.
    pub fn grant_real_clock(mut self) -> Self {
        self.clock = Clock::Real;
        self
    }

    /// Gives the plugin random numbers of the operating system's, fit for keys,
    /// in place of those that are the same in every run.
    pub fn grant_secure_random(mut self) -> Self {
        self.random = Random::Secure;
        self
    }

    /// Makes an event of `tracing` of each line that the plugin writes to stdout
    /// or stderr, escaped, besides keeping the newest.
    pub fn grant_traced_stdio(mut self) -> Self {
        self.stdio = self.stdio.max(Stdio::Traced);
        self
    }

    /// Hands what the plugin writes to stdout and stderr on to the application's
    /// own, as it is: on a terminal it can move the cursor and imitate the
    /// application.
    pub fn inherit_stdio(mut self) -> Self {
        self.stdio = self.stdio.max(Stdio::Inherited);
        self
    }

    /// Gives the plugin its settings, which it reads through
    /// `plugin-host:base/config`, in place of those granted before.
    pub fn grant_config<K: Into<String>, V: Into<String>>(
        mut self,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let entries = entries.into_iter();
        self.config = Some(entries.map(|(k, v)| (k.into(), v.into())).collect());
        self
    }

    /// What is granted, in the words in which a plugin asks for it.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        let mut granted = Capabilities::none();
        granted.directories = self
            .directories
            .iter()
            .map(|(path, directory)| (path.clone(), directory.access))
            .collect();
        granted.environment = self.environment.keys().cloned().collect();
        granted.clock = self.clock;
        granted.random = self.random;
        granted.stdio = self.stdio;
        granted.config = self.config.is_some();
        granted
    }

    /// What is granted and not asked for, or more than is asked for, as
    /// read-write is where read-only is asked. Settings without an entry give
    /// nothing, and so are never too much.
    #[must_use]
    pub fn beyond(&self, asked: &Capabilities) -> Vec<Capability> {
        let mut granted = self.capabilities();
        granted.config = self.config.as_ref().is_some_and(|c| !c.is_empty());
        granted.beyond(asked)
    }

    /// The same, with what is inherited as it is now.
    pub(crate) fn inherited_anew(self) -> Result<Self, GrantError> {
        let names = self.inherited.clone();
        let mut names = names.iter();
        names.try_fold(self, |grants, name| grants.inherit_environment(name))
    }

    fn inherit_environment_from(
        mut self,
        name: &str,
        environment: impl Fn(&str) -> Result<String, VarError>,
    ) -> Result<Self, GrantError> {
        let name: VariableName = name.parse().map_err(GrantError::Name)?;
        let value = environment(&name).map_err(|error| match error {
            VarError::NotPresent => GrantError::NotSet { name: name.clone() },
            VarError::NotUnicode(_) => GrantError::NotUnicode { name: name.clone() },
        })?;
        self.inherited.insert(name.clone());
        self.environment.insert(name, value);
        Ok(self)
    }
}

/// Values of variables and settings are left out: they may be secrets.
impl fmt::Debug for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = self.config.as_ref();
        f.debug_struct("Grants")
            .field("directories", &self.directories)
            .field("environment", &self.environment.keys())
            .field("inherited", &self.inherited)
            .field("clock", &self.clock)
            .field("random", &self.random)
            .field("stdio", &self.stdio)
            .field("config", &settings.map(BTreeMap::keys))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Grants {
        let grants = Grants::none()
            .grant_directory("/data", "/srv", Access::ReadWrite)
            .and_then(|grants| grants.grant_environment("LANG", "C"))
            .expect("a path and a name");
        grants
            .grant_real_clock()
            .grant_secure_random()
            .inherit_stdio()
            .grant_config([("colour", "red")])
    }

    fn texts(capabilities: &[Capability]) -> Vec<String> {
        capabilities.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn nothing_is_granted_before_a_method_does() {
        assert!(Grants::none().capabilities().is_empty());
    }

    #[test]
    fn all_that_is_granted_is_beyond_a_plugin_that_asks_for_nothing() {
        assert_eq!(
            texts(&all().beyond(&Capabilities::none())),
            [
                "the directory `/data`, read-write",
                "the environment variable `LANG`",
                "the real clock",
                "secure random numbers",
                "the application's stdout and stderr",
                "settings",
            ]
        );
        assert!(all().beyond(&all().capabilities()).is_empty());
        assert!(Grants::none().beyond(&Capabilities::none()).is_empty());
    }

    #[test]
    fn more_than_was_asked_is_beyond() {
        let asked = Grants::none()
            .grant_traced_stdio()
            .grant_directory("/data", "/srv", Access::ReadOnly)
            .expect("a path")
            .capabilities();
        assert_eq!(
            texts(&all().beyond(&asked))[..1],
            ["the directory `/data`, read-write"]
        );
        assert!(
            texts(&all().beyond(&asked)).contains(&"the application's stdout and stderr".into())
        );
    }

    #[test]
    fn settings_without_an_entry_are_granted_and_never_too_much() {
        let grants = Grants::none().grant_config::<String, String>([]);
        assert!(grants.capabilities().config);
        assert!(grants.beyond(&Capabilities::none()).is_empty());
    }

    #[test]
    fn the_greater_grant_of_output_holds() {
        let grants = Grants::none().inherit_stdio().grant_traced_stdio();
        assert_eq!(grants.stdio, Stdio::Inherited);
    }

    #[test]
    fn an_inherited_variable_has_the_applications_value_till_one_is_granted() {
        let grants = Grants::none().inherit_environment_from("TOKEN", |_| Ok("secret".into()));
        let grants = grants.expect("it is set");
        assert_eq!(grants.environment["TOKEN"], "secret");
        assert!(grants.inherited.contains("TOKEN"));
        let grants = grants.grant_environment("TOKEN", "other").expect("a name");
        assert_eq!(grants.environment["TOKEN"], "other");
        assert!(grants.inherited.is_empty());
    }

    #[test]
    fn values_that_may_be_secret_are_not_printed() {
        let grants = Grants::none().grant_environment("TOKEN", "hunter2");
        let grants = grants.expect("a name").grant_config([("key", "hunter2")]);
        let text = format!("{grants:?}");
        assert!(text.contains("TOKEN") && text.contains("key"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn a_grant_that_cannot_be_says_why() {
        let directory = |path| Grants::none().grant_directory(path, "/", Access::ReadOnly);
        let inherit = |error: VarError| {
            let environment = move |_: &str| Err(error.clone());
            Grants::none().inherit_environment_from("TOKEN", environment)
        };
        for (granted, message) in [
            (
                directory("data"),
                "cannot grant a directory: guest path \"data\" must start with `/`",
            ),
            (
                Grants::none().grant_environment("A=B", ""),
                "cannot grant an environment variable: variable name \"A=B\" contains '=': only \
                 characters that show as they are, and neither `=` nor a backtick, are allowed",
            ),
            (
                Grants::none().inherit_environment(""),
                "cannot grant an environment variable: variable name \"\" is empty: \
                 1 to 256 bytes are allowed",
            ),
            (
                inherit(VarError::NotPresent),
                "cannot inherit the environment variable `TOKEN`, which is not set: \
                 set it for the application, or grant a value",
            ),
            (
                inherit(VarError::NotUnicode("x".into())),
                "cannot inherit the environment variable `TOKEN`, whose value is no Unicode: \
                 set another for the application, or grant a value",
            ),
        ] {
            assert_eq!(granted.expect_err(message).to_string(), message);
        }
    }
}
