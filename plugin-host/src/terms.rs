//! What a host loads all of its plugins with. Plain data.

use crate::engine::Engine;
use crate::limits::Limits;
use crate::linkers::Linkers;
use crate::policy::Policy;
use crate::progress::Watcher;
use crate::shared_code::SharedCode;
use semver::Version;
use std::sync::Arc;

/// What a host loads all of its plugins with.
#[derive(Clone)]
pub(crate) struct Terms {
    pub(crate) engine: Engine,
    pub(crate) linkers: Arc<Linkers>,
    pub(crate) code: Arc<SharedCode>,
    pub(crate) progress: Watcher,
    /// How many threads discover, and load what was discovered.
    pub(crate) threads: usize,
    pub(crate) application: Option<(String, Version)>,
    pub(crate) limits: Limits,
    pub(crate) policy: Option<Arc<Policy>>,
    pub(crate) locked: bool,
    pub(crate) strict: bool,
}
