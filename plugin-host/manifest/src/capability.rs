//! What a plugin asks to be allowed beyond pure computation. Grants nothing: the
//! application decides.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny};

/// What a plugin may do in a directory.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Access {
    /// List it and read the files in it.
    ReadOnly,
    /// Change it and all that is in it, too.
    ReadWrite,
}

/// What a plugin's clocks show, the lesser first.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Clock {
    /// One moment, for ever: the wall clock 1970, the monotonic clock zero.
    #[default]
    Frozen,
    /// The time.
    Real,
}

/// Where a plugin's random numbers come from, the lesser first.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Random {
    /// A generator that each instance seeds anew, the same way in every run.
    #[default]
    Seeded,
    /// The operating system, fit for keys.
    Secure,
}

/// What becomes of a plugin's stdout and stderr, the lesser first.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Stdio {
    /// The host keeps the newest of it, within its limits.
    #[default]
    Captured,
    /// Each line also becomes a `tracing` event, escaped.
    Traced,
    /// It also goes to the application's own stdout and stderr, as it is.
    Inherited,
}

/// The capabilities that a plugin asks for: none are defined in this format.
///
/// A later kind, such as directories or network hosts, becomes a field here and
/// a key of `[capabilities]` in `plugin.toml`. A key that this version does not
/// know is an error, so that a plugin never runs without what it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Capabilities {}

impl Capabilities {
    /// Whether the plugin asks for nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl<'de> Deserialize<'de> for Capabilities {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let asked = BTreeMap::<String, IgnoredAny>::deserialize(deserializer)?;
        match asked.keys().next() {
            None => Ok(Self {}),
            Some(name) => Err(D::Error::custom(format_args!(
                "unknown capability `{name}`"
            ))),
        }
    }
}
