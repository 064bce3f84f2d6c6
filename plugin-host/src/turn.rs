//! What came of calling several plugins: one outcome for each. Plain data.

use crate::error::Error;
use plugin_host_manifest::PluginId;

/// How one plugin took part.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Turn<R, E = Error> {
    /// Which plugin.
    pub plugin: PluginId,
    /// What came of it.
    pub outcome: Outcome<R, E>,
}

/// What came of one plugin's turn.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome<R, E = Error> {
    /// It did its part.
    Done(R),
    /// It was asked and left the answer to the next one.
    Declined,
    /// The call failed, and the others went on without it.
    Failed(E),
    /// It was not called, since an earlier one had answered, or had failed and
    /// that ended it all.
    NotCalled,
}

/// What came of handing a value from plugin to plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Chain<V, E = Error> {
    /// The value as the last plugin that did its part left it.
    pub value: V,
    /// One for each plugin, in the order of the chain.
    pub turns: Vec<Turn<(), E>>,
}

/// What came of asking plugins until one answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FirstAnswer<R, E = Error> {
    /// The answer, where one gave any.
    pub answer: Option<R>,
    /// One for each plugin, in the order in which they were asked.
    pub turns: Vec<Turn<(), E>>,
}

impl<R, E> Turn<R, E> {
    /// A turn as a test wants it: those of real calls come from
    /// [`Plugins`](crate::Plugins).
    #[must_use]
    pub fn new(plugin: PluginId, outcome: Outcome<R, E>) -> Self {
        Self { plugin, outcome }
    }

    /// Which plugin failed, and how; none where it did not.
    #[must_use]
    pub fn failure(&self) -> Option<(&PluginId, &E)> {
        match &self.outcome {
            Outcome::Failed(error) => Some((&self.plugin, error)),
            _ => None,
        }
    }
}

impl<V, E> Chain<V, E> {
    /// What came of a chain, as a test wants it.
    #[must_use]
    pub fn new(value: V, turns: Vec<Turn<(), E>>) -> Self {
        Self { value, turns }
    }

    /// The plugins that failed, and how.
    pub fn failures(&self) -> impl Iterator<Item = (&PluginId, &E)> {
        self.turns.iter().filter_map(Turn::failure)
    }
}

impl<R, E> FirstAnswer<R, E> {
    /// What came of asking, as a test wants it.
    #[must_use]
    pub fn new(answer: Option<R>, turns: Vec<Turn<(), E>>) -> Self {
        Self { answer, turns }
    }

    /// The plugin that answered.
    #[must_use]
    pub fn answered_by(&self) -> Option<&PluginId> {
        let mut turns = self.turns.iter();
        let answered = turns.find(|turn| matches!(turn.outcome, Outcome::Done(())))?;
        Some(&answered.plugin)
    }

    /// The plugins that failed, and how.
    pub fn failures(&self) -> impl Iterator<Item = (&PluginId, &E)> {
        self.turns.iter().filter_map(Turn::failure)
    }
}
