//! Loads the plugins that fit, in order.

use crate::args::{PluginArgs, Setting, UsageError};
use crate::bindings::Shop;
use crate::found::{host, knows, look, name_of, with_settings};
use crate::outcome::Row;
use crate::stage::Stage;
use anyhow::Result;
use plugin_host::{Candidate, Error, PluginId, Plugins};
use std::collections::{BTreeMap, HashMap};

/// Settings by plugin and key.
pub(crate) type Settings = BTreeMap<PluginId, BTreeMap<String, String>>;

/// The plugins that run, in order, and rows for those that do not.
pub(crate) struct Chain {
    pub(crate) stages: Plugins<Stage>,
    pub(crate) refused: Vec<Row>,
    pub(crate) shop: Shop,
}

impl Chain {
    /// Loads every plugin that fits; the others become rows, and a line each.
    pub(crate) fn load(args: &PluginArgs, settings: &Settings, order: &[PluginId]) -> Result<Self> {
        let host = host(args)?;
        let found = look(&host, &args.plugins)?;
        let mut named = order.iter().chain(settings.keys());
        if let Some(id) = named.find(|id| !knows(&found, id)) {
            return Err(UsageError::NoSuchPlugin(id.clone()).into());
        }

        let shop = Shop::default();
        let version_of = |candidate: &Candidate| candidate.version().map(ToString::to_string);
        let candidates = found.iter().flatten();
        let mut versions: HashMap<_, _> = candidates
            .map(|candidate| (candidate.id().clone(), version_of(candidate)))
            .collect();
        let mut stages = host.load_all(found, |loader| {
            let candidate = loader.candidate();
            let state = shop.clone();
            let given = settings.get(candidate.id());
            let loader = with_settings(loader.clone(), args, given);
            let loader = loader.measure_time();
            loader.load_with(move |_| Ok(state.clone())).map(Stage::new)
        });
        stages.put_first(order);
        let refused = stages.refused().iter().map(|error| {
            let version = error.plugin_id().and_then(|id| versions.remove(id)?);
            refuse(error, version)
        });
        Ok(Self {
            refused: refused.collect(),
            stages,
            shop,
        })
    }

    /// The table: plugins that ran in their order, then the refused.
    pub(crate) fn rows(self) -> Vec<Row> {
        let ran = self.stages.iter().map(|(_, stage)| stage.row());
        ran.chain(self.refused).collect()
    }
}

/// Says why a plugin does not run, and makes its row.
fn refuse(error: &Error, version: Option<String>) -> Row {
    let line = error.to_string();
    eprintln!("error: {line}");
    Row::refused(name_of(error), version, line)
}

/// Settings from the command line, over those that come with the sample.
pub(crate) fn settings(sample: Option<&str>, given: &[Setting]) -> Result<Settings> {
    let mut settings: Settings = match sample {
        Some(text) => toml::from_str(text)?,
        None => Settings::new(),
    };
    for setting in given {
        settings
            .entry(setting.plugin.clone())
            .or_default()
            .insert(setting.key.clone(), setting.value.clone());
    }
    Ok(settings)
}
