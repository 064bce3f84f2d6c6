//! Counts memory and tables over a whole instance, and remembers what it refused.

use crate::limits::Limits;
use wasmtime::ResourceLimiter;

/// A running total over all memories and tables of one store.
///
/// wasmtime's own `StoreLimits` looks at each memory alone.
pub(crate) struct Limiter {
    memory: Total,
    table_elements: Total,
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
    TableElements,
}

/// A growth that would exceed a limit.
struct OverLimit {
    limit: u64,
    asked: u64,
}

struct Total {
    current: u64,
    peak: u64,
    limit: u64,
    /// What the last accepted growth added, for when it fails after all.
    last_growth: u64,
}

impl Limiter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            memory: Total::new(limits.memory),
            table_elements: Total::new(limits.table_elements),
            refused: None,
        }
    }

    /// The most bytes of memory that there were at once.
    pub(crate) fn peak_memory(&self) -> u64 {
        self.memory.peak
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

    /// Notes a refusal, and says whether there was none.
    fn granted(&mut self, resource: Resource, growth: Result<bool, OverLimit>) -> bool {
        growth.unwrap_or_else(|OverLimit { limit, asked }| {
            self.refused = Some(Refused {
                resource,
                limit,
                asked,
            });
            false
        })
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

    /// Whether to let it grow, or by how much that is too much.
    fn grow(&mut self, from: usize, to: usize, maximum: Option<usize>) -> Result<bool, OverLimit> {
        // A refusal leaves nothing to give back.
        self.last_growth = 0;
        // Beyond the module's own maximum it fails whatever we say, and that
        // is not our refusal to report.
        if maximum.is_some_and(|maximum| to > maximum) {
            return Ok(false);
        }
        let growth = to.saturating_sub(from) as u64;
        let asked = self.current.saturating_add(growth);
        if asked > self.limit {
            return Err(OverLimit {
                limit: self.limit,
                asked,
            });
        }
        self.current = asked;
        self.peak = self.peak.max(asked);
        self.last_growth = growth;
        Ok(true)
    }

    fn undo(&mut self) {
        self.current -= std::mem::take(&mut self.last_growth);
    }
}

/// How many core instances, memories and tables one plugin may have, each. Ten
/// times what toolchains make; each costs the host memory that no total sees.
const AT_MOST: usize = 100;

impl ResourceLimiter for Limiter {
    fn instances(&self) -> usize {
        AT_MOST
    }

    fn memories(&self) -> usize {
        AT_MOST
    }

    fn tables(&self) -> usize {
        AT_MOST
    }

    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let growth = self.memory.grow(current, desired, maximum);
        Ok(self.granted(Resource::Memory, growth))
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
        let growth = self.table_elements.grow(current, desired, maximum);
        Ok(self.granted(Resource::TableElements, growth))
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
        assert_eq!(limiter.peak_memory(), 60);
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
}
