//! The host side of what every plugin may import: this library's own services
//! and WASI. Grants nothing that is not given here.

mod base;
mod io;
mod log;
mod output;
mod sockets;
mod waiting;

pub use log::{Level, LogRecord};
pub(crate) use output::Collector;
pub use output::Output;
pub(crate) use waiting::DeadlineReached;

use crate::meter::Meter;
use plugin_host_manifest::PluginId;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// A plugin's settings, keys sorted.
pub(crate) type Config = BTreeMap<String, String>;

/// Handles to streams, pollables and the like that one instance may hold.
const HANDLES: usize = 10_000;

/// Random bytes that one call of WASI may ask for.
const RANDOM: u64 = 1024 * 1024;

/// One instance's side of the services.
pub(crate) struct Services {
    plugin: PluginId,
    config: Arc<Config>,
    meter: Meter,
    output: Collector,
    wasi: WasiCtx,
    table: ResourceTable,
    /// Reported by the guest before it traps.
    pub(crate) panic: Option<Panic>,
}

/// What a guest said of its own panic.
pub(crate) struct Panic {
    pub(crate) message: String,
    /// File, line and column.
    pub(crate) place: Option<(String, u32, u32)>,
}

/// A store's data that services can be reached through.
pub(crate) trait HasServices: WasiView + 'static {
    fn services(&mut self) -> &mut Services;
}

impl Services {
    pub(crate) fn new(
        plugin: PluginId,
        config: Arc<Config>,
        meter: Meter,
        output: Collector,
    ) -> Self {
        let wasi = WasiCtx::builder()
            .stdout(output.stdout.clone())
            .stderr(output.stderr.clone())
            // The host makes the bytes before the guest has room for them.
            .max_random_size(RANDOM)
            .build();
        let mut table = ResourceTable::new();
        table.set_max_capacity(HANDLES);
        Self {
            plugin,
            config,
            meter,
            output,
            wasi,
            table,
            panic: None,
        }
    }

    pub(crate) fn wasi(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

/// The encoded world of this library's own services.
pub(crate) const BASE_WIT: &[u8] = base::WIT;

/// Whether the services hold a WASI interface, such as `wasi:io/poll@0.2.3`.
///
/// Any 0.2 version fits: the linker matches on the semver track.
pub(crate) fn serves_wasi(import: &str) -> bool {
    let Some((name, version)) = import.split_once('@') else {
        return false;
    };
    WASI.contains(&name) && (version == "0.2" || version.starts_with("0.2."))
}

const WASI: &[&str] = &[
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stderr",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stderr",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:clocks/monotonic-clock",
    "wasi:clocks/wall-clock",
    "wasi:filesystem/preopens",
    "wasi:filesystem/types",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    "wasi:random/insecure",
    "wasi:random/insecure-seed",
    "wasi:random/random",
    "wasi:sockets/instance-network",
    "wasi:sockets/ip-name-lookup",
    "wasi:sockets/network",
    "wasi:sockets/tcp",
    "wasi:sockets/tcp-create-socket",
    "wasi:sockets/udp",
    "wasi:sockets/udp-create-socket",
];

/// Links all of it.
pub(crate) fn link<D: HasServices>(linker: &mut Linker<D>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_sync(linker)?;
    linker.allow_shadowing(true);
    io::link(linker)?;
    sockets::link(linker)?;
    linker.allow_shadowing(false);
    base::link(linker)
}
