//! What the application allows one plugin. Plain values: nothing here opens a
//! file or links anything.

use plugin_host_manifest::{Access, Clock, Random, Stdio};
use std::collections::BTreeMap;
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

/// A directory of the host's that a guest may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directory {
    pub(crate) path: PathBuf,
    pub(crate) access: Access,
}
