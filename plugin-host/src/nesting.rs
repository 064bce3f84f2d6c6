//! Which plugin's call is in a host function on this thread, so that a call made
//! from there runs under what that one has left.
//!
//! One of two modules with `unsafe` code: a counted pointer would cost each host
//! call two atomic operations.
#![expect(unsafe_code, reason = "a pointer that lives as long as its guard")]

use crate::counters::{Counters, lock};
use crate::engine::{CLOCK, LongCall};
use std::cell::Cell;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// How many calls deep an application's functions may call plugins. Each takes
/// the stack that wasm may use, and a thread of Rust's has 2 MiB.
const DEEPEST: u32 = 3;

thread_local! {
    static CALLER: Cell<*const Counters> = const { Cell::new(ptr::null()) };
}

/// What is held while a call runs that needs more than counters.
#[must_use]
pub(crate) struct Held {
    _long_call: Option<LongCall>,
    nested: Option<Nested>,
}

struct Nested {
    outer: Arc<Counters>,
    inner: Arc<Counters>,
}

/// Plugins call plugins through host functions, too deeply.
#[derive(Debug)]
pub(crate) struct TooDeep;

/// While it lives, the thread is in a host function.
///
/// It borrows nothing, so that the host function may have the store: generated
/// code drops it when the function has returned or panicked.
#[must_use]
pub struct InHost {
    outer: *const Counters,
}

impl InHost {
    /// The caller's counters are those of the store whose guest called.
    #[inline]
    pub(crate) fn enter(caller: &Arc<Counters>) -> Self {
        Self {
            outer: CALLER.replace(Arc::as_ptr(caller)),
        }
    }
}

impl Drop for InHost {
    #[inline]
    fn drop(&mut self) {
        CALLER.set(self.outer);
    }
}

/// Whether this thread is in a host function.
#[inline]
pub(crate) fn inside() -> bool {
    !CALLER.get().is_null()
}

/// The call whose host function this thread is in.
fn caller() -> Option<Arc<Counters>> {
    let caller = CALLER.get();
    if caller.is_null() {
        return None;
    }
    // SAFETY: `enter` took the pointer from an `Arc` that the caller's store
    // holds. Its guest's call is suspended further down on this thread's stack,
    // and the store with it, until the guard there is dropped, which takes the
    // pointer away.
    unsafe {
        Arc::increment_strong_count(caller);
        Some(Arc::from_raw(caller))
    }
}

impl Held {
    /// Begins a call that a deadline far ahead, or a call around it, makes
    /// different from others.
    #[cold]
    pub(crate) fn begin(
        counters: &Arc<Counters>,
        ticks: u64,
        end: u64,
    ) -> Result<Box<Self>, TooDeep> {
        let nested = match caller() {
            Some(outer) => Some(Nested::begin(outer, Arc::clone(counters), end)?),
            None => None,
        };
        Ok(Box::new(Self {
            _long_call: CLOCK.cover(ticks),
            nested,
        }))
    }
}

impl Nested {
    /// Begins a call inside of another: it ends no later, and is cancelled with it.
    fn begin(outer: Arc<Counters>, inner: Arc<Counters>, end: u64) -> Result<Self, TooDeep> {
        let depth = outer.depth.load(Ordering::Relaxed) + 1;
        if depth >= DEEPEST {
            return Err(TooDeep);
        }
        inner.depth.store(depth, Ordering::Relaxed);
        // Cancelling takes this lock after it has set the outer flag.
        let mut calls = lock(&outer.inner);
        if outer.cancelled.load(Ordering::Relaxed) {
            inner.cancelled.store(true, Ordering::Relaxed);
        }
        let outer_end = outer.deadline.load(Ordering::Relaxed);
        if outer_end < end {
            inner.deadline.store(outer_end, Ordering::Relaxed);
            let left = outer_end.saturating_sub(CLOCK.now()).max(1);
            inner.inherited.store(left, Ordering::Relaxed);
        }
        calls.push(Arc::clone(&inner));
        drop(calls);
        Ok(Self { outer, inner })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(Nested { outer, inner }) = &self.nested {
            let mut calls = lock(&outer.inner);
            // The last of them, where one plugin is there twice.
            let last = calls.iter().rposition(|call| Arc::ptr_eq(call, inner));
            last.map(|last| calls.remove(last));
            drop(calls);
            inner.depth.store(0, Ordering::Relaxed);
            inner.inherited.store(0, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counters() -> Arc<Counters> {
        let counters = Counters::new(1, 1);
        counters.deadline.store(u64::MAX, Ordering::Relaxed);
        Arc::new(counters)
    }

    #[test]
    fn calls_that_end_in_any_order_leave_no_link_behind() {
        let (outer, first, second) = (counters(), counters(), counters());
        let _in_host = InHost::enter(&outer);
        let begin = |counters| Held::begin(counters, 1, u64::MAX).expect("not too deep");
        let (held_first, held_second) = (begin(&first), begin(&second));
        drop(held_first);
        drop(held_second);
        assert!(lock(&outer.inner).is_empty());
        outer.cancel();
        assert!(!first.cancelled.load(Ordering::Relaxed));
        // What begins inside a call that was cancelled is cancelled from the start.
        let _held = begin(&second);
        assert_eq!(second.ticks_left(), 0);
    }
}
