//! What a plugin says about itself. Plain values: nothing here is checked
//! against a host.

use std::collections::BTreeMap;

use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

use crate::{Capabilities, PluginId};

/// What a plugin says about itself.
///
/// Texts other than the id are whatever the plugin's author wrote: escape them
/// before they reach a terminal or a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Manifest {
    /// The name by which the application knows the plugin.
    pub id: PluginId,
    /// The plugin's own version.
    pub version: Version,
    /// A name for people, where it differs from the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the plugin does, in a sentence or two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who wrote the plugin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// The plugin's licence, by convention an SPDX expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// The plugin's place among others: the lower runs first, 0 by default.
    #[serde(default, skip_serializing_if = "is_default")]
    pub priority: i32,
    /// The applications that the plugin is made for, each with the versions
    /// that it works with.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub host: BTreeMap<String, VersionReq>,
    /// What the plugin says it needs to run.
    #[serde(default, skip_serializing_if = "is_default")]
    pub limits: LimitsAsked,
    /// What the plugin asks to be allowed.
    #[serde(default, skip_serializing_if = "Capabilities::is_empty")]
    pub capabilities: Capabilities,
}

impl Manifest {
    /// A manifest that says only what every manifest must.
    #[must_use]
    pub fn new(id: PluginId, version: Version) -> Self {
        Self {
            id,
            version,
            name: None,
            description: None,
            authors: Vec::new(),
            license: None,
            priority: 0,
            host: BTreeMap::new(),
            limits: LimitsAsked::default(),
            capabilities: Capabilities::default(),
        }
    }
}

/// What a plugin says it needs to run. A wish: the application sets the limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LimitsAsked {
    /// Instructions for one call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fuel: Option<u64>,
    /// Linear memory, in MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_mib: Option<u32>,
    /// Wall-clock time for one call, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_ms: Option<u32>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
