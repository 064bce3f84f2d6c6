//! Keeps the time that deadlines are measured in. Never looks at what runs.
//!
//! One thread for the process counts ticks, writes down when each one came and
//! bumps every engine's epoch, so that arming a deadline reads no clock and makes
//! no system call. What is over is decided against the real time, so that a thread
//! that comes late neither stretches a deadline nor ends a call early. It parks
//! itself when nothing has run for a while.

use super::ticks::{TICK, Ticks};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use wasmtime::{Engine, EngineWeak};

/// For how many ticks the thread goes on after the last deadline that it was
/// needed for: four seconds.
const IDLE: u64 = 800;

/// Deadlines up to this many ticks, a minute, cost a call two reads; longer ones
/// are counted while they run, under a lock.
const COVERED: u64 = 12_002;

/// The clock of this process.
pub(crate) static CLOCK: Clock = Clock::new();

pub(crate) struct Clock {
    ticks: Ticks,
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
            ticks: Ticks::new(),
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
            self.ticks.tick(time);
            thread::Builder::new()
                .name("plugin-host clock".into())
                .spawn(move || self.run())?;
            control.started = true;
        }
        control.engines.push(engine.weak());
        Ok(())
    }

    /// Whether a deadline of so many ticks can be [covered](Self::covering) at all.
    pub(crate) fn may_cover(&self, ticks: u64) -> bool {
        ticks <= COVERED
    }

    /// The current tick, if so many more follow without anything done for it.
    #[inline]
    pub(crate) fn covering(&self, ticks: u64) -> Option<u64> {
        // Read first: once it is raised after a rest, the tick is a fresh one.
        let until = self.until.load(Ordering::Acquire);
        let now = self.ticks.now();
        if now.wrapping_add(ticks) < until {
            Some(now)
        } else {
            None
        }
    }

    /// Makes sure that so many more ticks follow.
    #[cold]
    pub(crate) fn cover(&'static self, ticks: u64) -> Option<LongCall> {
        let mut control = self.control();
        let long_call = !self.may_cover(ticks);
        if control.parked {
            control.parked = false;
            // Plain calls that begin now began after this one, not before the rest.
            self.ticks.tick(time);
            self.wake.notify_one();
        }
        if long_call {
            control.long_calls += 1;
        } else {
            let until = self.ticks.now().saturating_add(ticks + IDLE);
            self.until.fetch_max(until, Ordering::Release);
        }
        long_call.then(|| LongCall(self))
    }

    /// When a call began at the latest that read this tick, or `now` if that is
    /// still open.
    pub(crate) fn latest_start(&self, tick: u64, now: u64) -> u64 {
        self.ticks.latest_start(tick, now)
    }

    /// When a call began at the earliest that read this tick.
    pub(crate) fn earliest_start(&self, tick: u64) -> u64 {
        self.ticks.earliest_start(tick)
    }

    fn run(&self) {
        loop {
            self.rest();
            // Never less than a tick, also after a late one: deadlines are covered
            // by a number of ticks.
            thread::sleep(TICK);
            let mut control = self.control();
            // Before the epochs: whoever is interrupted looks at it.
            self.ticks.tick(time);
            control.engines.retain(|engine| {
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
        if self.ticks.now() <= self.until.load(Ordering::Relaxed) {
            return;
        }
        let mut control = self.control();
        // Looked at again under the lock that `cover` holds.
        while control.long_calls == 0 && self.ticks.now() >= self.until.load(Ordering::Relaxed) {
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

/// The time that deadlines are held against, in nanoseconds since some moment.
pub(crate) fn time() -> u64 {
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    nanos(BEGAN.elapsed())
}

/// Centuries, where it is more.
pub(crate) fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// How many ticks after the one that a call read its deadline has been looked at:
/// up to two until it is known when the call began, and as many as cover `time`.
pub(crate) fn ticks_for(time: Duration) -> u64 {
    let whole = time.as_nanos().div_ceil(TICK.as_nanos());
    // A deadline beyond a century is no deadline; it must not overflow either.
    u64::try_from(whole).unwrap_or(u64::MAX).min(u64::MAX >> 8) + 2
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

    /// A clock that no other test uses.
    fn clock() -> &'static Clock {
        Box::leak(Box::new(Clock::new()))
    }

    fn parked(clock: &Clock) -> bool {
        clock.control().parked
    }

    #[test]
    fn a_deadline_is_rounded_up_and_never_ends_early() {
        for (millis, ticks) in [(0, 2), (1, 3), (5, 3), (6, 4), (100, 22)] {
            assert_eq!(ticks_for(Duration::from_millis(millis)), ticks);
        }
        assert_eq!(ticks_for(Duration::MAX), (u64::MAX >> 8) + 2);
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
        let end = clock.covering(4).expect("it is covered") + 4;
        assert!(
            wait_for(|| clock.ticks.now() >= end),
            "ticks to the deadline"
        );
        assert!(wait_for(|| parked(clock)), "parks after the idle period");
    }

    #[test]
    fn a_call_longer_than_the_idle_period_keeps_the_thread_ticking() {
        let clock = clock();
        clock.tick_for(&Engine::default()).expect("a thread starts");
        let long = clock.cover(u64::MAX / 2);
        let start = clock.ticks.now();
        assert!(
            wait_for(|| clock.ticks.now() > start + IDLE + 20),
            "still ticks"
        );
        drop(long);
        assert!(wait_for(|| parked(clock)), "parks once the call has ended");
    }

    #[test]
    fn a_rest_is_no_part_of_a_call_that_begins_after_it() {
        let clock = clock();
        clock.tick_for(&Engine::default()).expect("a thread starts");
        assert!(wait_for(|| parked(clock)), "parks before the first call");
        thread::sleep(Duration::from_millis(50));
        let before = time();
        assert!(clock.cover(4).is_none());
        let tick = clock.covering(4).expect("it is covered");
        assert!(clock.earliest_start(tick) >= before);
    }

    #[test]
    fn a_call_that_begins_while_the_thread_is_late_is_not_ended_early() {
        let clock = clock();
        clock.tick_for(&Engine::default()).expect("a thread starts");
        assert!(clock.cover(1000).is_none());
        // Without this lock, the thread cannot tick.
        let control = clock.control();
        let tick = clock.covering(4).expect("it is covered");
        thread::sleep(Duration::from_millis(60));
        let began = time();
        assert_eq!(
            clock.covering(4),
            Some(tick),
            "there was no other meanwhile"
        );
        drop(control);
        assert!(wait_for(|| clock.ticks.now() >= tick + 2), "ticks again");
        assert!(clock.latest_start(tick, time()) >= began);
        assert!(clock.earliest_start(tick) <= began - nanos(Duration::from_millis(60)));
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
