//! What an application finds and judges plugins by. Plain data.

use crate::host_limits::HostLimits;
use crate::limits::Limits;
use crate::policy::Policy;
use crate::progress::Watcher;
use semver::Version;
use std::sync::Arc;

/// What an application finds and judges plugins by.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) application: Option<(String, Version)>,
    pub(crate) limits: Limits,
    pub(crate) policy: Option<Arc<Policy>>,
    pub(crate) locked: bool,
    pub(crate) strict: bool,
    pub(crate) progress: Watcher,
    /// How many threads discover, and load what was discovered.
    pub(crate) threads: u64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            application: None,
            limits: Limits::default(),
            policy: None,
            locked: false,
            strict: false,
            progress: Watcher::default(),
            threads: HostLimits::default().threads,
        }
    }
}
