//! The settings of wasmtime alone.

use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig};

/// Which settings wasmtime has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settings {
    /// What `Config::new` gives.
    Default,
    /// Those of `plugin-host`, with the pooling allocator.
    Best,
}

impl Settings {
    pub(crate) fn config(self) -> Config {
        match self {
            Self::Default => Config::new(),
            Self::Best => {
                let mut config = of_plugin_host();
                config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
                config
            }
        }
    }
}

/// The settings that `plugin-host` uses where its limits name fuel: its
/// `engine::config`, written again, since this side depends on wasmtime alone.
pub(crate) fn of_plugin_host() -> Config {
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
        .wasm_custom_page_sizes(false)
        .wasm_relaxed_simd(false)
        .wasm_backtrace_details(wasmtime::WasmBacktraceDetails::Enable);
    config
}

/// Room for a few instances, each of which has one memory and several core
/// instances and tables.
fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(4)
        .total_core_instances(64)
        .total_memories(4)
        .total_tables(64)
        .total_stacks(4);
    pool
}
