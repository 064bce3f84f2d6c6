//! What a plugin did use. Plain data.

use std::time::Duration;

/// What one call used, or several together.
///
/// A test makes one of [`Usage::default`], which is nothing, and sets its fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Usage {
    /// Calls into the plugin; several made under one budget count as one.
    pub calls: u64,
    /// Instructions executed, where fuel is metered.
    pub fuel: Option<u64>,
    /// The most linear memory that an instance has held at once, in bytes.
    pub peak_memory: u64,
    /// The most table elements that an instance has held at once.
    pub peak_table_elements: u64,
    /// Calls from the plugin to the application, to this library's services and
    /// to WASI.
    pub host_calls: u64,
    /// Bytes that the plugin handed to this library's services and to WASI, or
    /// asked of them: log records, what it printed, random numbers, files.
    pub service_bytes: u64,
    /// Wall time, where the application asked for it to be measured.
    pub wall_time: Option<Duration>,
}
