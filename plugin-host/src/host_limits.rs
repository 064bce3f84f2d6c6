//! What all plugins of one host may use together. Plain data.

use crate::limits::MIB;

/// What all plugins of one host may use together.
///
/// | budget | unit | default | beyond it |
/// |---|---|---|---|
/// | [`instances`](Self::instances) | instances alive | 1,000 | no further one starts |
/// | [`memory`](Self::memory) | bytes of linear memory | 2 GiB | no memory grows |
/// | [`components`](Self::components) | components loaded | 1,000 | no further one loads |
/// | [`compiles`](Self::compiles) | compiles at once | 2 | the next one waits |
/// | [`threads`](Self::threads) | threads that load | one a processor, at most 8 | |
/// | [`stack`](Self::stack) | bytes of wasm stack, a call | 512 KiB | the call fails |
///
/// ```
/// use plugin_host::{Host, HostLimits};
///
/// let limits = HostLimits::default().instances(50);
/// let host = Host::builder().host_limits(limits).build()?;
/// assert_eq!(host.usage().instances, 0);
/// # Ok::<(), plugin_host::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostLimits {
    /// Instances alive at once, over all plugins. Each takes 4 GiB of address space,
    /// used or not, where the host has a [pool](crate::Allocation::Pooled).
    pub instances: u64,
    /// Bytes of linear memory, over all instances.
    pub memory: u64,
    /// Components whose code is loaded at once. Plugins of the same bytes share
    /// one.
    ///
    /// On Unix each takes a file descriptor where its code is from the cache, or
    /// else, once it is started, one for each of its memories that begins with
    /// data. Systems often allow a process 1,024.
    pub components: u64,
    /// How many components are compiled at once; others wait. Each compile
    /// uses all processors where it can, and many times the component's size
    /// in memory.
    pub compiles: u64,
    /// How many threads read files for [`Host::discover_in`], and load plugins for
    /// [`Host::load_all`], the one that calls it included.
    ///
    /// [`Host::discover_in`]: crate::Host::discover_in
    /// [`Host::load_all`]: crate::Host::load_all
    pub threads: u64,
    /// Bytes of native stack that the code of one call may take, from 64 KiB to
    /// 1 MiB.
    ///
    /// A function of the application that calls another plugin adds that one's
    /// to it, up to three deep: a thread that makes such calls needs three
    /// times this, and some for the application itself.
    pub stack: u64,
}

impl Default for HostLimits {
    fn default() -> Self {
        Self {
            instances: 1000,
            memory: 2048 * MIB,
            components: 1000,
            compiles: 2,
            threads: threads(),
            stack: 512 * 1024,
        }
    }
}

impl HostLimits {
    /// Sets how many instances may be alive.
    #[must_use]
    pub fn instances(mut self, instances: u64) -> Self {
        self.instances = instances;
        self
    }

    /// Sets the bytes of linear memory over all instances.
    #[must_use]
    pub fn memory(mut self, bytes: u64) -> Self {
        self.memory = bytes;
        self
    }

    /// Sets how many components may be loaded.
    #[must_use]
    pub fn components(mut self, components: u64) -> Self {
        self.components = components;
        self
    }

    /// Sets how many components are compiled at once; at least one is.
    #[must_use]
    pub fn compiles(mut self, compiles: u64) -> Self {
        self.compiles = compiles;
        self
    }

    /// Sets how many threads discover and load; with one or none, nothing is done
    /// but on the calling thread.
    #[must_use]
    pub fn threads(mut self, threads: u64) -> Self {
        self.threads = threads;
        self
    }

    /// Sets the bytes of stack that a call may take.
    #[must_use]
    pub fn stack(mut self, bytes: u64) -> Self {
        self.stack = bytes;
        self
    }
}

/// Loading gains little from more: what is compiled is spread by the compiler.
fn threads() -> u64 {
    let processors = std::thread::available_parallelism();
    processors.map_or(1, |processors| processors.get().min(8) as u64)
}
