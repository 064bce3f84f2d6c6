//! Several instances of one plugin, for many threads. Starts no threads.

use crate::any_plugin::AnyPlugin;
use crate::error::{Error, ErrorKind};
use crate::plugin::Plugin;
use crate::prepared::Prepared;
use crate::shelves::Shelves;
use crate::starts::Starts;
use crate::usage::Usage;
use crate::world::World;
use plugin_host_manifest::PluginId;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering, fence};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Several instances of one plugin, which threads take out, call and give back.
///
/// `P` is what is taken out, [`Plugin`] or [`AnyPlugin`]. A pool is made by
/// [`Loader::pool`](crate::Loader::pool), [`Versions::pool`](crate::Versions::pool) or
/// of a [`Prepared`] plugin.
///
/// `P` is what is taken out, [`Plugin`] or [`AnyPlugin`].
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
/// The pools of all plugins of a world are [`Plugins`](crate::Plugins), which threads
/// share: see [`Plugins::each_ref`](crate::Plugins::each_ref).
///
/// What belongs to a plugin goes on from one who takes it out to the next: what it
/// remembers and wrote last. A [`Canceller`](crate::Canceller) does not: once the
/// plugin is given back, it ends nothing any more.
pub struct Pool<P> {
    shared: Arc<Shared<P>>,
    wait: Duration,
    calls: u64,
    memory: u64,
}

struct Shared<P> {
    id: PluginId,
    from: Box<dyn Starts<P>>,
    on_return: OnReturn<P>,
    size: usize,
    idle: Shelves<P>,
    /// How many there are, those included that are out or being started.
    alive: Mutex<usize>,
    given_back: Condvar,
    /// How many threads wait, or are about to.
    waiting: AtomicUsize,
}

/// What is done with one that is given back.
struct OnReturn<P> {
    /// What tells whether it is worn.
    usages: fn(&P) -> Usages,
    /// Whoever takes it out next is not to be cancelled by them.
    forget_cancellers: fn(&P),
}

/// What an instance's plugin has used.
struct Usages {
    total: Usage,
    last: Usage,
}

/// A plugin that was taken out of a pool; dropping it gives it back.
pub struct Pooled<'p, P> {
    pool: &'p Pool<P>,
    /// There until it is dropped.
    plugin: Option<Box<P>>,
}

impl<W: World> Pool<Plugin<W>> {
    /// A pool of at most `size` instances, at least one. Starts none yet.
    #[must_use]
    pub fn new(prepared: &Prepared<W>, size: usize) -> Self {
        Self::of_plugin(prepared.id().clone(), prepared.clone(), size)
    }

    pub(crate) fn of_plugin(
        id: PluginId,
        from: impl Starts<Plugin<W>> + 'static,
        size: usize,
    ) -> Self {
        let on_return = OnReturn {
            usages: |plugin: &Plugin<W>| Usages {
                total: Plugin::total_usage(plugin),
                last: Plugin::last_usage(plugin),
            },
            forget_cancellers: Plugin::forget_cancellers,
        };
        Self::from(id, Box::new(from), on_return, size)
    }
}

impl<C: ?Sized + 'static> Pool<AnyPlugin<C>> {
    /// A pool of at most `size` of what `start` makes, at least one. Makes none yet.
    ///
    /// It is for [`NativePlugin`](crate::NativePlugin)s, such as a test's; what
    /// loads has [`Versions::pool`](crate::Versions::pool).
    #[must_use]
    pub fn from_fn(
        id: PluginId,
        size: usize,
        start: impl Fn() -> Result<AnyPlugin<C>, Error> + Send + Sync + 'static,
    ) -> Self {
        Self::of_any(id, start, size)
    }

    pub(crate) fn of_any(
        id: PluginId,
        from: impl Starts<AnyPlugin<C>> + 'static,
        size: usize,
    ) -> Self {
        let on_return = OnReturn {
            usages: |plugin: &AnyPlugin<C>| Usages {
                total: plugin.total_usage(),
                last: plugin.last_usage(),
            },
            forget_cancellers: AnyPlugin::forget_cancellers,
        };
        Self::from(id, Box::new(from), on_return, size)
    }
}

impl<P> Pool<P> {
    /// How long [`get`](Self::get) waits where nothing else is said.
    pub const WAIT: Duration = Duration::from_secs(10);

    fn from(id: PluginId, from: Box<dyn Starts<P>>, on_return: OnReturn<P>, size: usize) -> Self {
        Self {
            shared: Arc::new(Shared {
                id,
                from,
                on_return,
                size: size.max(1),
                idle: Shelves::default(),
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

    /// Compiles and links the plugin now, if it is not: one that was made by
    /// [`Loader::pool`](crate::Loader::pool) or [`Versions::pool`](crate::Versions::pool)
    /// is otherwise compiled when an instance is first needed. Starts none.
    ///
    /// # Errors
    ///
    /// As [`Loader::prepare`](crate::Loader::prepare).
    pub fn prepare(self) -> Result<Self, Error> {
        self.shared.from.prepare()?;
        Ok(self)
    }

    /// The plugin's id.
    #[must_use]
    pub fn id(&self) -> &PluginId {
        &self.shared.id
    }

    /// Takes an instance out. It is the one that this thread gave back last, if that is
    /// idle: threads that do so hardly meet.
    ///
    /// If all are out, it waits for one. In a function that a plugin called, it may
    /// wait past that plugin's deadline. Compiling is not counted as waiting.
    ///
    /// # Errors
    ///
    /// When none is given back in time ([`ErrorKind::PoolExhausted`]), as
    /// [`Prepared::start`] if one is started, and as
    /// [`Loader::prepare`](crate::Loader::prepare) if it is compiled for that.
    pub fn get(&self) -> Result<Pooled<'_, P>, Error> {
        match self.shared.idle.take() {
            Some(plugin) => Ok(self.pooled(plugin)),
            None => self.start_or_wait(),
        }
    }

    /// Starts one, where there may be more, or waits for one that is given back.
    #[cold]
    fn start_or_wait(&self) -> Result<Pooled<'_, P>, Error> {
        let shared = &*self.shared;
        let until = Instant::now().checked_add(self.wait);
        let _waiting = Waiting::begin(&shared.waiting);
        let mut alive = shared.alive();
        loop {
            // Whoever gives one back after this look sees that somebody waits, and
            // tells it once this thread has let go of `alive`.
            if let Some(plugin) = shared.idle.take() {
                return Ok(self.pooled(plugin));
            }
            if *alive < shared.size {
                *alive += 1;
                drop(alive);
                // Gives the place back where starting fails or panics.
                let place = Place(shared);
                let plugin = shared.from.start()?;
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

    fn pooled(&self, plugin: Box<P>) -> Pooled<'_, P> {
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
        Error::plugin(&self.shared.id, kind)
    }

    fn is_worn(&self, plugin: &P) -> bool {
        if self.calls == u64::MAX && self.memory == u64::MAX {
            return false;
        }
        let usages = (self.shared.on_return.usages)(plugin);
        // Of the last call, since earlier ones may have had another instance.
        usages.total.calls >= self.calls || usages.last.peak_memory > self.memory
    }
}

impl<P> Shared<P> {
    fn alive(&self) -> MutexGuard<'_, usize> {
        self.alive.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_back(&self, plugin: Box<P>) {
        self.idle.put(plugin);
        // After it is there: see `start_or_wait`.
        fence(Ordering::SeqCst);
        if self.waiting.load(Ordering::Relaxed) > 0 {
            // Who is about to wait is waiting then.
            drop(self.alive());
            self.given_back.notify_one();
        }
    }
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
struct Place<'a, P>(&'a Shared<P>);

impl<P> Drop for Place<'_, P> {
    fn drop(&mut self) {
        *self.0.alive() -= 1;
        self.0.given_back.notify_one();
    }
}

impl<P> Drop for Pooled<'_, P> {
    fn drop(&mut self) {
        let plugin = self.plugin.take().expect("it is dropped once");
        let shared = &*self.pool.shared;
        if self.pool.is_worn(&plugin) {
            // Its instance ends before another one starts, or panics.
            let place = Place(shared);
            drop(plugin);
            drop(place);
        } else {
            (shared.on_return.forget_cancellers)(&plugin);
            shared.give_back(plugin);
        }
    }
}

impl<P> Deref for Pooled<'_, P> {
    type Target = P;

    fn deref(&self) -> &P {
        self.plugin.as_ref().expect("it was not dropped")
    }
}

impl<P> DerefMut for Pooled<'_, P> {
    fn deref_mut(&mut self) -> &mut P {
        self.plugin.as_mut().expect("it was not dropped")
    }
}

impl<P> Clone for Pool<P> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            ..*self
        }
    }
}

impl<P> std::fmt::Debug for Pool<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("id", &self.shared.id)
            .field("size", &self.shared.size)
            .field("alive", &self.alive())
            .finish_non_exhaustive()
    }
}

impl<P: std::fmt::Debug> std::fmt::Debug for Pooled<'_, P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Pooled").field(&**self).finish()
    }
}
