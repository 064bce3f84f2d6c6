//! The wasmtime engine as plugins need it: settings, and the clock of deadlines.

mod ticker;

pub(crate) use ticker::{Clock, LongCall, TICK, Ticker, ticks_for};

use std::sync::Arc;
use wasmtime::Config;

/// An engine and the clock that ticks for it, shared by all that run on it.
#[derive(Clone)]
pub(crate) struct Engine {
    pub(crate) wasmtime: wasmtime::Engine,
    ticker: Arc<Ticker>,
    /// Whether compiled code counts fuel.
    pub(crate) metered: bool,
}

impl Engine {
    /// Builds the engine. Fails where this machine cannot run one.
    pub(crate) fn new(metered: bool) -> wasmtime::Result<Self> {
        let wasmtime = wasmtime::Engine::new(&config(metered))?;
        let ticker = Arc::new(Ticker::start(&wasmtime)?);
        Ok(Self {
            wasmtime,
            ticker,
            metered,
        })
    }

    pub(crate) fn clock(&self) -> &Arc<Clock> {
        self.ticker.clock()
    }
}

/// The settings for sync plugins.
///
/// Proposals that components do not need are off: each is attack surface.
pub(crate) fn config(metered: bool) -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .consume_fuel(metered)
        // Costs two thirds of a call and serves component-model async only.
        .concurrency_support(false)
        .gc_support(false)
        .wasm_function_references(false)
        .wasm_gc(false)
        .wasm_exceptions(false)
        .wasm_threads(false)
        .wasm_memory64(false)
        .wasm_relaxed_simd(false)
        // Set, because the default reads an environment variable.
        .wasm_backtrace_details(wasmtime::WasmBacktraceDetails::Enable);
    config
}
