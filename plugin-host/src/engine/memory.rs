//! Tells the engine where instances get their memory from.

use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// Tables that the pool has for each instance. Toolchains make two.
const TABLES: u64 = 10;

/// Core instances that the pool allows for each instance; they are only counted.
const CORE_INSTANCES: u64 = 100;

/// Elements that a table may have, at least; the limits of plugins lie below.
const TABLE_ELEMENTS: u64 = 1_000_000;

/// Bytes of the engine's own for each instance, such as its globals.
const INSTANCE_SIZE: usize = 16 * 1024 * 1024;

/// Bytes of a table up to which it is kept for the next instance, cleared by hand,
/// where giving it back takes a system call.
const TABLE_KEPT: usize = 16 * 1024;

/// Memories, and tables, that one module may have. The engine looks at each of them
/// whenever a module is dropped.
const PER_MODULE: u32 = 100;

/// Instances that the pool has at most beyond what may be alive: one that ends leaves
/// the count a moment before the pool, and a plugin may have several memories.
const SPARE: u64 = 64;

/// The least of these, where few may be alive.
const LEAST_SPARE: u64 = 4;

/// Memories that there must be address space for, or each takes as little as it
/// can.
const FEW: u64 = 64;

/// Has so many instances get their memory from a pool.
pub(super) fn pool_for(config: &mut Config, instances: u64) {
    let spare = instances.clamp(LEAST_SPARE, SPARE);
    config.allocation_strategy(pool(instances.saturating_add(spare), TABLES));
}

/// Has code check every access, so that memories take no more than they need.
pub(super) fn check(config: &mut Config) {
    config
        .memory_reservation(0)
        .memory_reservation_for_growth(1024 * 1024)
        .memory_guard_size(0)
        .guard_before_linear_memory(false);
}

/// Whether a few memories at once find their address space, which is given back.
pub(super) fn has_room(mut config: Config) -> bool {
    config.allocation_strategy(pool(FEW, 1));
    Engine::new(&config).is_ok()
}

fn pool(instances: u64, tables: u64) -> InstanceAllocationStrategy {
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(count(instances))
        .total_core_instances(count(instances.saturating_mul(CORE_INSTANCES)))
        .total_memories(count(instances))
        .total_tables(count(instances.saturating_mul(tables)))
        .max_memories_per_module(PER_MODULE)
        .max_tables_per_module(PER_MODULE)
        .table_elements(usize::try_from(TABLE_ELEMENTS).unwrap_or(usize::MAX))
        .max_core_instance_size(INSTANCE_SIZE)
        .max_component_instance_size(INSTANCE_SIZE)
        .table_keep_resident(TABLE_KEPT)
        // For what is off.
        .total_stacks(0)
        .total_gc_heaps(0);
    InstanceAllocationStrategy::Pooling(pool)
}
