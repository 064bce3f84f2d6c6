//! The host side of what every plugin may import: this library's own services
//! and WASI. Grants nothing that is not given here.

mod base;
mod log;
mod output;
mod waiting;
mod wasi;

pub use log::{Level, LogRecord};
pub(crate) use output::Collector;
pub use output::Output;
pub(crate) use waiting::DeadlineReached;
pub(crate) use wasi::{DirectoryError, Seed};

use crate::grants::Grants;
use crate::meter::Meter;
use plugin_host_manifest::PluginId;
use std::sync::Arc;
use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi::sockets::WasiSocketsCtx;

/// One instance's side of the services.
pub(crate) struct Services {
    plugin: PluginId,
    grants: Arc<Grants>,
    meter: Meter,
    output: Collector,
    stdio: wasi::Stdio,
    clocks: wasi::Clocks,
    random: wasi::Generator,
    files: wasi::Files,
    sockets: WasiSocketsCtx,
    table: ResourceTable,
    /// Reported by the guest before it traps.
    pub(crate) panic: Option<Panic>,
}

/// What an instance's services are made from.
pub(crate) struct Parts {
    pub(crate) plugin: PluginId,
    pub(crate) grants: Arc<Grants>,
    pub(crate) meter: Meter,
    pub(crate) output: Collector,
    /// How many resources of WASI the instance may hold.
    pub(crate) handles: u64,
    /// Of the random numbers that are the same in every run.
    pub(crate) seed: Seed,
}

/// What a guest said of its own panic.
pub(crate) struct Panic {
    pub(crate) message: String,
    /// File, line and column.
    pub(crate) place: Option<(String, u32, u32)>,
}

/// A store's data that services can be reached through.
pub(crate) trait HasServices: Send + 'static {
    fn services(&mut self) -> &mut Services;
}

impl HasServices for Services {
    fn services(&mut self) -> &mut Services {
        self
    }
}

/// Links hosts that are implemented on [`Services`].
struct LinkedServices;

impl HasData for LinkedServices {
    type Data<'a> = &'a mut Services;
}

impl Services {
    /// Opens what was granted.
    ///
    /// # Errors
    ///
    /// For a granted directory that cannot be opened.
    pub(crate) fn new(parts: Parts) -> Result<Self, DirectoryError> {
        let Parts {
            plugin,
            grants,
            meter,
            output,
            handles,
            seed,
        } = parts;
        let mut table = ResourceTable::new();
        table.set_max_capacity(usize::try_from(handles).unwrap_or(usize::MAX));
        Ok(Self {
            stdio: wasi::Stdio::new(&plugin, &grants, &output),
            clocks: wasi::Clocks::new(grants.clock),
            random: wasi::Generator::new(grants.random, seed),
            files: wasi::Files::open(&grants)?,
            sockets: WasiSocketsCtx::default(),
            plugin,
            grants,
            meter,
            output,
            table,
            panic: None,
        })
    }
}

/// The encoded worlds of all of it.
pub(crate) const WORLDS: [&[u8]; 2] = [base::WIT, wasi::WIT];

/// Links all of it.
pub(crate) fn link<D: HasServices>(linker: &mut Linker<D>) -> wasmtime::Result<()> {
    wasi::link(linker)?;
    base::link(linker)
}
