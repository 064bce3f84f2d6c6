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
    /// Of the instance that ended last.
    last_ended: Peaks,
    /// Over all instances that ended.
    ended: Peaks,
}

/// What is counted for a call.
#[derive(Clone, Copy, Default)]
pub(crate) struct Amounts {
    pub(crate) fuel: u64,
    pub(crate) host_calls: u64,
    pub(crate) service_bytes: u64,
    pub(crate) wall_time: Duration,
}

/// The most that an instance held at once, which is read when someone asks.
#[derive(Clone, Copy, Default)]
pub(crate) struct Peaks {
    pub(crate) memory: u64,
    pub(crate) table_elements: u64,
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
        if measured.wall_time {
            self.total.wall_time = self.total.wall_time.saturating_add(call.wall_time);
        }
    }

    /// Keeps the peaks of an instance that ends.
    pub(crate) fn end(&mut self, peaks: Peaks) {
        self.last_ended = peaks;
        self.ended = self.ended.max(peaks);
    }

    /// What the last call used; no call, where there was none yet. `alive` are
    /// the peaks of the instance that is there.
    pub(crate) fn last(&self, alive: Option<Peaks>, measured: Measured) -> Usage {
        let peaks = alive.unwrap_or(self.last_ended);
        self.last.usage(self.calls.min(1), peaks, measured)
    }

    pub(crate) fn total(&self, alive: Option<Peaks>, measured: Measured) -> Usage {
        let peaks = self.ended.max(alive.unwrap_or_default());
        self.total.usage(self.calls, peaks, measured)
    }
}

impl Amounts {
    pub(crate) fn usage(&self, calls: u64, peaks: Peaks, measured: Measured) -> Usage {
        Usage {
            calls,
            fuel: measured.fuel.then_some(self.fuel),
            peak_memory: peaks.memory,
            peak_table_elements: peaks.table_elements,
            host_calls: self.host_calls,
            service_bytes: self.service_bytes,
            wall_time: measured.wall_time.then_some(self.wall_time),
        }
    }
}

impl Peaks {
    fn max(self, other: Self) -> Self {
        Self {
            memory: self.memory.max(other.memory),
            table_elements: self.table_elements.max(other.table_elements),
        }
    }
}
