//! The subjects that are measured beside each other, all calling one component.

pub mod adapted;
pub mod bare;
pub mod hosted;

/// The component, built from `guest/`.
pub const GUEST: &str = env!("BENCH_GUEST");

/// One of the example application's plugins.
pub const SEARCH: &str = env!("SEARCH");
