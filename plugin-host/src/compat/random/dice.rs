//! Random choices that are the same in every run.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.0.next_u64() % end as u64) as usize
    }

    /// Whether something happens that does in so many of a hundred cases.
    pub(super) fn in_hundred(&mut self, times: usize) -> bool {
        self.below(100) < times
    }

    /// One of several; none where there is none.
    pub(super) fn pick<T: Clone>(&mut self, among: &[T]) -> Option<T> {
        if among.is_empty() {
            return None;
        }
        Some(among[self.below(among.len())].clone())
    }
}
