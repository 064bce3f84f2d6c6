//! Idle instances of a pool, kept so that threads hardly meet. Counts nothing, and
//! wakes nobody.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Among so many shelves are idle instances, so that threads do not wait for each
/// other's look.
const SHELVES: usize = 16;

/// Idle instances; each thread first looks for those that it put there itself.
pub(crate) struct Shelves<P>([Shelf<P>; SHELVES]);

/// In cache lines of its own.
#[repr(align(128))]
struct Shelf<P>(Mutex<Vec<Box<P>>>);

impl<P> Shelves<P> {
    /// An instance that is idle: of those that this thread put there, else of the
    /// others'.
    pub(crate) fn take(&self) -> Option<Box<P>> {
        let own = own_shelf();
        let mut others = (0..SHELVES).filter(|shelf| *shelf != own);
        let taken = self.0[own].lock().pop();
        taken.or_else(|| others.find_map(|shelf| self.0[shelf].lock().pop()))
    }

    pub(crate) fn put(&self, plugin: Box<P>) {
        self.0[own_shelf()].lock().push(plugin);
    }
}

impl<P> Default for Shelves<P> {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Shelf(Mutex::default())))
    }
}

impl<P> Shelf<P> {
    fn lock(&self) -> MutexGuard<'_, Vec<Box<P>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where this thread looks first.
fn own_shelf() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: usize = NEXT.fetch_add(1, Ordering::Relaxed) % SHELVES;
    }
    // Where a destructor of the thread's asks, any will do.
    OWN.try_with(|own| *own).unwrap_or_default()
}
