//! Collects changes under the rules.

use crate::rule::Sided;
use crate::{Change, Severity, Side};
use wit_parser::{Docs, Stability};

/// The changes found so far.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) changes: Vec<Change>,
}

impl Findings {
    pub(crate) fn push(&mut self, path: &str, side: Side, rule: Sided, what: impl Into<String>) {
        let rule = rule.on(side);
        self.changes.push(Change {
            path: path.to_owned(),
            severity: rule.0,
            side,
            what: what.into(),
            why: rule.1.to_owned(),
        });
    }

    /// The most that any change costs.
    pub(crate) fn severity(&self) -> Option<Severity> {
        self.changes.iter().map(|change| change.severity).max()
    }

    pub(crate) fn docs(&mut self, path: &str, side: Side, old: &Docs, new: &Docs) {
        if old != new {
            let what = match (old.is_empty(), new.is_empty()) {
                (true, _) => "documentation added",
                (_, true) => "documentation removed",
                _ => "documentation changed",
            };
            self.push(path, side, crate::rule::DOCS, what);
        }
    }

    pub(crate) fn gate(&mut self, path: &str, side: Side, old: &Stability, new: &Stability) {
        let mut gate = |what: &str| self.push(path, side, crate::rule::DOCS, what);
        match (since(old), since(new)) {
            (old, new) if old == new => {}
            (None, Some(version)) => gate(&format!("marked `@since(version = {version})`")),
            (Some(_), None) => gate("no longer marked `@since`"),
            (Some(old), Some(new)) => gate(&format!("`@since` was {old} and is {new}")),
            (None, None) => {}
        }
        match (deprecated(old), deprecated(new)) {
            (old, new) if old == new => {}
            (_, Some(version)) => gate(&format!("deprecated since {version}")),
            (_, None) => gate("no longer deprecated"),
        }
    }
}

fn since(gate: &Stability) -> Option<String> {
    match gate {
        Stability::Stable { since, .. } => Some(since.to_string()),
        _ => None,
    }
}

fn deprecated(gate: &Stability) -> Option<String> {
    match gate {
        Stability::Stable { deprecated, .. } | Stability::Unstable { deprecated, .. } => {
            deprecated.as_ref().map(ToString::to_string)
        }
        Stability::Unknown => None,
    }
}
