//! The component through wasmtime alone, on the engine settings of
//! `plugin-host`, with nothing armed and nothing counted.

use anyhow::{Result, anyhow};
use wasmtime::component::{Component, HasSelf, InstancePre, Linker, ResourceTable};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

mod bindings {
    wasmtime::component::bindgen!({ path: "wit", world: "calls" });
}

use bindings::Calls;

/// The store's data.
pub struct State {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl bindings::bench::calls::host::Host for State {
    fn ping(&mut self, value: u32) -> u32 {
        value
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

/// An instance with its store.
pub struct Bare {
    /// What each call is given.
    pub store: Store<State>,
    /// The typed exports.
    pub calls: Calls,
}

/// A component with what it imports, ready to make instances.
pub type Linked = InstancePre<State>;

/// The engine.
///
/// # Errors
///
/// When it does not run here.
pub fn engine() -> Result<Engine> {
    Engine::new(&config()).map_err(|error| anyhow!("{error:#}"))
}

/// Links a component with WASI, and with nothing in the place of what else it
/// imports.
///
/// # Errors
///
/// When its types are wrong.
pub fn link(engine: &Engine, component: &Component) -> Result<Linked> {
    let link = || -> wasmtime::Result<Linked> {
        let mut linker = Linker::new(engine);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
        linker.define_unknown_imports_as_traps(component)?;
        linker.instantiate_pre(component)
    };
    link().map_err(|error| anyhow!("{error:#}"))
}

/// The settings that `plugin-host` uses where its limits name fuel: its
/// `engine::config`, written again, since this side depends on wasmtime alone.
fn config() -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .consume_fuel(true)
        .concurrency_support(false)
        .gc_support(false)
        .wasm_function_references(false)
        .wasm_gc(false)
        .wasm_exceptions(false)
        .wasm_threads(false)
        .wasm_memory64(false)
        .wasm_relaxed_simd(false)
        .wasm_backtrace_details(wasmtime::WasmBacktraceDetails::Enable);
    config
}

/// The instance, ready to be called.
///
/// # Errors
///
/// When the component cannot be read, compiled or started.
pub fn instance() -> Result<Bare> {
    let start = || -> wasmtime::Result<Bare> {
        let engine = Engine::new(&config())?;
        let component = Component::from_file(&engine, crate::GUEST)?;
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
        Calls::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut State| state)?;
        // The guest's panic hook, which is never called.
        linker.define_unknown_imports_as_traps(&component)?;
        let mut store = Store::new(
            &engine,
            State {
                wasi: WasiCtx::builder().build(),
                table: ResourceTable::new(),
            },
        );
        // Never used up: nothing ticks here, and the fuel lasts for centuries.
        store.set_epoch_deadline(1);
        store.set_fuel(u64::MAX)?;
        let calls = Calls::instantiate(&mut store, &component, &linker)?;
        Ok(Bare { store, calls })
    };
    start().map_err(|error| anyhow!("{error:#}"))
}
