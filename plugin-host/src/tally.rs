//! Adds up what a plugin's calls use, as cheaply as a call can bear.

use crate::usage::Usage;
use std::time::Duration;

/// What the last call used, and all together.
///
/// What the last call used is left where it was counted, with its instance, for as
/// long as that lives and no other call begins. Plain numbers; the options of
/// [`Usage`] are put on when someone asks.
#[derive(Default)]
pub(crate) struct Tally {
    /// Of the last call, where they are not with its instance any more.
    last: Amounts,
    /// How many calls there had been when an instance ended last.
    ended_after: u64,
    /// Of all calls whose amounts are not with their instance any more.
    total: Amounts,
    calls: u64,
    /// Of the instance that ended last.
    last_ended: Peaks,
    /// Over all instances that ended.
    ended: Peaks,
}

/// What is counted while a call runs.
#[derive(Clone, Copy, Default)]
pub(crate) struct Amounts {
    /// Of what is counted in full.
    pub(crate) fuel: u64,
    /// Calls whose fuel is not in that.
    pub(crate) uncounted: u64,
    pub(crate) host_calls: u64,
    pub(crate) service_bytes: u64,
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
    /// Counts a call that begins. What the one before it used must have been added.
    #[inline]
    pub(crate) fn begin(&mut self) {
        self.calls += 1;
    }

    /// Adds fuel that an instance used. It would take centuries to overflow.
    #[inline]
    pub(crate) fn add_fuel(&mut self, fuel: u64) {
        self.total.fuel = self.total.fuel.wrapping_add(fuel);
    }

    /// Adds what an instance asked of the host.
    pub(crate) fn add_asked(&mut self, asked: Amounts) {
        self.total.host_calls += asked.host_calls;
        self.total.service_bytes += asked.service_bytes;
    }

    /// Keeps what is known of an instance that ends.
    pub(crate) fn end(&mut self, used: Amounts, peaks: Peaks) {
        self.add_fuel(used.fuel);
        self.add_asked(used);
        self.total.uncounted += used.uncounted;
        if self.is_open() {
            self.last = used;
        }
        self.ended_after = self.calls;
        self.last_ended = peaks;
        self.ended = self.ended.max(peaks);
    }

    /// Whether the last call's amounts are still with its instance.
    fn is_open(&self) -> bool {
        self.calls != self.ended_after
    }

    /// What the last call used; no call, where there was none yet. `current` is
    /// what the instance that is there was used for, and `alive` are its peaks.
    pub(crate) fn last(
        &self,
        current: Option<Amounts>,
        alive: Option<Peaks>,
        took: Duration,
        measured: Measured,
    ) -> Usage {
        let used = current.filter(|_| self.is_open()).unwrap_or(self.last);
        let peaks = alive.unwrap_or(self.last_ended);
        used.usage(self.calls.min(1), took, peaks, measured)
    }

    pub(crate) fn total(
        &self,
        current: Option<Amounts>,
        alive: Option<Peaks>,
        took: Duration,
        measured: Measured,
    ) -> Usage {
        let mut total = self.total;
        if let Some(current) = current {
            total.fuel = total.fuel.wrapping_add(current.fuel);
            total.host_calls += current.host_calls;
            total.service_bytes += current.service_bytes;
        }
        let peaks = self.ended.max(alive.unwrap_or_default());
        total.usage(self.calls, took, peaks, measured)
    }
}

impl Amounts {
    pub(crate) fn usage(
        &self,
        calls: u64,
        time: Duration,
        peaks: Peaks,
        measured: Measured,
    ) -> Usage {
        let uncounted = if measured.fuel { self.uncounted } else { 0 };
        // Nothing is known of the fuel where no call's is.
        let none = uncounted > 0 && uncounted >= calls;
        Usage {
            calls,
            fuel: (measured.fuel && !none).then_some(self.fuel),
            uncounted,
            peak_memory: peaks.memory,
            peak_table_elements: peaks.table_elements,
            host_calls: self.host_calls,
            service_bytes: self.service_bytes,
            wall_time: measured.wall_time.then_some(time),
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
