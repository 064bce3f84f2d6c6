//! The subjects that are measured beside each other, all calling one component.

mod adapted;
pub mod bare;
pub mod callgrind;
pub mod cases;
pub mod hosted;
mod inputs;
mod settings;
mod subject;

pub use subject::{SUBJECTS, Subject, subject};

/// The component, built from `guest/`.
pub const GUEST: &str = env!("BENCH_GUEST");

/// One of the example application's plugins.
pub const SEARCH: &str = env!("SEARCH");

/// Code that keeps a processor busy, built from `metering/`.
pub const METERING: &str = env!("BENCH_METERING");
