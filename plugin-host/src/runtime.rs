//! What a host compiles, links and runs all of its plugins with. Plain data.

use crate::engine::Engine;
use crate::linkers::Linkers;
use crate::shared_code::SharedCode;
use std::sync::Arc;

/// What a host compiles, links and runs all of its plugins with.
#[derive(Clone)]
pub(crate) struct Runtime {
    pub(crate) engine: Engine,
    pub(crate) linkers: Arc<Linkers>,
    pub(crate) code: Arc<SharedCode>,
}
