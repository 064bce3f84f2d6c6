//! What all plugins of one host may use together. Plain data.

use crate::limits::MIB;

/// What all plugins of one host may use together.
///
/// | budget | unit | default | beyond it |
/// |---|---|---|---|
/// | [`instances`](Self::instances) | instances alive | 1,000 | no further one starts |
/// | [`memory`](Self::memory) | bytes of linear memory | 2 GiB | no memory grows |
/// | [`compiles`](Self::compiles) | compiles at once | 2 | the next one waits |
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
    /// How many components are compiled at once; others wait. Each compile
    /// uses all processors where it can, and many times the component's size
    /// in memory.
    pub compiles: u64,
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
            compiles: 2,
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

    /// Sets how many components are compiled at once; at least one is.
    #[must_use]
    pub fn compiles(mut self, compiles: u64) -> Self {
        self.compiles = compiles;
        self
    }

    /// Sets the bytes of stack that a call may take.
    #[must_use]
    pub fn stack(mut self, bytes: u64) -> Self {
        self.stack = bytes;
        self
    }
}
