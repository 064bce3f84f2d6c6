//! What a plugin did use. Plain data.

use std::time::Duration;

/// What one call used, or several together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Usage {
    /// Calls into the plugin; several made under one budget count as one.
    pub calls: u64,
    /// Instructions executed, where fuel is metered.
    pub fuel: Option<u64>,
    /// The most linear memory that an instance held at once, in bytes.
    pub peak_memory: u64,
    /// Calls from the plugin to the application and to this library's services.
    pub host_calls: u64,
    /// Wall time, where the application asked for it to be measured.
    pub wall_time: Option<Duration>,
}

impl Usage {
    /// Adds what another call used: sums, and the larger of the peaks.
    pub(crate) fn add(&mut self, other: &Usage) {
        self.calls += other.calls;
        self.fuel = sum(self.fuel, other.fuel, u64::saturating_add);
        self.peak_memory = self.peak_memory.max(other.peak_memory);
        self.host_calls += other.host_calls;
        self.wall_time = sum(self.wall_time, other.wall_time, Duration::saturating_add);
    }
}

fn sum<T>(a: Option<T>, b: Option<T>, add: impl Fn(T, T) -> T) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(add(a, b)),
        (a, b) => a.or(b),
    }
}
