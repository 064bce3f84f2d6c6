//! Does the same to many items on several threads. Keeps their order, and knows
//! nothing of what is done.

use std::iter::Enumerate;
use std::panic::resume_unwind;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::vec::IntoIter;

/// What `work` makes of each item, in their order. The calling thread works with
/// the others; where it is the only one, nothing is different from a loop.
///
/// A panic of `work` is handed on, and what nobody has begun is not begun.
pub(crate) fn map<T: Send, R: Send>(
    items: Vec<T>,
    threads: u64,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let threads = threads.min(items.len() as u64);
    if threads <= 1 {
        return items.into_iter().map(work).collect();
    }
    let span = tracing::Span::current();
    let left = Left(Mutex::new(items.into_iter().enumerate()));
    let share = || {
        let _span = span.enter();
        let _rest = Rest(&left);
        let items = std::iter::from_fn(|| left.items().next());
        items.map(|(at, item)| (at, work(item))).collect()
    };
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        // Where no further thread starts, the others do its share.
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, share).ok();
        let others: Vec<_> = (1..threads).filter_map(spawn).collect();
        let mut done: Vec<_> = share();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}

/// The items that nobody has begun.
struct Left<T>(Mutex<Enumerate<IntoIter<T>>>);

impl<T> Left<T> {
    fn items(&self) -> MutexGuard<'_, Enumerate<IntoIter<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes away what is left, where the thread panics.
struct Rest<'a, T>(&'a Left<T>);

impl<T> Drop for Rest<'_, T> {
    fn drop(&mut self) {
        if thread::panicking() {
            *self.0.items() = Vec::new().into_iter().enumerate();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread::ThreadId;
    use std::time::Duration;

    #[test]
    fn results_keep_the_order_whichever_thread_ends_first() {
        let slow_first = |item: u64| {
            thread::sleep(Duration::from_millis(if item == 0 { 20 } else { 0 }));
            item * 2
        };
        for threads in [0, 1, 2, 7, 1000] {
            let items: Vec<u64> = (0..50).collect();
            let doubled: Vec<u64> = (0..50).map(|item| item * 2).collect();
            assert_eq!(map(items, threads, slow_first), doubled, "{threads}");
        }
        assert!(map(Vec::new(), 2, slow_first).is_empty());
    }

    #[test]
    fn as_many_threads_work_as_are_asked_for_and_one_is_the_callers() {
        let here: ThreadId = thread::current().id();
        let met = Barrier::new(3);
        let ids = map(vec![(), (), ()], 3, |()| {
            met.wait();
            thread::current().id()
        });
        assert_eq!(ids.iter().filter(|id| **id == here).count(), 1);
        for id in map(vec![(); 9], 1, |()| thread::current().id()) {
            assert_eq!(id, here);
        }
    }

    #[test]
    fn a_panic_is_handed_on_and_what_nobody_began_is_left() {
        for threads in [1, 2, 4] {
            let (met, begun) = (Barrier::new(threads), AtomicUsize::new(0));
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                map((0..1000).collect(), threads as u64, |item: usize| {
                    begun.fetch_add(1, Ordering::SeqCst);
                    if item < threads {
                        met.wait();
                    }
                    assert!(item != 0, "on purpose");
                    thread::sleep(Duration::from_millis(5));
                })
            }));
            let panic = outcome.expect_err("one panics");
            assert_eq!(panic.downcast_ref(), Some(&"on purpose"));
            assert!(begun.load(Ordering::SeqCst) < 500);
        }
    }
}
