//! Keeps the time that deadlines are measured in. Never looks at what runs.
//!
//! One thread bumps the engine's epoch every [`TICK`], so that arming a
//! deadline reads no clock and makes no system call. The thread parks itself
//! when nothing has run for a while.

use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use wasmtime::Engine;

/// The grain of every deadline.
pub(crate) const TICK: Duration = Duration::from_millis(5);

/// How many ticks the thread goes on for after it was last needed: four seconds.
const IDLE: u64 = 800;

/// Deadlines up to this many ticks are covered by the idle period alone, and
/// cost a call two reads; longer ones are counted while they run, under a lock.
const COVERED: u64 = 600;

/// The ticking clock of one engine. Dropping it ends the thread.
pub(crate) struct Ticker {
    clock: Arc<Clock>,
}

/// The part that calls share with the thread.
#[derive(Default)]
pub(crate) struct Clock {
    /// Ticks so far: bumped before the epoch, so never behind it.
    now: AtomicU64,
    /// The tick after which the thread may park; read on every call, written
    /// at most every `IDLE - COVERED` ticks.
    until: AtomicU64,
    control: Mutex<Control>,
    wake: Condvar,
}

#[derive(Default)]
struct Control {
    /// Calls under way whose deadlines are too long for the idle period.
    long_calls: u64,
    parked: bool,
    stop: bool,
}

/// What the thread did between two ticks.
enum Rest {
    None,
    Parked,
    Stopped,
}

/// Held while a call with a long deadline runs.
#[must_use]
pub(crate) struct LongCall(Arc<Clock>);

impl Ticker {
    /// Starts the thread, parked.
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Self> {
        let clock = Arc::new(Clock::default());
        let engine = engine.weak();
        let shared = Arc::clone(&clock);
        thread::Builder::new()
            .name("plugin-host ticker".into())
            .spawn(move || {
                let mut next = Instant::now();
                loop {
                    match shared.rest() {
                        Rest::None => {}
                        Rest::Parked => next = Instant::now(),
                        Rest::Stopped => return,
                    }
                    // From tick to tick, so that late wake-ups do not add up.
                    next += TICK;
                    thread::sleep(next.saturating_duration_since(Instant::now()));
                    let Some(engine) = engine.upgrade() else {
                        return;
                    };
                    shared.now.fetch_add(1, Ordering::Relaxed);
                    // Whoever sees the new epoch must see the new `now`.
                    fence(Ordering::Release);
                    engine.increment_epoch();
                }
            })?;
        Ok(Self { clock })
    }

    pub(crate) fn clock(&self) -> &Arc<Clock> {
        &self.clock
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.clock.control().stop = true;
        self.clock.wake.notify_one();
    }
}

impl Clock {
    /// The current tick.
    #[inline]
    pub(crate) fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    /// Makes sure that the ticks go on until a deadline of `ticks` that was
    /// just set on a store, and says when that is.
    ///
    /// Call it after `set_epoch_deadline`: the epoch read there is never ahead
    /// of the tick read here.
    #[inline]
    pub(crate) fn cover(self: &Arc<Self>, ticks: u64) -> (u64, Option<LongCall>) {
        fence(Ordering::Acquire);
        let end = self.now().saturating_add(ticks);
        if ticks <= COVERED {
            if end >= self.until.load(Ordering::Relaxed) {
                self.extend();
            }
            (end, None)
        } else {
            (end, Some(self.count_long_call()))
        }
    }

    #[cold]
    fn extend(&self) {
        let mut control = self.control();
        self.until
            .fetch_max(self.now().saturating_add(IDLE), Ordering::Relaxed);
        self.unpark(&mut control);
    }

    #[cold]
    fn count_long_call(self: &Arc<Self>) -> LongCall {
        let mut control = self.control();
        control.long_calls += 1;
        self.unpark(&mut control);
        drop(control);
        LongCall(Arc::clone(self))
    }

    fn unpark(&self, control: &mut Control) {
        if control.parked {
            control.parked = false;
            self.wake.notify_one();
        }
    }

    /// Parks while nothing needs ticks.
    fn rest(&self) -> Rest {
        if self.now() <= self.until.load(Ordering::Relaxed) {
            return Rest::None;
        }
        let mut rest = Rest::None;
        let mut control = self.control();
        // Looked at again under the lock that `extend` holds.
        while !control.stop
            && control.long_calls == 0
            && self.now() >= self.until.load(Ordering::Relaxed)
        {
            control.parked = true;
            rest = Rest::Parked;
            control = self
                .wake
                .wait(control)
                .unwrap_or_else(PoisonError::into_inner);
        }
        control.parked = false;
        if control.stop { Rest::Stopped } else { rest }
    }

    fn control(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for LongCall {
    fn drop(&mut self) {
        self.0.control().long_calls -= 1;
    }
}

/// How many ticks cover `time` for sure, whenever the first one falls.
pub(crate) fn ticks_for(time: Duration) -> u64 {
    let whole = time.as_nanos().div_ceil(TICK.as_nanos());
    // A deadline beyond a century is no deadline; it must not overflow either.
    u64::try_from(whole).unwrap_or(u64::MAX).min(u64::MAX >> 8) + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn wait_for(what: impl Fn() -> bool) -> bool {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(30) {
            if what() {
                return true;
            }
            thread::sleep(Duration::from_millis(1));
        }
        false
    }

    fn parked(clock: &Clock) -> bool {
        clock.control().parked
    }

    #[test]
    fn a_deadline_is_rounded_up_and_never_ends_early() {
        for (millis, ticks) in [(0, 1), (1, 2), (5, 2), (6, 3), (100, 21)] {
            assert_eq!(ticks_for(Duration::from_millis(millis)), ticks);
        }
        assert_eq!(ticks_for(Duration::MAX), (u64::MAX >> 8) + 1);
    }

    #[test]
    fn the_default_deadline_costs_no_lock() {
        assert!(ticks_for(Limits::default().deadline) <= COVERED);
    }

    #[test]
    fn the_thread_parks_when_idle_and_wakes_for_the_next_call() {
        let engine = Engine::default();
        let ticker = Ticker::start(&engine).expect("a thread starts");
        let clock = ticker.clock();
        assert!(wait_for(|| parked(clock)), "parks before the first call");

        let (end, long) = clock.cover(4);
        assert!(long.is_none());
        assert!(wait_for(|| clock.now() >= end), "ticks to the deadline");
        assert!(wait_for(|| parked(clock)), "parks after the idle period");
    }

    #[test]
    fn a_call_longer_than_the_idle_period_keeps_the_thread_ticking() {
        let engine = Engine::default();
        let ticker = Ticker::start(&engine).expect("a thread starts");
        let clock = ticker.clock();
        let (_, long) = clock.cover(u64::MAX / 2);
        let start = clock.now();
        assert!(wait_for(|| clock.now() > start + IDLE + 20), "still ticks");
        drop(long);
        assert!(wait_for(|| parked(clock)), "parks once the call has ended");
    }

    #[test]
    fn dropping_the_ticker_ends_its_thread() {
        let engine = Engine::default();
        let ticker = Ticker::start(&engine).expect("a thread starts");
        let clock = Arc::downgrade(ticker.clock());
        drop(ticker);
        assert!(wait_for(|| clock.upgrade().is_none()));
    }
}
