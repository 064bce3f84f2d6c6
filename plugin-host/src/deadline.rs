//! When the running call began, and when it must end. Interrupts nothing.

use crate::engine::{CLOCK, nanos, time};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Marks a time among the ticks that calls begin on.
const TIMED: u64 = 1 << 63;

/// The deadline of one plugin's running call, in nanoseconds of the clock.
///
/// A plain call begins on a tick and reads no clock. It began after that tick and
/// before the next: it ends as if it had begun at the latest, and has run for as
/// long as if it had begun at the earliest. Every other call knows its time.
pub(crate) struct Deadline {
    /// A tick, or a time that is marked as one.
    began: AtomicU64,
    /// When a call ends whose time is known.
    end: AtomicU64,
    /// How long a plain call may take.
    allowed: u64,
    /// What the call around this one had left, where that was less.
    inherited: AtomicU64,
}

impl Deadline {
    pub(crate) fn new(allowed: Duration) -> Self {
        Self {
            began: AtomicU64::new(0),
            end: AtomicU64::new(0),
            allowed: nanos(allowed),
            inherited: AtomicU64::new(0),
        }
    }

    /// Begins a plain call.
    #[inline]
    pub(crate) fn begin_on(&self, tick: u64) {
        self.began.store(tick, Ordering::Relaxed);
    }

    /// Begins any other.
    pub(crate) fn begin(&self, allowed: Duration) {
        let now = time();
        let end = now.saturating_add(nanos(allowed));
        self.end.store(end, Ordering::Relaxed);
        self.began.store(now | TIMED, Ordering::Relaxed);
    }

    /// Has it end no later than the call around it.
    pub(crate) fn inherit(&self, outer: &Self) {
        let now = time();
        let end = outer.end(now);
        if end < self.end(now) {
            self.end.store(end, Ordering::Relaxed);
            let left = end.saturating_sub(now).max(1);
            self.inherited.store(left, Ordering::Relaxed);
        }
    }

    /// The call around this one is over, or there was none.
    pub(crate) fn disinherit(&self) {
        self.inherited.store(0, Ordering::Relaxed);
    }

    /// What it was given in place of what was due, where the call around it had less.
    pub(crate) fn inherited(&self) -> Option<Duration> {
        match self.inherited.load(Ordering::Relaxed) {
            0 => None,
            left => Some(Duration::from_nanos(left)),
        }
    }

    /// How much is left.
    pub(crate) fn left(&self) -> Duration {
        let now = time();
        Duration::from_nanos(self.end(now).saturating_sub(now))
    }

    /// How long ago the call began. For a plain call it is up to a tick more, and
    /// never less.
    pub(crate) fn elapsed(&self) -> Duration {
        let began = match self.began.load(Ordering::Relaxed) {
            timed if timed & TIMED != 0 => timed & !TIMED,
            tick => CLOCK.earliest_start(tick),
        };
        Duration::from_nanos(time().saturating_sub(began))
    }

    fn end(&self, now: u64) -> u64 {
        match self.began.load(Ordering::Relaxed) {
            timed if timed & TIMED != 0 => self.end.load(Ordering::Relaxed),
            tick => CLOCK.latest_start(tick, now).saturating_add(self.allowed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_ends_with_the_one_around_it_and_never_after_it() {
        let hour = Duration::from_secs(3600);
        let (outer, inner) = (Deadline::new(hour), Deadline::new(hour));
        outer.begin(Duration::ZERO);
        inner.begin(hour);
        assert!(inner.left() > hour / 2 && inner.inherited().is_none());
        inner.inherit(&outer);
        assert_eq!(inner.left(), Duration::ZERO);
        assert_eq!(inner.inherited(), Some(Duration::from_nanos(1)));
        inner.disinherit();
        assert_eq!(inner.inherited(), None);
        // One that may take longer gives nothing.
        outer.begin(Duration::MAX);
        inner.begin(hour);
        inner.inherit(&outer);
        assert!(inner.left() <= hour && inner.inherited().is_none());
        assert!(inner.elapsed() < hour);
    }
}
