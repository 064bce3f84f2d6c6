//! The wasmtime engine as plugins need it: settings, the clock of deadlines, and
//! what all plugins share.

mod clock;
mod memory;
mod slots;
mod ticks;

pub(crate) use clock::{CLOCK, LongCall, nanos, ticks_for, time};

use self::slots::Slots;
use crate::allocation::Allocation;
use crate::cache::{Cache, EngineCache};
use crate::digest::Digest;
use crate::host_limits::HostLimits;
use crate::shipped::Shipped;
use crate::totals::Totals;
use std::sync::Arc;
use wasmtime::{Config, ModuleVersionStrategy, WasmBacktraceDetails};

/// An engine and what all that runs on it shares.
#[derive(Clone)]
pub(crate) struct Engine {
    pub(crate) wasmtime: wasmtime::Engine,
    /// Whether compiled code counts fuel.
    pub(crate) metered: bool,
    /// What there was room for.
    pub(crate) allocation: Allocation,
    pub(crate) totals: Arc<Totals>,
    /// Taken while something compiles.
    pub(crate) compiles: Arc<Slots>,
    pub(crate) shipped: Option<Shipped>,
    pub(crate) cache: Option<EngineCache>,
}

/// What is compiled into an engine's code, and cannot be changed later.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) metered: bool,
    pub(crate) source_lines: bool,
    #[cfg_attr(
        not(feature = "compile"),
        expect(dead_code, reason = "there is nothing to compile faster")
    )]
    pub(crate) fast_compile: bool,
    /// The best that is tried.
    pub(crate) allocation: Allocation,
}

impl Engine {
    /// Builds the engine. Fails where this machine cannot run one.
    pub(crate) fn new(
        settings: Settings,
        limits: &HostLimits,
        shipped: Option<Shipped>,
        cache: Option<Cache>,
    ) -> wasmtime::Result<Self> {
        let (wasmtime, allocation) = build(settings, limits)?;
        CLOCK.tick_for(&wasmtime)?;
        Ok(Self {
            shipped,
            cache: cache.map(|cache| EngineCache::new(cache, &wasmtime)),
            wasmtime,
            metered: settings.metered,
            allocation,
            totals: Arc::new(Totals::new(limits)),
            compiles: Arc::new(Slots::new(limits.compiles)),
        })
    }
}

/// Builds the engine with the best allocation that there is room for.
fn build(
    settings: Settings,
    limits: &HostLimits,
) -> wasmtime::Result<(wasmtime::Engine, Allocation)> {
    let (wanted, mut failure) = (settings.allocation, None);
    for allocation in wanted.and_less() {
        let settings = Settings {
            allocation,
            ..settings
        };
        let mut config = config(settings, limits.stack);
        if allocation == Allocation::OnDemand && !memory::has_room(config.clone()) {
            continue;
        }
        if allocation == Allocation::Pooled {
            memory::pool_for(&mut config, limits.instances);
        }
        match wasmtime::Engine::new(&config) {
            Ok(engine) => {
                if allocation != wanted {
                    tracing::warn!(
                        target: "plugin_host",
                        ?allocation,
                        "there is too little address space for a pool of instances"
                    );
                }
                return Ok((engine, allocation));
            }
            Err(error) => failure = Some(error),
        }
    }
    Err(failure.expect("the last one was tried"))
}

/// The settings for sync plugins.
///
/// Proposals that components do not need are off: each is attack surface.
pub(crate) fn config(settings: Settings, stack: u64) -> Config {
    let stack = usize::try_from(stack).unwrap_or(usize::MAX);
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .consume_fuel(settings.metered)
        .max_wasm_stack(stack.clamp(64 * 1024, 1024 * 1024))
        // Costs two thirds of a call and serves component-model async only.
        .concurrency_support(false)
        .gc_support(false)
        .wasm_function_references(false)
        .wasm_gc(false)
        .wasm_exceptions(false)
        .wasm_threads(false)
        .wasm_memory64(false)
        .wasm_custom_page_sizes(false)
        .wasm_relaxed_simd(false)
        .module_version(ModuleVersionStrategy::Custom(exact_version()))
        .expect("it is shorter than 256 bytes")
        // Set, because the default reads an environment variable.
        .wasm_backtrace_details(if settings.source_lines {
            WasmBacktraceDetails::Enable
        } else {
            WasmBacktraceDetails::Disable
        });
    if settings.allocation == Allocation::Checked {
        memory::check(&mut config);
    }
    #[cfg(feature = "compile")]
    if settings.fast_compile {
        config
            .cranelift_opt_level(wasmtime::OptLevel::None)
            .cranelift_regalloc_algorithm(wasmtime::RegallocAlgorithm::SinglePass);
    }
    config
}

/// Stands for the engine's exact version. Compiled code would otherwise be good
/// for all of one major version, also where a patch mends the compiler.
fn exact_version() -> String {
    Digest::of_hashed(ModuleVersionStrategy::WasmtimeVersion).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_of_another_patch_of_the_engine_is_another_version() {
        let major = ModuleVersionStrategy::WasmtimeVersion.as_str().to_owned();
        assert!(major.parse::<u32>().is_ok(), "{major}");
        assert_ne!(exact_version(), Digest::of_hashed(major).to_string());
    }
}
