//! What handles to resources share with their instance: whether it is there, and
//! which of them were dropped. Ends no resource itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasmtime::component::ResourceAny;

/// What the handles to an instance's resources share with it.
#[derive(Default)]
pub struct Home {
    /// The engine would take a handle for one of another instance.
    ended: AtomicBool,
    /// Whether the queue holds anything: spares each call the lock.
    waiting: AtomicBool,
    dropped: Mutex<Dropped>,
}

/// What handles stood for that the application dropped, oldest first.
#[derive(Default)]
struct Dropped {
    guests: Vec<DroppedGuest>,
    /// The numbers of the application's own resources that were lent.
    lent: Vec<u32>,
}

/// A resource of the guest's whose destructor is to run.
pub(crate) struct DroppedGuest {
    pub(crate) resource: ResourceAny,
    /// What errors call it.
    pub(crate) destructor: &'static str,
}

/// The instance's own hold on what it shares: its end ends all handles.
#[derive(Default)]
pub(crate) struct HomeOwner(Arc<Home>);

impl Home {
    /// The guest's resources that were dropped; they are the caller's now.
    pub(crate) fn take_guests(&self) -> Vec<DroppedGuest> {
        let mut dropped = self.lock();
        self.waiting
            .store(!dropped.lent.is_empty(), Ordering::Relaxed);
        std::mem::take(&mut dropped.guests)
    }

    /// The numbers of the application's that were dropped.
    pub(crate) fn take_lent(&self) -> Vec<u32> {
        let mut dropped = self.lock();
        self.waiting
            .store(!dropped.guests.is_empty(), Ordering::Relaxed);
        std::mem::take(&mut dropped.lent)
    }

    #[inline]
    pub(crate) fn has_dropped(&self) -> bool {
        self.waiting.load(Ordering::Acquire)
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    pub(crate) fn queue_guest(&self, handle: DroppedGuest) {
        self.queue(|dropped| dropped.guests.push(handle));
    }

    pub(crate) fn queue_lent(&self, number: u32) {
        self.queue(|dropped| dropped.lent.push(number));
    }

    fn queue(&self, push: impl FnOnce(&mut Dropped)) {
        let mut dropped = self.lock();
        // Under the lock, so that nothing is queued behind the instance's end.
        if !self.ended.load(Ordering::Relaxed) {
            push(&mut dropped);
            self.waiting.store(true, Ordering::Release);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Dropped> {
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
        *dropped = Dropped::default();
    }
}
