//! Adds up what a plugin's calls use, as cheaply as a call can bear.

use crate::usage::Usage;
use std::time::Duration;

/// What the last call used, and all together.
///
/// Plain numbers; the options of [`Usage`] are put on when someone asks.
#[derive(Default)]
pub(crate) struct Tally {
    last: Amounts,
    total: Amounts,
    calls: u64,
}

/// What is counted for a call.
#[derive(Clone, Copy, Default)]
pub(crate) struct Amounts {
    pub(crate) fuel: u64,
    pub(crate) host_calls: u64,
    pub(crate) service_bytes: u64,
    pub(crate) peak_memory: u64,
    pub(crate) peak_table_elements: u64,
    pub(crate) wall_time: Duration,
}

/// Which of the amounts mean anything.
#[derive(Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) fuel: bool,
    pub(crate) wall_time: bool,
}

impl Tally {
    /// Counts one call.
    #[inline]
    pub(crate) fn add(&mut self, call: Amounts, measured: Measured) {
        self.last = call;
        self.calls += 1;
        self.total.fuel = self.total.fuel.saturating_add(call.fuel);
        self.total.host_calls += call.host_calls;
        self.total.service_bytes += call.service_bytes;
        self.total.peak_memory = self.total.peak_memory.max(call.peak_memory);
        self.total.peak_table_elements =
            (self.total.peak_table_elements).max(call.peak_table_elements);
        if measured.wall_time {
            self.total.wall_time = self.total.wall_time.saturating_add(call.wall_time);
        }
    }

    /// What the last call used; no call, where there was none yet.
    pub(crate) fn last(&self, measured: Measured) -> Usage {
        self.last.usage(self.calls.min(1), measured)
    }

    pub(crate) fn total(&self, measured: Measured) -> Usage {
        self.total.usage(self.calls, measured)
    }
}

impl Amounts {
    pub(crate) fn usage(&self, calls: u64, measured: Measured) -> Usage {
        Usage {
            calls,
            fuel: measured.fuel.then_some(self.fuel),
            peak_memory: self.peak_memory,
            peak_table_elements: self.peak_table_elements,
            host_calls: self.host_calls,
            service_bytes: self.service_bytes,
            wall_time: measured.wall_time.then_some(self.wall_time),
        }
    }
}
