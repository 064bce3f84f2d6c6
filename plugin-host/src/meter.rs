//! What is counted while a call runs, shared with the application's state.

use crate::engine::{Clock, LongCall, TICK};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Lets the application's host functions see and use up a plugin's budgets.
///
/// The function that makes an instance's state receives one and may keep it in
/// the state. It follows the instance through all of its calls.
#[derive(Clone)]
pub struct Meter(Arc<Counters>);

/// One instance's counters. Only the thread that runs the instance writes them,
/// so plain loads and stores are enough.
pub(crate) struct Counters {
    clock: Arc<Clock>,
    /// The tick at which the call ends.
    deadline: AtomicU64,
    host_calls: AtomicU64,
    host_call_limit: u64,
    /// Fuel that host functions charged and that the store has not paid yet.
    charged: AtomicU64,
}

/// A host function was called once too often.
#[derive(Debug)]
pub(crate) struct TooManyHostCalls;

impl Meter {
    pub(crate) fn new(clock: Arc<Clock>, host_call_limit: u64) -> Self {
        Self(Arc::new(Counters {
            clock,
            deadline: AtomicU64::new(0),
            host_calls: AtomicU64::new(0),
            host_call_limit,
            charged: AtomicU64::new(0),
        }))
    }

    /// Takes `instructions` off the fuel of the call that is running.
    ///
    /// A host function that works in proportion to what the plugin asked uses
    /// it to make the plugin pay. Where that is more fuel than there is left,
    /// the call ends with the fuel error as soon as the host function returns.
    /// Without metering this does nothing.
    pub fn charge_fuel(&self, instructions: u64) {
        let charged = &self.0.charged;
        let sum = charged.load(Ordering::Relaxed).saturating_add(instructions);
        charged.store(sum, Ordering::Relaxed);
    }

    /// How much of the running call's deadline is left, zero when it is over.
    ///
    /// The deadline does not interrupt the application's own functions; one
    /// that waits should wait no longer than this.
    #[must_use]
    pub fn time_left(&self) -> Duration {
        let ticks = self
            .0
            .deadline
            .load(Ordering::Relaxed)
            .saturating_sub(self.0.clock.now());
        TICK.saturating_mul(u32::try_from(ticks).unwrap_or(u32::MAX))
    }

    /// How many host functions the running call has called so far, this one
    /// included.
    #[must_use]
    pub fn host_calls(&self) -> u64 {
        self.0.host_calls.load(Ordering::Relaxed)
    }

    /// Begins a call whose deadline of `ticks` was just set on its store. What
    /// comes back must be held as long as the call runs.
    #[inline]
    pub(crate) fn begin(&self, ticks: u64) -> Option<LongCall> {
        let counters = &*self.0;
        let (deadline, long_call) = counters.clock.cover(ticks);
        counters.deadline.store(deadline, Ordering::Relaxed);
        counters.host_calls.store(0, Ordering::Relaxed);
        counters.charged.store(0, Ordering::Relaxed);
        long_call
    }

    /// Counts one call out of the guest.
    #[inline]
    pub(crate) fn count_host_call(&self) -> Result<(), TooManyHostCalls> {
        let calls = self.host_calls() + 1;
        if calls > self.0.host_call_limit {
            return Err(TooManyHostCalls);
        }
        self.0.host_calls.store(calls, Ordering::Relaxed);
        Ok(())
    }

    /// Counts one call of the guest to a service of this library or of WASI, in
    /// which it hands over `bytes` bytes, or asks for as many.
    pub(crate) fn enter_service(&self, bytes: u64) -> wasmtime::Result<()> {
        self.count_host_call()?;
        let _ = bytes;
        Ok(())
    }

    /// What was charged since it was last taken.
    #[inline]
    pub(crate) fn take_charged(&self) -> u64 {
        let charged = self.0.charged.load(Ordering::Relaxed);
        if charged != 0 {
            self.0.charged.store(0, Ordering::Relaxed);
        }
        charged
    }
}

impl std::fmt::Debug for Meter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meter")
            .field("host_calls", &self.host_calls())
            .field("time_left", &self.time_left())
            .finish()
    }
}

impl std::fmt::Display for TooManyHostCalls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("too many host calls")
    }
}

impl std::error::Error for TooManyHostCalls {}
