//! Keeps the time that deadlines are measured in. Never looks at what runs.
//!
//! One thread for the process counts ticks and bumps every engine's epoch, so
//! that arming a deadline reads no clock and makes no system call. The thread
//! parks itself when nothing has run for a while.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use wasmtime::{Engine, EngineWeak};

/// The grain of every deadline.
pub(crate) const TICK: Duration = Duration::from_millis(5);

/// For how many ticks the thread goes on after the last deadline that it was
/// needed for: four seconds.
const IDLE: u64 = 800;

/// Deadlines up to this many ticks, a minute, cost a call two reads; longer ones
/// are counted while they run, under a lock.
const COVERED: u64 = 12_000;

/// The clock of this process.
pub(crate) static CLOCK: Clock = Clock::new();

pub(crate) struct Clock {
    now: AtomicU64,
    /// The tick after which the thread may park; read on every call, written
    /// about every `IDLE` ticks.
    until: AtomicU64,
    control: Mutex<Control>,
    wake: Condvar,
}

struct Control {
    engines: Vec<EngineWeak>,
    /// Calls under way whose deadlines are too long for the idle period.
    long_calls: u64,
    started: bool,
    parked: bool,
}

/// Held while a call with a long deadline runs.
#[must_use]
pub(crate) struct LongCall(&'static Clock);

impl Clock {
    const fn new() -> Self {
        Self {
            now: AtomicU64::new(0),
            until: AtomicU64::new(0),
            control: Mutex::new(Control {
                engines: Vec::new(),
                long_calls: 0,
                started: false,
                parked: false,
            }),
            wake: Condvar::new(),
        }
    }

    /// Ticks for this engine, too, for as long as it lives.
    ///
    /// # Errors
    ///
    /// When the system cannot start the thread.
    pub(crate) fn tick_for(&'static self, engine: &Engine) -> std::io::Result<()> {
        let mut control = self.control();
        if !control.started {
            thread::Builder::new()
                .name("plugin-host clock".into())
                .spawn(move || self.run())?;
            control.started = true;
        }
        control.engines.push(engine.weak());
        Ok(())
    }

    /// The current tick.
    #[inline]
    pub(crate) fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    /// Whether a deadline of so many ticks can be [covered](Self::covers) at all.
    pub(crate) fn may_cover(&self, ticks: u64) -> bool {
        ticks <= COVERED
    }

    /// Whether the ticks go on until `end` without anything done for it.
    #[inline]
    pub(crate) fn covers(&self, end: u64) -> bool {
        end < self.until.load(Ordering::Relaxed)
    }

    /// Makes sure that the ticks go on for as many more.
    #[cold]
    pub(crate) fn cover(&'static self, ticks: u64) -> Option<LongCall> {
        let mut control = self.control();
        let long_call = !self.may_cover(ticks);
        if long_call {
            control.long_calls += 1;
        } else {
            let until = self.now().saturating_add(ticks + IDLE);
            self.until.fetch_max(until, Ordering::Relaxed);
        }
        if control.parked {
            control.parked = false;
            self.wake.notify_one();
        }
        long_call.then(|| LongCall(self))
    }

    fn run(&self) {
        loop {
            self.rest();
            // A tick that comes late is not caught up on: a call that began
            // meanwhile would see several at once, and end before its time.
            thread::sleep(TICK);
            // Before the epochs: who is interrupted looks at `now`.
            self.now.fetch_add(1, Ordering::Relaxed);
            self.control().engines.retain(|engine| {
                let engine = engine.upgrade();
                if let Some(engine) = &engine {
                    engine.increment_epoch();
                }
                engine.is_some()
            });
        }
    }

    /// Parks while nothing needs ticks.
    fn rest(&self) {
        if self.now() <= self.until.load(Ordering::Relaxed) {
            return;
        }
        let mut control = self.control();
        // Looked at again under the lock that `cover` holds.
        while control.long_calls == 0 && self.now() >= self.until.load(Ordering::Relaxed) {
            control.parked = true;
            control = self
                .wake
                .wait(control)
                .unwrap_or_else(PoisonError::into_inner);
        }
        control.parked = false;
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
    use std::time::Instant;

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

    /// A clock that no other test uses.
    fn clock() -> &'static Clock {
        Box::leak(Box::new(Clock::new()))
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
        assert!(CLOCK.may_cover(ticks_for(Limits::default().deadline)));
    }

    #[test]
    fn the_thread_parks_when_idle_and_wakes_for_the_next_call() {
        let clock = clock();
        clock.tick_for(&Engine::default()).expect("a thread starts");
        assert!(wait_for(|| parked(clock)), "parks before the first call");

        assert!(clock.cover(4).is_none());
        let end = clock.now() + 4;
        assert!(clock.covers(end));
        assert!(wait_for(|| clock.now() >= end), "ticks to the deadline");
        assert!(wait_for(|| parked(clock)), "parks after the idle period");
    }

    #[test]
    fn a_call_longer_than_the_idle_period_keeps_the_thread_ticking() {
        let clock = clock();
        clock.tick_for(&Engine::default()).expect("a thread starts");
        let long = clock.cover(u64::MAX / 2);
        let start = clock.now();
        assert!(wait_for(|| clock.now() > start + IDLE + 20), "still ticks");
        drop(long);
        assert!(wait_for(|| parked(clock)), "parks once the call has ended");
    }

    #[test]
    fn an_engine_that_is_gone_is_forgotten() {
        let clock = clock();
        let (kept, dropped) = (Engine::default(), Engine::default());
        clock.tick_for(&kept).expect("a thread starts");
        clock.tick_for(&dropped).expect("a thread is there");
        drop(dropped);
        let _ticks = clock.cover(1000);
        assert!(wait_for(|| clock.control().engines.len() == 1));
    }
}
