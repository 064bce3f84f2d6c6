//! What all plugins of one host hold together, and may; and what was compiled.

use crate::host_limits::HostLimits;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What all plugins of a host hold at this moment, and what the host has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostUsage {
    /// Instances alive.
    pub instances: u64,
    /// Bytes of linear memory, over all instances.
    pub memory: u64,
    /// Components whose code is loaded. Plugins of the same bytes share one.
    pub components: u64,
    /// Components given to the compiler since the host was built. Discovering
    /// and judging them gives it none.
    pub compiled: u64,
}

/// The running totals of one host.
#[derive(Debug)]
pub(crate) struct Totals {
    instances: Total,
    memory: Total,
    compiled: AtomicU64,
}

#[derive(Debug)]
struct Total {
    current: AtomicU64,
    limit: u64,
}

/// A host-wide limit leaves no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoRoom {
    pub(crate) limit: u64,
    /// What the total would have become.
    pub(crate) asked: u64,
}

/// Held as long as an instance lives.
#[must_use]
pub(crate) struct Alive(Arc<Totals>);

impl Totals {
    pub(crate) fn new(limits: &HostLimits) -> Self {
        Self {
            instances: Total::new(limits.instances),
            memory: Total::new(limits.memory),
            compiled: AtomicU64::new(0),
        }
    }

    pub(crate) fn usage(&self) -> HostUsage {
        HostUsage {
            instances: self.instances.current.load(Ordering::Relaxed),
            memory: self.memory.current.load(Ordering::Relaxed),
            components: 0,
            compiled: self.compiled.load(Ordering::Relaxed),
        }
    }

    /// Counts a component that is given to the compiler.
    pub(crate) fn compiles(&self) {
        self.compiled.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn instances_allowed(&self) -> u64 {
        self.instances.limit
    }

    /// Makes room for one more instance.
    pub(crate) fn instance(self: &Arc<Self>) -> Result<Alive, NoRoom> {
        self.instances.add(1)?;
        Ok(Alive(Arc::clone(self)))
    }

    pub(crate) fn add_memory(&self, bytes: u64) -> Result<(), NoRoom> {
        self.memory.add(bytes)
    }

    pub(crate) fn remove_memory(&self, bytes: u64) {
        self.memory.remove(bytes);
    }
}

impl Total {
    fn new(limit: u64) -> Self {
        Self {
            current: AtomicU64::new(0),
            limit,
        }
    }

    fn add(&self, amount: u64) -> Result<(), NoRoom> {
        let fits = |current: u64| {
            let sum = current.saturating_add(amount);
            (sum <= self.limit).then_some(sum)
        };
        match self
            .current
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits)
        {
            Ok(_) => Ok(()),
            Err(current) => Err(NoRoom {
                limit: self.limit,
                asked: current.saturating_add(amount),
            }),
        }
    }

    fn remove(&self, amount: u64) {
        self.current.fetch_sub(amount, Ordering::Relaxed);
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.instances.remove(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_end_at_their_limits_and_return_to_zero() {
        let limits = HostLimits::default().instances(2).memory(100);
        let totals = Arc::new(Totals::new(&limits));
        let first = totals.instance().expect("there is room");
        let second = totals.instance().expect("there is room");
        let refused = totals.instance().err().expect("two are allowed");
        assert_eq!((refused.limit, refused.asked), (2, 3));
        totals.add_memory(60).expect("there is room");
        let refused = totals.add_memory(60).expect_err("100 are allowed");
        assert_eq!((refused.limit, refused.asked), (100, 120));
        assert_eq!((totals.usage().instances, totals.usage().memory), (2, 60));
        totals.remove_memory(60);
        drop((first, second));
        assert_eq!(totals.usage(), HostUsage::default());
    }
}
