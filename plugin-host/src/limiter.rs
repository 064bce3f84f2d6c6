//! Counts memory and tables over a whole instance, and remembers what it refused.

use crate::limits::Limits;
use wasmtime::ResourceLimiter;

/// A running total over all memories and tables of one store.
///
/// wasmtime's own `StoreLimits` looks at each memory alone.
pub(crate) struct Limiter {
    memory: Total,
    table_elements: Total,
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
    TableElements,
}

struct Total {
    resource: Resource,
    current: u64,
    peak: u64,
    limit: u64,
    /// What the last accepted growth added, for when it fails after all.
    last_growth: u64,
    refused: Option<Refused>,
}

impl Limiter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            memory: Total::new(Resource::Memory, limits.memory),
            table_elements: Total::new(Resource::TableElements, limits.table_elements),
        }
    }

    /// The most bytes of memory that there were at once.
    pub(crate) fn peak_memory(&self) -> u64 {
        self.memory.peak
    }

    /// Forgets refusals, so that the next call's failure is explained by its own.
    #[inline]
    pub(crate) fn forget_refusals(&mut self) {
        self.memory.refused = None;
        self.table_elements.refused = None;
    }

    /// The newest refusal since the last call of `forget_refusals`.
    pub(crate) fn refused(&self) -> Option<Refused> {
        self.memory.refused.or(self.table_elements.refused)
    }
}

impl Total {
    fn new(resource: Resource, limit: u64) -> Self {
        Self {
            resource,
            current: 0,
            peak: 0,
            limit,
            last_growth: 0,
            refused: None,
        }
    }

    fn grow(&mut self, from: usize, to: usize, maximum: Option<usize>) -> bool {
        // Beyond the module's own maximum it fails whatever we say, and that
        // is not our refusal to report.
        if maximum.is_some_and(|maximum| to > maximum) {
            return false;
        }
        let growth = to.saturating_sub(from) as u64;
        let asked = self.current.saturating_add(growth);
        if asked > self.limit {
            self.refused = Some(Refused {
                resource: self.resource,
                limit: self.limit,
                asked,
            });
            return false;
        }
        self.current = asked;
        self.peak = self.peak.max(asked);
        self.last_growth = growth;
        true
    }

    fn undo(&mut self) {
        self.current -= std::mem::take(&mut self.last_growth);
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.memory.grow(current, desired, maximum))
    }

    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.memory.undo();
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.table_elements.grow(current, desired, maximum))
    }

    fn table_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.table_elements.undo();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(bytes: u64) -> Limiter {
        Limiter::new(&Limits::default().memory(bytes))
    }

    #[test]
    fn second_memory_counts_against_the_limit() {
        let mut limiter = limiter(100);
        assert!(limiter.memory.grow(0, 60, None));
        assert!(!limiter.memory.grow(0, 60, None));
        let refused = limiter.refused().expect("the refusal is remembered");
        assert_eq!((refused.limit, refused.asked), (100, 120));
        assert_eq!(limiter.peak_memory(), 60);
    }

    #[test]
    fn growth_that_fails_later_is_given_back() {
        let mut limiter = limiter(100);
        assert!(limiter.memory.grow(0, 60, None));
        limiter.memory.undo();
        limiter.memory.undo();
        assert!(limiter.memory.grow(0, 100, None));
    }

    #[test]
    fn growth_past_the_modules_own_maximum_is_not_our_refusal() {
        let mut limiter = limiter(100);
        assert!(!limiter.memory.grow(0, 200, Some(50)));
        assert_eq!(limiter.refused(), None);
        limiter.memory.undo();
        assert_eq!(limiter.memory.current, 0);
    }
}
