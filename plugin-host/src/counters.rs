//! What is counted for one plugin while a call of it runs.

use crate::engine::CLOCK;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::Thread;

/// One plugin's counters. Only the thread that runs the plugin writes them, but
/// for `deadline`, so plain loads and stores are enough. In cache lines of their
/// own: other threads run other plugins.
#[repr(align(128))]
pub(crate) struct Counters {
    /// Somebody ended the call from outside; taken back when the next begins.
    pub(crate) cancelled: AtomicBool,
    /// The tick at which the call ends.
    pub(crate) deadline: AtomicU64,
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
    pub(crate) inner: Mutex<Vec<Arc<Counters>>>,
    /// How many calls are around this one.
    pub(crate) depth: AtomicU32,
    /// The ticks that the caller had left, where it was less than was due.
    pub(crate) inherited: AtomicU64,
}

impl Counters {
    pub(crate) fn new(host_call_limit: u64, value_limit: u64) -> Self {
        Self {
            cancelled: AtomicBool::new(false),
            deadline: AtomicU64::new(0),
            host_calls: AtomicU64::new(0),
            service_bytes: AtomicU64::new(0),
            charged: AtomicU64::new(0),
            host_call_limit,
            value_limit,
            waiting: Mutex::new(None),
            inner: Mutex::new(Vec::new()),
            depth: AtomicU32::new(0),
            inherited: AtomicU64::new(0),
        }
    }

    pub(crate) fn ticks_left(&self) -> u64 {
        if self.cancelled.load(Ordering::Relaxed) {
            return 0;
        }
        let deadline = self.deadline.load(Ordering::Relaxed);
        deadline.saturating_sub(CLOCK.now())
    }

    pub(crate) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        // Whoever begins to wait after this lock sees that.
        if let Some(thread) = &*lock(&self.waiting) {
            thread.unpark();
        }
        let inner = lock(&self.inner).clone();
        inner.iter().for_each(|inner| inner.cancel());
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
