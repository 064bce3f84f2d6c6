//! Several instances of one plugin, for many threads. Starts no threads.

use crate::error::{Error, ErrorKind};
use crate::plugin::Plugin;
use crate::prepared::Prepared;
use crate::world::World;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering, fence};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Among so many shelves are idle instances, so that threads do not wait for each
/// other's look.
const SHELVES: usize = 16;

/// Several instances of one plugin, which threads take out, call and give back.
///
/// ```
/// use plugin_host::{Error, Pool, Prepared};
/// use std::thread;
///
/// plugin_host::world! {
///     inline: "package acme:shop; world tax { export add: func(price: u32) -> u32; }",
/// }
///
/// fn with_tax(prepared: &Prepared<ShopTax>, prices: [u32; 4]) -> Result<u32, Error> {
///     let pool = Pool::new(prepared, 2);
///     thread::scope(|scope| {
///         let threads = prices.map(|price| {
///             let pool = pool.clone();
///             scope.spawn(move || pool.get()?.add(price))
///         });
///         let sums = threads.into_iter().map(|thread| thread.join().expect("no panic"));
///         sums.sum()
///     })
/// }
/// # fn main() {}
/// ```
///
/// Instances are started when they are first needed. One that fails is replaced
/// before its next call, as with [`Plugin`]. Cheap to clone: clones share their
/// instances.
///
/// What belongs to a plugin goes on from one who takes it out to the next: what it
/// remembers and wrote last, and its [`Canceller`](crate::Canceller), which is
/// not to be kept for longer than the plugin itself.
pub struct Pool<W: World> {
    shared: Arc<Shared<W>>,
    wait: Duration,
    calls: u64,
    memory: u64,
}

struct Shared<W: World> {
    prepared: Prepared<W>,
    size: usize,
    shelves: [Shelf<W>; SHELVES],
    /// How many there are, those included that are out or being started.
    alive: Mutex<usize>,
    given_back: Condvar,
    /// How many threads wait, or are about to.
    waiting: AtomicUsize,
}

/// Idle instances, in cache lines of their own.
#[repr(align(128))]
struct Shelf<W: World>(Mutex<Vec<Box<Plugin<W>>>>);

/// A plugin that was taken out of a pool; dropping it gives it back.
pub struct Pooled<'p, W: World> {
    pool: &'p Pool<W>,
    /// There until it is dropped.
    plugin: Option<Box<Plugin<W>>>,
}

impl<W: World> Pool<W> {
    /// How long [`get`](Self::get) waits where nothing else is said.
    pub const WAIT: Duration = Duration::from_secs(10);

    /// A pool of at most `size` instances, at least one. Starts none yet.
    #[must_use]
    pub fn new(prepared: &Prepared<W>, size: usize) -> Self {
        Self {
            shared: Arc::new(Shared {
                prepared: prepared.clone(),
                size: size.max(1),
                shelves: std::array::from_fn(|_| Shelf(Mutex::default())),
                alive: Mutex::new(0),
                given_back: Condvar::new(),
                waiting: AtomicUsize::new(0),
            }),
            wait: Self::WAIT,
            calls: u64::MAX,
            memory: u64::MAX,
        }
    }

    /// Sets how long [`get`](Self::get) waits for an instance that is out.
    #[must_use]
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// Throws an instance away that is given back after so many calls or more,
    /// several under one budget being one. It bounds what a plugin remembers or
    /// leaks.
    #[must_use]
    pub fn recycle_after(mut self, calls: u64) -> Self {
        self.calls = calls;
        self
    }

    /// Throws an instance away that is given back with more memory than so many
    /// bytes: memory grows, and never shrinks.
    #[must_use]
    pub fn recycle_above(mut self, memory: u64) -> Self {
        self.memory = memory;
        self
    }

    /// Takes an instance out, the one that this thread gave back last where there is
    /// one. Threads that do so hardly meet. Where all are out, waits for one; in a function that a plugin called, not only up to that
    /// plugin's deadline.
    ///
    /// # Errors
    ///
    /// When none is given back in time ([`ErrorKind::PoolExhausted`]), and as
    /// [`Prepared::start`], where one is started.
    pub fn get(&self) -> Result<Pooled<'_, W>, Error> {
        match self.shared.take_idle() {
            Some(plugin) => Ok(self.pooled(plugin)),
            None => self.start_or_wait(),
        }
    }

    /// Starts one, where there may be more, or waits for one that is given back.
    #[cold]
    fn start_or_wait(&self) -> Result<Pooled<'_, W>, Error> {
        let shared = &*self.shared;
        let until = Instant::now().checked_add(self.wait);
        let _waiting = Waiting::begin(&shared.waiting);
        let mut alive = shared.alive();
        loop {
            // Whoever gives one back after this look sees that somebody waits, and
            // tells it once this thread has let go of `alive`.
            if let Some(plugin) = shared.take_idle() {
                return Ok(self.pooled(plugin));
            }
            if *alive < shared.size {
                *alive += 1;
                drop(alive);
                // Gives the place back where starting fails or panics.
                let place = Place(shared);
                let plugin = shared.prepared.start()?;
                std::mem::forget(place);
                return Ok(self.pooled(Box::new(plugin)));
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            alive = match left {
                Some(Duration::ZERO) => return Err(self.exhausted()),
                Some(left) => {
                    let waited = shared.given_back.wait_timeout(alive, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let waited = shared.given_back.wait(alive);
                    waited.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }

    /// How many instances there are, those that are out included.
    #[must_use]
    pub fn alive(&self) -> usize {
        *self.shared.alive()
    }

    fn pooled(&self, plugin: Box<Plugin<W>>) -> Pooled<'_, W> {
        Pooled {
            pool: self,
            plugin: Some(plugin),
        }
    }

    #[cold]
    fn exhausted(&self) -> Error {
        let kind = ErrorKind::PoolExhausted {
            size: self.shared.size,
            waited: self.wait,
        };
        Error::plugin(self.shared.prepared.id(), kind)
    }

    fn is_worn(&self, plugin: &Plugin<W>) -> bool {
        if self.calls == u64::MAX && self.memory == u64::MAX {
            return false;
        }
        // Of the last call, since earlier ones may have had another instance.
        let memory = Plugin::last_usage(plugin).peak_memory;
        Plugin::total_usage(plugin).calls >= self.calls || memory > self.memory
    }
}

impl<W: World> Shared<W> {
    fn alive(&self) -> MutexGuard<'_, usize> {
        self.alive.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An instance that is idle: of those that this thread gave back, else of the
    /// others'.
    fn take_idle(&self) -> Option<Box<Plugin<W>>> {
        let own = own_shelf();
        let mut others = (0..SHELVES).filter(|shelf| *shelf != own);
        let taken = self.shelves[own].lock().pop();
        taken.or_else(|| others.find_map(|shelf| self.shelves[shelf].lock().pop()))
    }

    fn give_back(&self, plugin: Box<Plugin<W>>) {
        self.shelves[own_shelf()].lock().push(plugin);
        // After it is there: see `start_or_wait`.
        fence(Ordering::SeqCst);
        if self.waiting.load(Ordering::Relaxed) > 0 {
            // Who is about to wait is waiting then.
            drop(self.alive());
            self.given_back.notify_one();
        }
    }
}

impl<W: World> Shelf<W> {
    fn lock(&self) -> MutexGuard<'_, Vec<Box<Plugin<W>>>> {
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

/// Held by a thread that waits, or is about to.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        // Before it looks: see `give_back`.
        fence(Ordering::SeqCst);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The place of one instance among those that may be alive.
struct Place<'a, W: World>(&'a Shared<W>);

impl<W: World> Drop for Place<'_, W> {
    fn drop(&mut self) {
        *self.0.alive() -= 1;
        self.0.given_back.notify_one();
    }
}

impl<W: World> Drop for Pooled<'_, W> {
    fn drop(&mut self) {
        let plugin = self.plugin.take().expect("it is dropped once");
        let shared = &*self.pool.shared;
        if self.pool.is_worn(&plugin) {
            // Its instance ends before another one starts, or panics.
            let place = Place(shared);
            drop(plugin);
            drop(place);
        } else {
            shared.give_back(plugin);
        }
    }
}

impl<W: World> Deref for Pooled<'_, W> {
    type Target = Plugin<W>;

    fn deref(&self) -> &Plugin<W> {
        self.plugin.as_ref().expect("it was not dropped")
    }
}

impl<W: World> DerefMut for Pooled<'_, W> {
    fn deref_mut(&mut self) -> &mut Plugin<W> {
        self.plugin.as_mut().expect("it was not dropped")
    }
}

impl<W: World> Clone for Pool<W> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            ..*self
        }
    }
}

impl<W: World> std::fmt::Debug for Pool<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("prepared", &self.shared.prepared)
            .field("size", &self.shared.size)
            .field("alive", &self.alive())
            .finish_non_exhaustive()
    }
}

impl<W: World> std::fmt::Debug for Pooled<'_, W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Pooled").field(&**self).finish()
    }
}
