//! Everything that a new instance is made from.

use crate::engine::Engine;
use crate::error::{BoxError, Error, ErrorKind};
use crate::exports::Exports;
use crate::grants::Grants;
use crate::lifetime::Lifetime;
use crate::limits::Limits;
use crate::meter::Meter;
use crate::services::Config;
use crate::store::StoreData;
use plugin_host_manifest::PluginId;
use semver::Version;
use std::sync::Arc;
use wasmtime::component::InstancePre;

/// For whom the application makes a state: one instance of one plugin.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct InstanceContext {
    /// The plugin's id.
    pub id: PluginId,
    /// The plugin's version, where it has a manifest.
    pub version: Option<Version>,
    /// What host functions may look at and charge while a call runs.
    pub meter: Meter,
}

/// Makes the application's state for an instance.
pub(crate) type MakeState<T> =
    dyn Fn(InstanceContext) -> Result<T, BoxError> + Send + Sync + 'static;

/// Everything that a new instance is made from.
pub(crate) struct Blueprint<T: 'static, E: Exports<T>> {
    pub(crate) id: PluginId,
    pub(crate) version: Option<Version>,
    pub(crate) engine: Engine,
    pub(crate) pre: InstancePre<StoreData<T>>,
    pub(crate) indices: E::Indices,
    pub(crate) make_state: Box<MakeState<T>>,
    pub(crate) limits: Limits,
    /// The settings among the grants.
    pub(crate) config: Arc<Config>,
    pub(crate) grants: Grants,
    pub(crate) lifetime: Lifetime,
    pub(crate) measure_time: bool,
}

impl<T: Send + 'static, E: Exports<T>> Blueprint<T, E> {
    pub(crate) fn error(&self, kind: ErrorKind) -> Error {
        Error::plugin(&self.id, kind)
    }
}
