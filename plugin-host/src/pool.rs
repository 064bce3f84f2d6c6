//! Several instances of one plugin, for many threads. Starts no threads.

use crate::error::{Error, ErrorKind};
use crate::plugin::Plugin;
use crate::prepared::Prepared;
use crate::world::World;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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
    state: Mutex<State<W>>,
    given_back: Condvar,
}

struct State<W: World> {
    idle: Vec<Plugin<W>>,
    /// How many there are, those included that are out or being started.
    alive: usize,
}

/// A plugin that was taken out of a pool; dropping it gives it back.
pub struct Pooled<W: World> {
    pool: Pool<W>,
    /// There until it is dropped.
    plugin: Option<Plugin<W>>,
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
                state: Mutex::new(State {
                    idle: Vec::new(),
                    alive: 0,
                }),
                given_back: Condvar::new(),
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

    /// Takes an instance out, the one that was given back last. Where all are
    /// out, waits for one; in a function that a plugin called, not only up to that
    /// plugin's deadline.
    ///
    /// # Errors
    ///
    /// When none is given back in time ([`ErrorKind::PoolExhausted`]), and as
    /// [`Prepared::start`], where one is started.
    pub fn get(&self) -> Result<Pooled<W>, Error> {
        let shared = &*self.shared;
        let until = Instant::now().checked_add(self.wait);
        let mut state = shared.state();
        loop {
            if let Some(plugin) = state.idle.pop() {
                return Ok(self.pooled(plugin));
            }
            if state.alive < shared.size {
                state.alive += 1;
                drop(state);
                // Gives the place back where starting fails or panics.
                let place = Place(shared);
                let plugin = shared.prepared.start()?;
                std::mem::forget(place);
                return Ok(self.pooled(plugin));
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            state = match left {
                Some(Duration::ZERO) => return Err(self.exhausted()),
                Some(left) => {
                    let waited = shared.given_back.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let waited = shared.given_back.wait(state);
                    waited.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }

    /// How many instances there are, those that are out included.
    #[must_use]
    pub fn alive(&self) -> usize {
        self.shared.state().alive
    }

    fn pooled(&self, plugin: Plugin<W>) -> Pooled<W> {
        Pooled {
            pool: self.clone(),
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
        // Of the last call, since earlier ones may have had another instance.
        let memory = Plugin::last_usage(plugin).peak_memory;
        Plugin::total_usage(plugin).calls >= self.calls || memory > self.memory
    }
}

impl<W: World> Shared<W> {
    fn state(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of one instance among those that may be alive.
struct Place<'a, W: World>(&'a Shared<W>);

impl<W: World> Drop for Place<'_, W> {
    fn drop(&mut self) {
        self.0.state().alive -= 1;
        self.0.given_back.notify_one();
    }
}

impl<W: World> Drop for Pooled<W> {
    fn drop(&mut self) {
        let plugin = self.plugin.take().expect("it is dropped once");
        let shared = &*self.pool.shared;
        if self.pool.is_worn(&plugin) {
            // Its instance ends before another one starts, or panics.
            let place = Place(shared);
            drop(plugin);
            drop(place);
        } else {
            shared.state().idle.push(plugin);
            shared.given_back.notify_one();
        }
    }
}

impl<W: World> Deref for Pooled<W> {
    type Target = Plugin<W>;

    fn deref(&self) -> &Plugin<W> {
        self.plugin.as_ref().expect("it was not dropped")
    }
}

impl<W: World> DerefMut for Pooled<W> {
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

impl<W: World> std::fmt::Debug for Pooled<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Pooled").field(&**self).finish()
    }
}
