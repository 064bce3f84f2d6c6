//! The reasons against a component, of which no more are kept than somebody
//! would read: a component can be made to have a million.

use super::Reason;

/// How many reasons are kept.
const KEPT: usize = 100;

#[derive(Default)]
pub(super) struct Against {
    reasons: Vec<Reason>,
    more: usize,
}

impl Against {
    /// Takes a reason in; where there are enough already, it is only counted.
    pub(super) fn push(&mut self, reason: impl FnOnce() -> Reason) {
        if self.reasons.len() < KEPT {
            self.reasons.push(reason());
        } else {
            self.more += 1;
        }
    }

    pub(super) fn any(&self, is: impl FnMut(&Reason) -> bool) -> bool {
        self.more > 0 || self.reasons.iter().any(is)
    }

    pub(super) fn into_reasons(mut self) -> Vec<Reason> {
        if self.more > 0 {
            self.reasons.push(Reason::More { count: self.more });
        }
        self.reasons
    }
}
