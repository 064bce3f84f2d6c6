//! Waits for a future on the calling thread, and no longer than the deadline.
//!
//! Epochs do not interrupt host code: a guest that sleeps or polls inside WASI
//! is in host code. Works on any thread, inside or outside a tokio runtime.

use crate::meter::Meter;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use tokio::runtime::{Builder, Runtime};

/// The deadline passed while the guest waited.
#[derive(Debug)]
pub(crate) struct DeadlineReached;

/// Drives the timers of guests. One for the process and never dropped, since
/// dropping a runtime inside another one panics.
static TIMERS: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("plugin-host timers")
        .enable_time()
        .build()
});

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The output of `future`, unless the meter's deadline comes first.
///
/// # Errors
///
/// [`DeadlineReached`] when it does, or what kept the timers from starting.
pub(crate) fn wait<F: Future>(meter: &Meter, future: F) -> wasmtime::Result<F::Output> {
    // An `io::Error`, so that nobody blames the plugin for it.
    let runtime = TIMERS.as_ref().map_err(|error| {
        io::Error::new(error.kind(), format!("cannot start the timers: {error}"))
    })?;
    // `enter` is legal inside a task of another runtime; `block_on` is not.
    let _guard = runtime.enter();
    // Outside its own budget, or a task's is never refilled and starves us.
    let mut future = pin!(tokio::task::unconstrained(future));

    // Most futures here are ready at once and need no waker.
    if let Poll::Ready(output) = future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        return Ok(output);
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    meter.while_waiting(|| {
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return Ok(output);
            }
            let left = meter.time_left();
            if left.is_zero() {
                return Err(DeadlineReached.into());
            }
            std::thread::park_timeout(left);
        }
    })
}

impl fmt::Display for DeadlineReached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the deadline passed while the guest waited")
    }
}

impl std::error::Error for DeadlineReached {}
