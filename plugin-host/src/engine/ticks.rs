//! When each tick of the clock came. Reads no clock itself, and starts no thread.
//!
//! A plain call reads the number of the last tick, and no clock. Whoever holds it
//! against the time later finds here when it began: after that tick, and before
//! the next one was there to be read, however late that came.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The grain of every deadline, and the least time between two ticks.
pub(super) const TICK: Duration = Duration::from_millis(5);

/// How many ticks are kept: more than the longest deadline of a plain call takes.
const KEPT: u64 = 1 << 14;

/// How soon after its time was taken a tick can be read, in nanoseconds, if it is
/// marked as prompt. The thread may be interrupted in between.
const PROMPT: u64 = 100_000;

/// The ticks so far, and the times of the last of them, in nanoseconds.
pub(super) struct Ticks {
    now: AtomicU64,
    /// Each time is doubled, and one more if the tick was prompt.
    came: [AtomicU64; KEPT as usize],
}

impl Ticks {
    pub(super) const fn new() -> Self {
        Self {
            now: AtomicU64::new(0),
            came: [const { AtomicU64::new(0) }; KEPT as usize],
        }
    }

    /// The current tick.
    #[inline]
    pub(super) fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    /// Counts one more. One thread does so at a time.
    pub(super) fn tick(&self, time: impl Fn() -> u64) {
        let tick = self.now() + 1;
        let came = self.slot(tick);
        let taken = time();
        came.store(taken << 1, Ordering::Release);
        self.now.store(tick, Ordering::Release);
        if time() - taken < PROMPT / 2 {
            came.store(taken << 1 | 1, Ordering::Release);
        }
    }

    /// When a call began at the latest that read `tick`; `time` is the time now.
    pub(super) fn latest_start(&self, tick: u64, time: u64) -> u64 {
        let there = self.now.load(Ordering::Acquire).saturating_sub(tick);
        let next = self.slot(tick + 1).load(Ordering::Acquire);
        let second = self.slot(tick + 2).load(Ordering::Acquire);
        // Looked at again: both may be those of a later lap by now.
        if self.has_passed(tick) >= KEPT {
            // Any plain deadline is over, even one from when time began.
            0
        } else if there >= 1 && next & 1 == 1 {
            (next >> 1) + PROMPT
        } else if there >= 2 {
            // Its time was taken after the one before it could be read.
            second >> 1
        } else {
            time
        }
    }

    /// When a call began at the earliest that read `tick`.
    pub(super) fn earliest_start(&self, tick: u64) -> u64 {
        let came = self.slot(tick).load(Ordering::Acquire);
        if self.has_passed(tick) < KEPT {
            return came >> 1;
        }
        // A host function kept it for longer than ticks are kept.
        let known = self.now.load(Ordering::Acquire) - KEPT / 2;
        let before = (known - tick).saturating_mul(TICK.as_nanos() as u64);
        let came = self.slot(known).load(Ordering::Acquire) >> 1;
        came.saturating_sub(before)
    }

    /// How many ticks came after `tick`, and two for those that are being written.
    fn has_passed(&self, tick: u64) -> u64 {
        self.now.load(Ordering::Acquire).saturating_sub(tick) + 2
    }

    fn slot(&self, tick: u64) -> &AtomicU64 {
        &self.came[(tick % KEPT) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    const MS: u64 = 1_000_000;

    /// Ticks at a time that a test sets.
    struct Simulated {
        ticks: Box<Ticks>,
        time: Cell<u64>,
    }

    impl Simulated {
        fn new() -> Self {
            Self {
                ticks: Box::new(Ticks::new()),
                time: Cell::new(0),
            }
        }

        fn tick_at(&self, time: u64) {
            self.time.set(time);
            self.ticks.tick(|| self.time.get());
        }

        /// The thread is interrupted between taking the time and telling it.
        fn tick_slowly(&self, from: u64, to: u64) {
            self.time.set(from);
            self.ticks.tick(|| self.time.replace(to));
        }

        fn is_over(&self, tick: u64, allowed: u64) -> bool {
            self.time.get() >= self.ticks.latest_start(tick, self.time.get()) + allowed
        }
    }

    /// A pseudo-random number below `bound`.
    fn random(state: &mut u64, bound: u64) -> u64 {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state % bound
    }

    #[test]
    fn however_late_ticks_come_no_call_ends_early_and_none_a_tick_too_late() {
        let mut state = 0x9E37_79B9_7F4A_7C15;
        for round in 0..200 {
            let clock = Simulated::new();
            clock.tick_at(0);
            // The calls that run: their tick, when they began, and what they may take.
            let mut running = Vec::new();
            let (mut before, mut ended) = (0, 0);
            for _ in 0..500 {
                let late = match round % 4 {
                    0 => 0,
                    1 => random(&mut state, MS),
                    2 => random(&mut state, 40 * MS),
                    _ if random(&mut state, 10) == 0 => random(&mut state, 300 * MS),
                    _ => 0,
                };
                let time = before + 5 * MS + late;
                for _ in 0..random(&mut state, 3) {
                    let began = before + random(&mut state, time - before);
                    let tick = clock.ticks.now();
                    let earliest = clock.ticks.earliest_start(tick);
                    assert!(earliest == before && began >= earliest);
                    let allowed = 1 + random(&mut state, 100 * MS);
                    running.push((tick, began, allowed, time));
                }
                clock.tick_at(time);
                running.retain(|(tick, began, allowed, next)| {
                    let over = clock.is_over(*tick, *allowed);
                    // Whoever looked at `next` can say no more than that it began by then.
                    assert!(!over || time >= began + allowed, "early");
                    assert!(over || time < next + allowed + PROMPT, "late");
                    ended += u64::from(over);
                    !over
                });
                before = time;
            }
            assert!(ended > 100, "{ended}");
        }
    }

    #[test]
    fn a_tick_that_is_told_late_is_no_bound_until_the_next_one_came() {
        let clock = Simulated::new();
        clock.tick_at(0);
        let tick = clock.ticks.now();
        // Calls may begin up to 90 ms, though the time was taken at 5 ms.
        clock.tick_slowly(5 * MS, 90 * MS);
        assert_eq!(clock.ticks.earliest_start(tick + 1), 5 * MS);
        assert_eq!(clock.ticks.latest_start(tick, 90 * MS), 90 * MS);
        assert!(!clock.is_over(tick, 10 * MS));
        clock.tick_at(95 * MS);
        assert_eq!(clock.ticks.latest_start(tick, 95 * MS), 95 * MS);
        assert!(!clock.is_over(tick, 10 * MS));
        clock.tick_at(105 * MS);
        assert!(clock.is_over(tick, 10 * MS));
    }

    #[test]
    fn a_call_that_outlived_what_is_kept_is_over_and_knows_about_when_it_began() {
        let clock = Simulated::new();
        clock.tick_at(7 * MS);
        let tick = clock.ticks.now();
        for number in 1..=3 * KEPT {
            clock.tick_at(7 * MS + number * 5 * MS);
            assert_eq!(clock.ticks.earliest_start(tick), 7 * MS);
            if number >= 12_002 {
                assert!(clock.is_over(tick, 60_000 * MS), "{number}");
            }
        }
    }
}
