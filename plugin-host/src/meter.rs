//! What is counted while a call runs, shared with the application's state.

use crate::counters::{Counters, lock};
use crate::engine::{CLOCK, nanos, ticks_for};
use crate::limits::Limits;
use crate::nesting::{self, Held, InHost, TooDeep};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Lets the application's host functions see and use up a plugin's budgets.
///
/// The function that makes an instance's state receives one and may keep it in
/// the state. It follows the plugin through all of its calls.
#[derive(Clone)]
pub struct Meter(Arc<Counters>);

/// Ends one call of a plugin from any thread; see
/// [`Plugin::canceller`](crate::Plugin::canceller).
#[derive(Clone)]
pub struct Canceller {
    counters: Arc<Counters>,
    /// The number of the call that it is for.
    call: u64,
}

/// Measures a call until it is dropped, whatever ends that.
#[must_use]
pub(crate) struct Measuring(Meter);

/// A host function was called once too often.
#[derive(Debug)]
pub(crate) struct TooManyHostCalls;

/// More bytes were handed to a service at once than one value may have.
#[derive(Debug)]
pub(crate) struct ValueTooLarge {
    pub(crate) asked: u64,
}

impl Meter {
    pub(crate) fn new(limits: &Limits) -> Self {
        let Limits {
            host_calls,
            value,
            deadline,
            ..
        } = *limits;
        Self(Arc::new(Counters::new(host_calls, value, deadline)))
    }

    /// In a call that a test says is running.
    pub(crate) fn of_test(limits: &Limits) -> Self {
        let meter = Self::new(limits);
        meter.0.deadline.begin(limits.deadline);
        meter
    }

    /// Counts calls that a test says were made.
    pub(crate) fn count_host_calls(&self, calls: u64) {
        let sum = self.host_calls().saturating_add(calls);
        self.0.host_calls.store(sum, Ordering::Relaxed);
    }

    /// Ends the call that a test says is running.
    pub(crate) fn cancel_running(&self) {
        self.0.cancel(self.0.call());
    }

    /// What host functions charged and the store has not paid, as when they panicked.
    pub(crate) fn charged(&self) -> u64 {
        self.0.charged.load(Ordering::Relaxed)
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

    /// How much of the running call's deadline is left, zero when it is over or
    /// was cancelled.
    ///
    /// The deadline does not interrupt the application's own functions; one
    /// that waits should wait no longer than this. Calls that it makes to other
    /// plugins end then too, where it makes them on its own thread.
    #[must_use]
    pub fn time_left(&self) -> Duration {
        self.0.time_left()
    }

    /// Whether the running call was cancelled: a host function that takes long
    /// looks at this now and then, and returns early.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    /// How many host functions the running call has called so far, this one
    /// included.
    #[must_use]
    pub fn host_calls(&self) -> u64 {
        self.0.host_calls.load(Ordering::Relaxed)
    }

    /// Bytes that the running call has handed to this library's own services.
    pub(crate) fn service_bytes(&self) -> u64 {
        self.0.service_bytes.load(Ordering::Relaxed)
    }

    /// For the next call.
    pub(crate) fn canceller(&self) -> Canceller {
        Canceller {
            counters: Arc::clone(&self.0),
            call: self.0.call() + 1,
        }
    }

    /// Turns to the next call. What begins now may begin several times, an
    /// instance's start before the call for one, and cancelling any of these ends
    /// it all.
    pub(crate) fn next_call(&self) {
        self.0.call.store(self.0.call() + 1, Ordering::Relaxed);
    }

    /// Turns back, when an instance was started for a call that is still to come.
    pub(crate) fn before_call(&self) {
        self.0.call.store(self.0.call() - 1, Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn counters(&self) -> &Counters {
        &self.0
    }

    /// Begins a call that may take so long. What comes back must be held as long
    /// as the call runs.
    pub(crate) fn begin(&self, allowed: Duration) -> Result<Option<Box<Held>>, TooDeep> {
        let ticks = ticks_for(allowed);
        self.0.deadline.begin(allowed);
        if CLOCK.may_cover(ticks) && CLOCK.covering(ticks).is_some() && !nesting::inside() {
            Ok(None)
        } else {
            Held::begin(&self.0, ticks).map(Some)
        }
    }

    /// Counts from zero.
    pub(crate) fn reset(&self) {
        let counters = &*self.0;
        counters.host_calls.store(0, Ordering::Relaxed);
        counters.service_bytes.store(0, Ordering::Relaxed);
        counters.charged.store(0, Ordering::Relaxed);
    }

    /// Measures the call that began just now.
    pub(crate) fn measure(&self) -> Measuring {
        Measuring(self.clone())
    }

    /// How long the last call that was measured took, and all of them.
    pub(crate) fn measured(&self) -> (Duration, Duration) {
        let time = |nanos: &AtomicU64| Duration::from_nanos(nanos.load(Ordering::Relaxed));
        (time(&self.0.took), time(&self.0.took_in_all))
    }

    /// How long ago the call began; see [`Deadline::elapsed`].
    ///
    /// [`Deadline::elapsed`]: crate::deadline::Deadline::elapsed
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.deadline.elapsed()
    }

    /// What the call was given in place of its own deadline, where the call
    /// around it had less time left.
    pub(crate) fn inherited_deadline(&self) -> Option<Duration> {
        self.0.deadline.inherited()
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

    /// Counts one call out of the guest to a function of the application.
    #[inline]
    pub(crate) fn enter_host(&self) -> Result<InHost, TooManyHostCalls> {
        self.count_host_call()?;
        Ok(InHost::enter(&self.0))
    }

    /// Counts one call of the guest to a service of this library or of WASI, in
    /// which it hands over `bytes` bytes, or asks for as many.
    pub(crate) fn enter_service(&self, bytes: u64) -> wasmtime::Result<()> {
        self.count_host_call()?;
        if bytes > self.0.value_limit {
            return Err(ValueTooLarge { asked: bytes }.into());
        }
        let sum = self.service_bytes().saturating_add(bytes);
        self.0.service_bytes.store(sum, Ordering::Relaxed);
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

    /// Whether the guest must stop now: it is past its deadline, or cancelled.
    pub(crate) fn is_over(&self) -> bool {
        self.0.time_left().is_zero()
    }

    /// Runs `wait` as what this thread waits in: cancelling unparks it.
    pub(crate) fn while_waiting<R>(&self, wait: impl FnOnce() -> R) -> R {
        *lock(&self.0.waiting) = Some(std::thread::current());
        let result = wait();
        *lock(&self.0.waiting) = None;
        result
    }
}

impl Canceller {
    /// Ends the call that this was taken for, within about 5 ms, also if the plugin
    /// waits in a service of this library or in a call to another plugin. A call
    /// that has not begun yet ends soon after it begins. If the call is over, this
    /// does nothing: later calls are not touched.
    ///
    /// A function of the application is not interrupted: the call ends when it
    /// returns. The call's error is
    /// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled).
    pub fn cancel(&self) {
        self.counters.cancel(self.call);
    }
}

impl Drop for Measuring {
    fn drop(&mut self) {
        let counters = &*self.0.0;
        let took = nanos(counters.deadline.elapsed());
        let all = counters.took_in_all.load(Ordering::Relaxed);
        counters.took.store(took, Ordering::Relaxed);
        let all = all.saturating_add(took);
        counters.took_in_all.store(all, Ordering::Relaxed);
    }
}

/// Begins a call that takes up to so many ticks, where nothing but counters is needed
/// for it, or says that more is.
///
/// What the guest asked of the host is left to be taken back: few calls ask
/// anything.
#[inline]
pub(crate) fn begin_plainly(counters: &Counters, ticks: u64) -> bool {
    let Some(tick) = CLOCK.covering(ticks) else {
        return false;
    };
    if nesting::inside() {
        return false;
    }
    let call = counters.call.load(Ordering::Relaxed).wrapping_add(1);
    counters.call.store(call, Ordering::Relaxed);
    counters.deadline.begin_on(tick);
    counters.charged.store(0, Ordering::Relaxed);
    true
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meter")
            .field("host_calls", &self.host_calls())
            .field("time_left", &self.time_left())
            .finish()
    }
}

impl fmt::Debug for Canceller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Canceller").finish_non_exhaustive()
    }
}

impl fmt::Display for TooManyHostCalls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("too many host calls")
    }
}

impl fmt::Display for ValueTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes are too many for one value", self.asked)
    }
}

impl std::error::Error for TooManyHostCalls {}

impl std::error::Error for ValueTooLarge {}
