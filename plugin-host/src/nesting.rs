//! Which plugin's call is in a host function on this thread, so that a call made
//! from there runs under what that one has left.
//!
//! One of two modules with `unsafe` code: a counted pointer would cost each host
//! call two atomic operations.
#![expect(unsafe_code, reason = "a pointer that lives as long as its guard")]

use crate::counters::{Counters, InnerCall, lock};
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
    pub(crate) fn begin(counters: &Arc<Counters>, ticks: u64) -> Result<Box<Self>, TooDeep> {
        let nested = match caller() {
            Some(outer) => Some(Nested::begin(outer, Arc::clone(counters))?),
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
    fn begin(outer: Arc<Counters>, inner: Arc<Counters>) -> Result<Self, TooDeep> {
        let depth = outer.depth.load(Ordering::Relaxed) + 1;
        if depth >= DEEPEST {
            return Err(TooDeep);
        }
        inner.depth.store(depth, Ordering::Relaxed);
        // Cancelling takes this lock after it has said so of the outer call.
        let mut calls = lock(&outer.inner);
        let call = inner.call();
        if outer.is_cancelled() {
            inner.cancel(call);
        }
        inner.deadline.inherit(&outer.deadline);
        calls.push(InnerCall {
            of: outer.call(),
            counters: Arc::clone(&inner),
            call,
        });
        drop(calls);
        Ok(Self { outer, inner })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(Nested { outer, inner }) = &self.nested {
            let mut calls = lock(&outer.inner);
            // The last of them, where one plugin is there twice.
            let last = calls
                .iter()
                .rposition(|call| Arc::ptr_eq(&call.counters, inner));
            last.map(|last| calls.remove(last));
            drop(calls);
            inner.depth.store(0, Ordering::Relaxed);
            inner.deadline.disinherit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn counters() -> Arc<Counters> {
        let counters = Counters::new(1, 1, Duration::MAX);
        counters.deadline.begin(Duration::MAX);
        Arc::new(counters)
    }

    #[test]
    fn calls_that_end_in_any_order_leave_no_link_behind() {
        let (outer, first, second) = (counters(), counters(), counters());
        let _in_host = InHost::enter(&outer);
        let begin = |counters| Held::begin(counters, 1).expect("not too deep");
        let (held_first, held_second) = (begin(&first), begin(&second));
        drop(held_first);
        drop(held_second);
        assert!(lock(&outer.inner).is_empty());
        outer.cancel(outer.call());
        assert!(!first.is_cancelled());
        // What begins inside a call that was cancelled is cancelled from the start.
        let _held = begin(&second);
        assert_eq!(second.time_left(), Duration::ZERO);
    }

    #[test]
    fn cancelling_an_earlier_call_ends_nothing_of_the_next_ones() {
        let (outer, inner) = (counters(), counters());
        let earlier = outer.call();
        outer.call.store(earlier + 1, Ordering::Relaxed);
        let _in_host = InHost::enter(&outer);
        let _held = Held::begin(&inner, 1).expect("not too deep");
        outer.cancel(earlier);
        assert!(!outer.is_cancelled() && !inner.is_cancelled());
        outer.cancel(earlier + 1);
        assert!(outer.is_cancelled() && inner.is_cancelled());
        outer.cancel(earlier);
        assert!(outer.is_cancelled(), "cancelling late takes nothing back");
    }
}
