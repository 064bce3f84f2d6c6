//! Counts memory and tables over a whole instance, and remembers what it refused.

use crate::limits::Limits;
use crate::tally::Peaks;
use crate::totals::{NoRoom, Totals};
use std::sync::Arc;
use wasmtime::ResourceLimiter;

/// A running total over all memories and tables of one store.
///
/// wasmtime's own `StoreLimits` looks at each memory alone.
pub(crate) struct Limiter {
    memory: Total,
    table_elements: Total,
    /// How many core instances and tables there may be, each.
    instances: usize,
    memories: usize,
    /// The memory of all instances of the host.
    host: Arc<Totals>,
    /// The newest refusal since the call began.
    refused: Option<Refused>,
}

/// A growth that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) resource: Resource,
    pub(crate) limit: u64,
    /// What the total would have become.
    pub(crate) asked: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    Memory,
    HostMemory,
    TableElements,
}

struct Total {
    current: u64,
    peak: u64,
    limit: u64,
    /// What the last accepted growth added, for when it fails after all.
    last_growth: u64,
}

impl Limiter {
    pub(crate) fn new(limits: &Limits, host: Arc<Totals>) -> Self {
        Self {
            memory: Total::new(limits.memory),
            table_elements: Total::new(limits.table_elements),
            instances: usize::try_from(limits.instances).unwrap_or(usize::MAX),
            memories: usize::try_from(limits.memories).unwrap_or(usize::MAX),
            host,
            refused: None,
        }
    }

    /// The most that there was at once.
    pub(crate) fn peaks(&self) -> Peaks {
        Peaks {
            memory: self.memory.peak,
            table_elements: self.table_elements.peak,
        }
    }

    /// Forgets refusals, so that the next call's failure is explained by its own.
    #[inline]
    pub(crate) fn forget_refusals(&mut self) {
        self.refused = None;
    }

    /// The newest refusal since the last call of `forget_refusals`.
    pub(crate) fn refused(&self) -> Option<Refused> {
        self.refused
    }

    fn refuse(&mut self, resource: Resource, NoRoom { limit, asked }: NoRoom) -> bool {
        self.refused = Some(Refused {
            resource,
            limit,
            asked,
        });
        false
    }
}

impl Total {
    fn new(limit: u64) -> Self {
        Self {
            current: 0,
            peak: 0,
            limit,
            last_growth: 0,
        }
    }

    fn grow(&mut self, growth: u64) -> Result<(), NoRoom> {
        let asked = self.current.saturating_add(growth);
        if asked > self.limit {
            return Err(NoRoom {
                limit: self.limit,
                asked,
            });
        }
        self.current = asked;
        self.peak = self.peak.max(asked);
        self.last_growth = growth;
        Ok(())
    }

    /// Takes the last growth back, and says how much it was.
    fn undo(&mut self) -> u64 {
        let growth = std::mem::take(&mut self.last_growth);
        self.current -= growth;
        growth
    }
}

/// By how much something grows; none where that fails whatever we say, beyond
/// the module's own maximum, and is not our refusal to report.
fn growth(from: usize, to: usize, maximum: Option<usize>) -> Option<u64> {
    match maximum {
        Some(maximum) if to > maximum => None,
        _ => Some(to.saturating_sub(from) as u64),
    }
}

impl ResourceLimiter for Limiter {
    fn instances(&self) -> usize {
        self.instances
    }

    fn memories(&self) -> usize {
        self.memories
    }

    fn tables(&self) -> usize {
        self.instances
    }

    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // A refusal leaves nothing to give back.
        self.memory.last_growth = 0;
        let Some(growth) = growth(current, desired, maximum) else {
            return Ok(false);
        };
        if let Err(no_room) = self.memory.grow(growth) {
            return Ok(self.refuse(Resource::Memory, no_room));
        }
        if let Err(no_room) = self.host.add_memory(growth) {
            self.memory.undo();
            return Ok(self.refuse(Resource::HostMemory, no_room));
        }
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.host.remove_memory(self.memory.undo());
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.table_elements.last_growth = 0;
        let Some(growth) = growth(current, desired, maximum) else {
            return Ok(false);
        };
        match self.table_elements.grow(growth) {
            Ok(()) => Ok(true),
            Err(no_room) => Ok(self.refuse(Resource::TableElements, no_room)),
        }
    }

    fn table_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.table_elements.undo();
        Ok(())
    }
}

impl Drop for Limiter {
    fn drop(&mut self) {
        self.host.remove_memory(self.memory.current);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host_limits::HostLimits;

    fn limiter(bytes: u64) -> Limiter {
        let host = Arc::new(Totals::new(&HostLimits::default()));
        Limiter::new(&Limits::default().memory(bytes), host)
    }

    /// One memory grows, as the engine asks it.
    fn grow(limiter: &mut Limiter, from: usize, to: usize, maximum: Option<usize>) -> bool {
        limiter
            .memory_growing(from, to, maximum)
            .expect("it never fails")
    }

    fn fails_after_all(limiter: &mut Limiter) {
        let error = wasmtime::Error::msg("the system has no memory");
        limiter.memory_grow_failed(error).expect("it never fails");
    }

    #[test]
    fn second_memory_counts_against_the_limit() {
        let mut limiter = limiter(100);
        assert!(grow(&mut limiter, 0, 60, None));
        assert!(!grow(&mut limiter, 0, 60, None));
        let refused = limiter.refused().expect("the refusal is remembered");
        assert_eq!((refused.limit, refused.asked), (100, 120));
        assert_eq!(limiter.peaks().memory, 60);
        limiter.forget_refusals();
        assert_eq!(limiter.refused(), None);
    }

    #[test]
    fn growth_that_fails_later_is_given_back() {
        let mut limiter = limiter(100);
        assert!(grow(&mut limiter, 0, 60, None));
        fails_after_all(&mut limiter);
        fails_after_all(&mut limiter);
        assert!(grow(&mut limiter, 0, 100, None));
    }

    #[test]
    fn growth_past_the_modules_own_maximum_is_not_our_refusal() {
        let mut limiter = limiter(100);
        assert!(grow(&mut limiter, 0, 50, Some(50)));
        assert!(!grow(&mut limiter, 50, 200, Some(50)));
        assert_eq!(limiter.refused(), None);
        fails_after_all(&mut limiter);
        assert!(!grow(&mut limiter, 0, 60, None), "the 50 still count");
    }

    #[test]
    fn memory_counts_for_the_host_until_the_instance_is_gone() {
        let limits = HostLimits::default().memory(100);
        let host = Arc::new(Totals::new(&limits));
        let limits = Limits::default();
        let mut first = Limiter::new(&limits, Arc::clone(&host));
        let mut second = Limiter::new(&limits, Arc::clone(&host));
        assert!(grow(&mut first, 0, 60, None));
        assert!(!grow(&mut second, 0, 60, None));
        let refused = second.refused().expect("the refusal is remembered");
        assert_eq!(refused.resource, Resource::HostMemory);
        assert_eq!((refused.limit, refused.asked), (100, 120));
        fails_after_all(&mut second);
        assert_eq!(host.usage().memory, 60);
        drop(first);
        assert_eq!(host.usage().memory, 0);
        assert!(grow(&mut second, 0, 60, None));
        fails_after_all(&mut second);
        assert_eq!(host.usage().memory, 0);
    }
}
