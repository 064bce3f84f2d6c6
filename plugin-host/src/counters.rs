//! What is counted for one plugin while a call of it runs.

use crate::deadline::Deadline;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::Thread;
use std::time::Duration;

/// One plugin's counters. Only the thread that runs the plugin writes them, but
/// for `cancelled`, so plain loads and stores are enough. In cache lines of their
/// own: other threads run other plugins.
#[repr(align(128))]
pub(crate) struct Counters {
    /// The number of the running call, or of the last one. A start of an instance
    /// for a call has the call's, and calls under one budget share theirs.
    pub(crate) call: AtomicU64,
    /// The highest number of a call that somebody ended from outside.
    pub(crate) cancelled: AtomicU64,
    pub(crate) deadline: Deadline,
    pub(crate) host_calls: AtomicU64,
    /// Bytes handed to this library's own services.
    pub(crate) service_bytes: AtomicU64,
    /// Fuel that host functions charged and that the store has not paid yet.
    pub(crate) charged: AtomicU64,
    pub(crate) host_call_limit: u64,
    pub(crate) value_limit: u64,
    /// The thread that waits inside a service.
    pub(crate) waiting: Mutex<Option<Thread>>,
    /// The calls that one of this call's host functions is making: several, where
    /// it makes one between those that share another's budget.
    pub(crate) inner: Mutex<Vec<InnerCall>>,
    /// How many calls are around this one.
    pub(crate) depth: AtomicU32,
    /// How long the last call that was measured took, and all of them, in
    /// nanoseconds.
    pub(crate) took: AtomicU64,
    pub(crate) took_in_all: AtomicU64,
}

/// A call that a host function makes.
#[derive(Clone)]
pub(crate) struct InnerCall {
    /// The number of the call whose host function it is.
    pub(crate) of: u64,
    pub(crate) counters: Arc<Counters>,
    pub(crate) call: u64,
}

impl Counters {
    pub(crate) fn new(host_call_limit: u64, value_limit: u64, deadline: Duration) -> Self {
        Self {
            // The start of the first instance; no call.
            call: AtomicU64::new(1),
            cancelled: AtomicU64::new(0),
            deadline: Deadline::new(deadline),
            host_calls: AtomicU64::new(0),
            service_bytes: AtomicU64::new(0),
            charged: AtomicU64::new(0),
            host_call_limit,
            value_limit,
            waiting: Mutex::new(None),
            inner: Mutex::new(Vec::new()),
            depth: AtomicU32::new(0),
            took: AtomicU64::new(0),
            took_in_all: AtomicU64::new(0),
        }
    }

    #[inline]
    pub(crate) fn call(&self) -> u64 {
        self.call.load(Ordering::Relaxed)
    }

    /// Whether the running call was ended from outside.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed) == self.call()
    }

    /// How much time the running call has left.
    pub(crate) fn time_left(&self) -> Duration {
        if self.is_cancelled() {
            return Duration::ZERO;
        }
        self.deadline.left()
    }

    /// Ends the call of this number: a running one, or one to come.
    pub(crate) fn cancel(&self, call: u64) {
        self.cancelled.fetch_max(call, Ordering::Relaxed);
        // Whoever begins to wait after this lock sees that, and whoever is woken
        // for nothing goes on waiting.
        if let Some(thread) = &*lock(&self.waiting) {
            thread.unpark();
        }
        let inner = lock(&self.inner).clone();
        let of_it = inner.iter().filter(|inner| inner.of == call);
        of_it.for_each(|inner| inner.counters.cancel(inner.call));
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
