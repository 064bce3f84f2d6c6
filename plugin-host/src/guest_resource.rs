//! Handles to resources that live in a plugin's instance. Knows whether that
//! instance is there and what was dropped; never enters the guest.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasmtime::component::ResourceAny;

/// A handle to a resource of one instance; what the generated types hold.
pub struct GuestHandle {
    resource: ResourceAny,
    home: Arc<Home>,
    /// What errors call the resource's destructor.
    destructor: &'static str,
    given: bool,
}

/// What the handles to an instance's resources share with it.
#[derive(Default)]
pub struct Home {
    /// The engine would take a handle for one of another instance.
    ended: AtomicBool,
    /// Whether the queue holds anything: spares each call the lock.
    waiting: AtomicBool,
    dropped: Mutex<Vec<Dropped>>,
}

/// A handle that the application dropped, and whose destructor is to run.
pub(crate) struct Dropped {
    pub(crate) resource: ResourceAny,
    pub(crate) destructor: &'static str,
}

/// The instance's own hold on what it shares: its end ends all handles.
#[derive(Default)]
pub(crate) struct HomeOwner(Arc<Home>);

impl GuestHandle {
    /// Takes in what the guest handed out.
    #[must_use]
    pub fn new(resource: ResourceAny, home: &Arc<Home>, destructor: &'static str) -> Self {
        Self {
            resource,
            home: Arc::clone(home),
            destructor,
            given: false,
        }
    }

    /// Whether it is one of the instance's with this `home`.
    #[must_use]
    pub fn belongs_to(&self, home: Option<&Home>) -> bool {
        home.is_some_and(|home| std::ptr::eq(home, Arc::as_ptr(&self.home)))
    }

    /// The engine's handle, lent for a call.
    #[must_use]
    pub fn lend(&self) -> ResourceAny {
        self.resource
    }

    /// The engine's handle, given back to the guest.
    #[must_use]
    pub fn give(mut self) -> ResourceAny {
        self.given = true;
        self.resource
    }
}

impl Drop for GuestHandle {
    fn drop(&mut self) {
        if !self.given {
            self.home.queue(Dropped {
                resource: self.resource,
                destructor: self.destructor,
            });
        }
    }
}

impl fmt::Debug for GuestHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuestHandle")
            .field("stale", &self.home.ended.load(Ordering::Relaxed))
            .finish_non_exhaustive()
    }
}

impl Home {
    /// Handles whose destructors are to run, oldest first; they are the caller's now.
    pub(crate) fn take_dropped(&self) -> Vec<Dropped> {
        let mut dropped = self.lock();
        self.waiting.store(false, Ordering::Relaxed);
        std::mem::take(&mut dropped)
    }

    #[inline]
    pub(crate) fn has_dropped(&self) -> bool {
        self.waiting.load(Ordering::Acquire)
    }

    fn queue(&self, handle: Dropped) {
        let mut dropped = self.lock();
        // Under the lock, so that nothing is queued behind the instance's end.
        if !self.ended.load(Ordering::Relaxed) {
            dropped.push(handle);
            self.waiting.store(true, Ordering::Release);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Dropped>> {
        self.dropped.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HomeOwner {
    pub(crate) fn home(&self) -> &Arc<Home> {
        &self.0
    }
}

impl Drop for HomeOwner {
    fn drop(&mut self) {
        let mut dropped = self.0.lock();
        self.0.ended.store(true, Ordering::Relaxed);
        *dropped = Vec::new();
    }
}
