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
    /// Instructions executed, in all calls but the [`uncounted`](Self::uncounted)
    /// ones; `None` if fuel is not metered, or no call's is known.
    pub fuel: Option<u64>,
    /// Calls whose instructions are not known, and not in [`fuel`](Self::fuel).
    ///
    /// The engine writes down what a function executed when that calls another one,
    /// returns, aborts or has used up its fuel. If a call is stopped anywhere
    /// else, it is not known what it executed since: at its deadline, if it is
    /// cancelled, or at a trap such as a division by zero or an access outside of
    /// its memory. Each such call executed [`Limits::fuel`](crate::Limits::fuel) at
    /// most. If you bill by fuel, bill these calls by that or by `wall_time`.
    pub uncounted: u64,
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
    /// Wall time, if [`Loader::measure_time`](crate::Loader::measure_time) asked for
    /// it. It is exact for every call, however that ended.
    pub wall_time: Option<Duration>,
}
