//! Ends the waiting for loads. Ends no compile: the engine cannot stop one.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::{fmt, thread};

/// Cancels loads, from any thread: those that were given this one, or a clone of
/// it, by [`Loader::cancel_with`](crate::Loader::cancel_with).
///
/// ```
/// use plugin_host::{Error, Host, LoadCanceller, Plugins};
///
/// plugin_host::world! {
///     inline: "package acme:shop; world report { export write: func() -> string; }",
/// }
///
/// type Plugin = plugin_host::Plugin<ShopReport>;
///
/// fn load(host: &Host, on_interrupt: impl FnOnce(LoadCanceller)) -> Plugins<Plugin> {
///     let canceller = LoadCanceller::new();
///     on_interrupt(canceller.clone());
///     host.load_all(host.discover("plugins"), |loader| {
///         loader.cancel_with(&canceller).load()
///     })
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Default)]
pub struct LoadCanceller(Arc<Shared>);

#[derive(Default)]
struct Shared {
    cancelled: Mutex<bool>,
    /// Somebody cancelled, or a work that was waited for is done.
    changed: Condvar,
}

/// Why a work gave no result.
pub(crate) enum Stopped {
    Cancelled,
    /// The system has no thread for it.
    NoThread,
}

impl LoadCanceller {
    /// One that was not used yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels the loads that are under way, and those that begin later: each
    /// returns at once with
    /// [`ErrorKind::LoadCancelled`](crate::ErrorKind::LoadCancelled).
    ///
    /// A compile that is running goes on in a thread of its own and counts
    /// among [`HostLimits::compiles`](crate::HostLimits::compiles) until it ends;
    /// the cache keeps what it made, so that nothing is lost. Those that wait for
    /// their turn do not begin. A plugin that is starting goes on to the end of
    /// its start, which its limits bound, and is refused then.
    pub fn cancel(&self) {
        *self.cancelled() = true;
        self.0.changed.notify_all();
    }

    /// Whether it was used.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.cancelled()
    }

    /// Does `work` in a thread of its own, and waits for it unless cancelled.
    pub(crate) fn wait_for<R: Send + 'static>(
        &self,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, Stopped> {
        let made = Arc::new(Mutex::new(None));
        let (shared, into) = (Arc::clone(&self.0), Arc::clone(&made));
        let span = tracing::Span::current();
        let thread = thread::Builder::new().name("plugin-host load".to_owned());
        let spawned = thread.spawn(move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| span.in_scope(work)));
            *lock(&into) = Some(outcome);
            // Whoever looks has it now, or is woken.
            drop(lock(&shared.cancelled));
            shared.changed.notify_all();
        });
        spawned.map_err(|_| Stopped::NoThread)?;
        let mut cancelled = self.cancelled();
        loop {
            if *cancelled {
                return Err(Stopped::Cancelled);
            }
            if let Some(outcome) = lock(&made).take() {
                return outcome.map_err(|panic| resume_unwind(panic));
            }
            let changed = self.0.changed.wait(cancelled);
            cancelled = changed.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn cancelled(&self) -> MutexGuard<'_, bool> {
        lock(&self.0.cancelled)
    }
}

impl fmt::Debug for LoadCanceller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadCanceller")
            .field("cancelled", &self.is_cancelled())
            .finish()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn many_works_share_a_canceller_and_each_gets_its_own_result() {
        let canceller = LoadCanceller::new();
        thread::scope(|scope| {
            for number in 0..16 {
                let canceller = &canceller;
                scope.spawn(move || {
                    let made = canceller.wait_for(move || number);
                    assert_eq!(made.ok(), Some(number));
                });
            }
        });
        assert_eq!(
            format!("{canceller:?}"),
            "LoadCanceller { cancelled: false }"
        );
    }

    #[test]
    fn who_is_cancelled_returns_and_the_work_goes_on() {
        let canceller = LoadCanceller::new();
        let (go_on, wait) = mpsc::channel::<()>();
        let (tell, told) = mpsc::channel();
        let clone = canceller.clone();
        let work = move || {
            clone.cancel();
            wait.recv().expect("it is sent");
            tell.send("done").expect("somebody waits");
        };
        assert!(matches!(canceller.wait_for(work), Err(Stopped::Cancelled)));
        go_on.send(()).expect("the work waits");
        assert_eq!(told.recv(), Ok("done"));
    }

    #[test]
    fn a_panic_of_the_work_is_handed_on() {
        let canceller = LoadCanceller::new();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let _ = canceller.wait_for(|| panic!("on purpose"));
        }));
        let panic = outcome.expect_err("it panics");
        assert_eq!(panic.downcast_ref(), Some(&"on purpose"));
    }
}
