//! Holds back what is to be written until all of it is ranked.

use crate::catalogue::Batch;

/// All products, with what plugins scored each.
#[derive(Default)]
pub(crate) struct Ranking {
    all: Option<Batch>,
    scores: Vec<i64>,
}

impl Ranking {
    /// Adds a batch, with the scores that each plugin gave its products.
    pub(crate) fn add(&mut self, batch: Batch, scored: &[Vec<i64>]) {
        let before = self.scores.len();
        self.scores.resize(before + batch.len(), 0);
        for scores in scored {
            for (sum, score) in self.scores[before..].iter_mut().zip(scores) {
                *sum = sum.saturating_add(*score);
            }
        }
        match &mut self.all {
            None => self.all = Some(batch),
            Some(all) => all.append(batch),
        }
    }

    /// All products, those with the highest scores first; none where there are
    /// none.
    pub(crate) fn sorted(self) -> Option<Batch> {
        let mut all = self.all?;
        all.sort_by_scores(&self.scores);
        Some(all)
    }
}
