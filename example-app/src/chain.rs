//! Loads the plugins that fit, in order.

use crate::args::{PluginArgs, Setting, UsageError};
use crate::bindings::{CatalogPlugin, Shop};
use crate::found::{Found, host, name_of};
use crate::outcome::Row;
use crate::stage::Stage;
use anyhow::Result;
use plugin_host::{Error, PluginId};
use std::collections::BTreeMap;

/// Settings by plugin and key.
pub(crate) type Settings = BTreeMap<PluginId, BTreeMap<String, String>>;

/// The plugins that run, in order, and rows for those that do not.
pub(crate) struct Chain {
    pub(crate) stages: Vec<Stage>,
    pub(crate) refused: Vec<Row>,
    pub(crate) shop: Shop,
}

impl Chain {
    /// Loads every plugin that fits; the others become rows, and a line each.
    pub(crate) fn load(args: &PluginArgs, settings: &Settings, order: &[PluginId]) -> Result<Self> {
        let host = host(args)?;
        let found = Found::look(&host, args.plugins.as_deref(), order)?;
        if let Some(id) = order
            .iter()
            .chain(settings.keys())
            .find(|id| !found.knows(id))
        {
            return Err(UsageError::NoSuchPlugin(id.clone()).into());
        }

        let mut chain = Self {
            stages: Vec::new(),
            refused: found.bad.iter().map(|error| refuse(error, None)).collect(),
            shop: Shop::default(),
        };
        for candidate in found.candidates {
            let config = settings.get(candidate.id()).cloned().unwrap_or_default();
            let state = chain.shop.clone();
            let loaded = host
                .plugin(&candidate)
                .config(config)
                .measure_time()
                .load::<CatalogPlugin<Shop>>(move |_| Ok(state.clone()));
            match loaded {
                Ok(plugin) => chain.stages.push(Stage::new(plugin)),
                Err(error) => {
                    let version = candidate.version().map(ToString::to_string);
                    chain.refused.push(refuse(&error, version));
                }
            }
        }
        Ok(chain)
    }

    /// The table: plugins that ran in their order, then the refused.
    pub(crate) fn rows(self) -> Vec<Row> {
        let ran = self.stages.iter().map(Stage::row);
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
