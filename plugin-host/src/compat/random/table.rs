//! Counts what there was in the cases.

use super::case::{Case, Outcome};
use super::edit::EDITS;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Default)]
pub(super) struct Table {
    /// For each kind of change: in the host's world and in the plugin's.
    edits: BTreeMap<usize, [usize; 2]>,
    outcomes: BTreeMap<&'static str, usize>,
}

impl Table {
    pub(super) fn count(&mut self, case: &Case, outcome: &Outcome) {
        for edit in &case.edits {
            self.edits.entry(*edit).or_default()[usize::from(case.plugin_is_changed)] += 1;
        }
        *self.outcomes.entry(outcome.name()).or_default() += 1;
    }

    pub(super) fn add(&mut self, other: Self) {
        for (edit, [host, plugin]) in other.edits {
            let counts = self.edits.entry(edit).or_default();
            counts[0] += host;
            counts[1] += plugin;
        }
        for (outcome, count) in other.outcomes {
            *self.outcomes.entry(outcome).or_default() += count;
        }
    }

    /// That there was enough of everything.
    pub(super) fn check(&self, cases: usize) {
        for (i, edit) in EDITS.iter().enumerate() {
            let [host, plugin] = self.edits.get(&i).copied().unwrap_or_default();
            assert!(host + plugin >= cases / 100, "{}", edit.name);
        }
        let count = |outcome: &str| self.outcomes.get(outcome).copied().unwrap_or_default();
        for outcome in [Outcome::Fits, Outcome::Unfit] {
            assert!(count(outcome.name()) >= cases / 10, "{}", outcome.name());
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:>8} {:>8}  change in the host's world, the plugin's",
            "", ""
        )?;
        for (i, [host, plugin]) in &self.edits {
            writeln!(f, "{host:>8} {plugin:>8}  {}", EDITS[*i].name)?;
        }
        for (outcome, count) in &self.outcomes {
            writeln!(f, "{count:>8}  {outcome}")?;
        }
        Ok(())
    }
}
