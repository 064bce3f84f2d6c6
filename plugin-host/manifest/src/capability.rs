//! What a plugin asks to be allowed beyond pure computation. Grants nothing: the
//! application decides.

use std::fmt;

use crate::{GuestPath, VariableName};

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

/// One thing that a plugin may ask for, or an application grant.
///
/// Printed, it reads as in "it asks for the directory `/data`, read-only", and
/// is safe to show.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// A directory.
    Directory {
        /// The path at which the plugin sees it.
        path: GuestPath,
        /// What the plugin may do in it.
        access: Access,
    },
    /// An environment variable.
    Environment(VariableName),
    /// [`Clock::Real`].
    RealClock,
    /// [`Random::Secure`].
    SecureRandom,
    /// [`Stdio::Traced`].
    TracedStdio,
    /// [`Stdio::Inherited`].
    InheritedStdio,
    /// Settings, of whatever keys.
    Config,
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory { path, access } => write!(f, "the directory `{path}`, {access}"),
            Self::Environment(name) => write!(f, "the environment variable `{name}`"),
            Self::RealClock => f.write_str("the real clock"),
            Self::SecureRandom => f.write_str("secure random numbers"),
            Self::TracedStdio => f.write_str("its output among the application's traces"),
            Self::InheritedStdio => f.write_str("the application's stdout and stderr"),
            Self::Config => f.write_str("settings"),
        }
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadOnly => "read-only",
            Self::ReadWrite => "read-write",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capability_reads_as_part_of_a_sentence() {
        let directory = |access| Capability::Directory {
            path: "/data".parse().expect("a path"),
            access,
        };
        for (capability, text) in [
            (
                directory(Access::ReadOnly),
                "the directory `/data`, read-only",
            ),
            (
                directory(Access::ReadWrite),
                "the directory `/data`, read-write",
            ),
            (
                Capability::Environment("LANG".parse().expect("a name")),
                "the environment variable `LANG`",
            ),
            (Capability::RealClock, "the real clock"),
            (Capability::SecureRandom, "secure random numbers"),
            (
                Capability::TracedStdio,
                "its output among the application's traces",
            ),
            (
                Capability::InheritedStdio,
                "the application's stdout and stderr",
            ),
            (Capability::Config, "settings"),
        ] {
            assert_eq!(capability.to_string(), text);
        }
    }
}
