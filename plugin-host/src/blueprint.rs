//! Everything that a new instance is made from.

use crate::digest::Digest;
use crate::engine::Engine;
use crate::error::{BoxError, Error, ErrorKind};
use crate::exports::Exports;
use crate::grants::Grants;
use crate::lifetime::Lifetime;
use crate::limits::Limits;
use crate::meter::Meter;
use crate::services::{Collector, DirectoryError, Parts, Seed, Services};
use crate::shared_code::Code;
use crate::store::StoreData;
use plugin_host_manifest::PluginId;
use semver::Version;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
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
    pub(crate) grants: Arc<Grants>,
    /// Of the component that instances are made from.
    pub(crate) digest: Digest,
    /// How many instances were made so far.
    pub(crate) instances: AtomicU64,
    pub(crate) lifetime: Lifetime,
    pub(crate) measure_time: bool,
    /// Others share it for as long as this holds it.
    pub(crate) _code: Code,
}

impl<T: Send + 'static, E: Exports<T>> Blueprint<T, E> {
    pub(crate) fn error(&self, kind: ErrorKind) -> Error {
        Error::plugin(&self.id, kind)
    }

    /// The services of the next instance.
    pub(crate) fn services(&self, meter: Meter, output: Collector) -> Result<Services, Error> {
        let instance = self.instances.fetch_add(1, Ordering::Relaxed);
        let parts = Parts {
            plugin: self.id.clone(),
            grants: Arc::clone(&self.grants),
            meter,
            output,
            handles: self.limits.handles,
            seed: Seed {
                component: self.digest,
                instance,
            },
        };
        Services::new(parts).map_err(|DirectoryError { guest, path, error }| {
            self.error(ErrorKind::Directory { guest, path, error })
        })
    }
}
