//! The set of what a plugin asks for, or of what an application grants it, and
//! the difference of two. Pure values.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

use crate::{Access, Capability, Clock, GuestPath, Random, Stdio, VariableName};

/// How many directories one plugin may ask for.
pub(crate) const MAX_DIRECTORIES: usize = 64;

/// How many environment variables one plugin may ask for.
pub(crate) const MAX_VARIABLES: usize = 256;

/// What a plugin asks to be allowed: nothing by default. Asking grants nothing.
///
/// A later kind, such as network hosts, becomes a field here and a key of
/// `[capabilities]` in `plugin.toml`. A key that this version does not know is
/// an error, so that a plugin never runs without what it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Capabilities {
    /// Directories, by the paths at which the plugin sees them. At most 64 are
    /// read.
    #[serde(
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "directories"
    )]
    pub directories: BTreeMap<GuestPath, Access>,
    /// Environment variables. At most 256 are read.
    #[serde(
        skip_serializing_if = "BTreeSet::is_empty",
        deserialize_with = "environment"
    )]
    pub environment: BTreeSet<VariableName>,
    /// The least clock that will do.
    #[serde(skip_serializing_if = "is_default")]
    pub clock: Clock,
    /// The least source of random numbers that will do.
    #[serde(skip_serializing_if = "is_default")]
    pub random: Random,
    /// Where stdout and stderr are to go.
    #[serde(skip_serializing_if = "is_default")]
    pub stdio: Stdio,
    /// Whether it wants settings.
    #[serde(skip_serializing_if = "is_default")]
    pub config: bool,
}

impl Capabilities {
    /// Nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            directories: BTreeMap::new(),
            environment: BTreeSet::new(),
            clock: Clock::Frozen,
            random: Random::Seeded,
            stdio: Stdio::Captured,
            config: false,
        }
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::none()
    }

    /// Each single thing that is asked for, in a stable order.
    pub fn iter(&self) -> impl Iterator<Item = Capability> {
        let directories = self.directories.iter().map(|(path, access)| {
            let (path, access) = (path.clone(), *access);
            Capability::Directory { path, access }
        });
        let environment = self.environment.iter().cloned();
        let clock = match self.clock {
            Clock::Frozen => None,
            Clock::Real => Some(Capability::RealClock),
        };
        let random = match self.random {
            Random::Seeded => None,
            Random::Secure => Some(Capability::SecureRandom),
        };
        let stdio = match self.stdio {
            Stdio::Captured => None,
            Stdio::Traced => Some(Capability::TracedStdio),
            Stdio::Inherited => Some(Capability::InheritedStdio),
        };
        directories
            .chain(environment.map(Capability::Environment))
            .chain(clock)
            .chain(random)
            .chain(stdio)
            .chain(self.config.then_some(Capability::Config))
    }

    /// Whether `capability` is within these: it is one of them, or less than one
    /// is, as read-only is less than read-write. A directory is within itself
    /// alone, not within one above it.
    #[must_use]
    pub fn covers(&self, capability: &Capability) -> bool {
        match capability {
            Capability::Directory { path, access } => {
                self.directories.get(path).is_some_and(|has| has >= access)
            }
            Capability::Environment(name) => self.environment.contains(name),
            Capability::RealClock => self.clock >= Clock::Real,
            Capability::SecureRandom => self.random >= Random::Secure,
            Capability::TracedStdio => self.stdio >= Stdio::Traced,
            Capability::InheritedStdio => self.stdio >= Stdio::Inherited,
            Capability::Config => self.config,
        }
    }

    /// What is in these and not within `others`. Where nothing is, both ways,
    /// the two are equal.
    ///
    /// ```
    /// use plugin_host_manifest::{Capabilities, Clock};
    ///
    /// let mut asked = Capabilities::none();
    /// asked.clock = Clock::Real;
    /// let beyond = asked.beyond(&Capabilities::none());
    /// assert_eq!(beyond[0].to_string(), "the real clock");
    /// ```
    #[must_use]
    pub fn beyond(&self, others: &Self) -> Vec<Capability> {
        self.iter().filter(|one| !others.covers(one)).collect()
    }
}

fn directories<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<GuestPath, Access>, D::Error> {
    let directories = BTreeMap::deserialize(deserializer)?;
    match directories.len() {
        count if count > MAX_DIRECTORIES => Err(D::Error::custom(format_args!(
            "{count} directories, and {MAX_DIRECTORIES} are allowed"
        ))),
        _ => Ok(directories),
    }
}

fn environment<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeSet<VariableName>, D::Error> {
    let names = BTreeSet::deserialize(deserializer)?;
    match names.len() {
        count if count > MAX_VARIABLES => Err(D::Error::custom(format_args!(
            "{count} environment variables, and {MAX_VARIABLES} are allowed"
        ))),
        _ => Ok(names),
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(json: &str) -> Capabilities {
        serde_json::from_str(json).expect(json)
    }

    fn texts(capabilities: Vec<Capability>) -> Vec<String> {
        capabilities.iter().map(ToString::to_string).collect()
    }

    const ALL: &str = r#"{"directories":{"/a":"read-only","/b":"read-write"},"environment":["LANG","TZ"],"clock":"real","random":"secure","stdio":"inherited","config":true}"#;

    #[test]
    fn json_holds_what_is_asked_and_nothing_else() {
        assert_eq!(Capabilities::none(), Capabilities::default());
        for json in [ALL, "{}", r#"{"clock":"real"}"#, r#"{"config":true}"#] {
            let text = serde_json::to_string(&asked(json)).expect("JSON");
            assert_eq!(text, json);
        }
        assert!(asked("{}").is_empty());
        assert!(asked(r#"{"clock":"frozen"}"#).is_empty());
        assert!(!asked(ALL).is_empty());
    }

    #[test]
    fn json_that_asks_for_what_there_is_not_is_refused() {
        let many = |count, item: fn(usize) -> String| {
            let items: Vec<String> = (0..count).map(item).collect();
            items.join(",")
        };
        let paths = |count| many(count, |i| format!("\"/{i}\":\"read-only\""));
        let names = |count| many(count, |i| format!("\"A{i}\""));
        for (json, message) in [
            (
                r#"{"net":1}"#.to_owned(),
                "unknown field `net`, expected one of `directories`, `environment`, `clock`, \
                 `random`, `stdio`, `config` at line 1 column 6",
            ),
            (
                r#"{"clock":"fast"}"#.to_owned(),
                "unknown variant `fast`, expected `frozen` or `real` at line 1 column 15",
            ),
            (
                r#"{"directories":{"a":"read-only"}}"#.to_owned(),
                "guest path \"a\" must start with `/` at line 1 column 19",
            ),
            (
                r#"{"environment":[""]}"#.to_owned(),
                "variable name \"\" is empty: 1 to 256 bytes are allowed at line 1 column 19",
            ),
            (
                format!("{{\"directories\":{{{}}}}}", paths(65)),
                "65 directories, and 64 are allowed at line 1 column 1177",
            ),
            (
                format!("{{\"environment\":[{}]}}", names(257)),
                "257 environment variables, and 256 are allowed at line 1 column 1706",
            ),
        ] {
            let error = serde_json::from_str::<Capabilities>(&json).expect_err(message);
            assert_eq!(error.to_string(), message);
        }
        asked(&format!("{{\"directories\":{{{}}}}}", paths(64)));
        asked(&format!("{{\"environment\":[{}]}}", names(256)));
    }

    #[test]
    fn every_single_ask_is_listed_in_order() {
        assert_eq!(
            texts(asked(ALL).iter().collect()),
            [
                "the directory `/a`, read-only",
                "the directory `/b`, read-write",
                "the environment variable `LANG`",
                "the environment variable `TZ`",
                "the real clock",
                "secure random numbers",
                "the application's stdout and stderr",
                "settings",
            ]
        );
    }

    #[test]
    fn what_is_beyond_is_what_the_other_does_not_cover() {
        let (read, write) = (
            r#"{"directories":{"/a":"read-only"}}"#,
            r#"{"directories":{"/a":"read-write"}}"#,
        );
        let (traced, inherited) = (r#"{"stdio":"traced"}"#, r#"{"stdio":"inherited"}"#);
        let below = r#"{"directories":{"/a/b":"read-only"}}"#;
        let cases: &[(&str, &str, &[&str])] = &[
            ("{}", ALL, &[]),
            (ALL, ALL, &[]),
            (read, write, &[]),
            (write, read, &["the directory `/a`, read-write"]),
            (below, read, &["the directory `/a/b`, read-only"]),
            (traced, inherited, &[]),
            (inherited, traced, &["the application's stdout and stderr"]),
            (traced, "{}", &["its output among the application's traces"]),
            (r#"{"clock":"real"}"#, "{}", &["the real clock"]),
            (r#"{"random":"secure"}"#, "{}", &["secure random numbers"]),
            (r#"{"config":true}"#, "{}", &["settings"]),
            (
                r#"{"environment":["A","B"]}"#,
                r#"{"environment":["B","C"]}"#,
                &["the environment variable `A`"],
            ),
        ];
        for (one, other, beyond) in cases {
            assert_eq!(texts(asked(one).beyond(&asked(other))), *beyond, "{one}");
        }
    }

    #[test]
    fn two_that_go_beyond_each_other_in_nothing_are_equal() {
        let some = [
            "{}",
            ALL,
            r#"{"stdio":"traced"}"#,
            r#"{"stdio":"inherited"}"#,
            r#"{"directories":{"/a":"read-only"}}"#,
            r#"{"directories":{"/a":"read-write"}}"#,
        ];
        for (one, other) in some.iter().flat_map(|a| some.iter().map(move |b| (a, b))) {
            let (a, b) = (asked(one), asked(other));
            let same = a.beyond(&b).is_empty() && b.beyond(&a).is_empty();
            assert_eq!(same, a == b, "{one} {other}");
        }
    }
}
