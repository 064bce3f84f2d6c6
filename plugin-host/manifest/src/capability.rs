//! What a plugin asks to be allowed beyond pure computation. Grants nothing: the
//! application decides.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny};

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
