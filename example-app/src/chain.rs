//! Finds the plugins, loads those that fit, and puts them in order.

use crate::args::{PluginArgs, Setting, UsageError};
use crate::bindings::{CatalogPlugin, Shop};
use crate::outcome::{Row, file_name};
use crate::stage::Stage;
use anyhow::{Result, anyhow};
use plugin_host::{Candidate, Error, Host, PluginId};
use std::collections::BTreeMap;

/// Settings by plugin and key.
pub(crate) type Settings = BTreeMap<PluginId, BTreeMap<String, String>>;

/// The plugins that run, in order, and rows for those that do not.
pub(crate) struct Chain {
    pub(crate) stages: Vec<Stage>,
    pub(crate) refused: Vec<Row>,
    pub(crate) shop: Shop,
}

pub(crate) fn host(args: &PluginArgs) -> Result<Host> {
    let version = env!("CARGO_PKG_VERSION").parse()?;
    Ok(Host::builder()
        .application("catalog", version)
        .limits(args.limits())
        .build()?)
}

impl Chain {
    /// Loads every plugin that fits; the others become rows, and a line each.
    pub(crate) fn load(args: &PluginArgs, settings: &Settings, order: &[PluginId]) -> Result<Self> {
        let host = host(args)?;
        let mut candidates = Vec::new();
        let mut refused = Vec::new();
        for candidate in host.discover(args.folder()) {
            match candidate {
                Ok(candidate) => candidates.push(candidate),
                Err(error) => refused.push(refuse(&error, file_name(error.path()), None)),
            }
        }
        let named = order.iter().chain(settings.keys());
        for id in named {
            if !candidates.iter().any(|candidate| candidate.id() == id) {
                return Err(UsageError::NoSuchPlugin(id.clone()).into());
            }
        }
        candidates.sort_by_key(|candidate| place(candidate, order));

        let shop = Shop::default();
        let mut stages = Vec::new();
        for candidate in candidates {
            let config = settings.get(candidate.id()).cloned().unwrap_or_default();
            let state = shop.clone();
            let loaded = host
                .plugin(&candidate)
                .config(config)
                .measure_time()
                .load::<CatalogPlugin<Shop>>(move |_| Ok(state.clone()));
            match loaded {
                Ok(plugin) => stages.push(Stage::new(plugin)),
                Err(error) => refused.push(refuse(
                    &error,
                    candidate.id().to_string(),
                    candidate.version().map(ToString::to_string),
                )),
            }
        }
        if stages.is_empty() && refused.is_empty() {
            return Err(anyhow!(
                "there are no plugins in `{}`: name another folder with `--plugins`",
                args.folder().display()
            ));
        }
        Ok(Self {
            stages,
            refused,
            shop,
        })
    }

    /// The table: plugins that ran in their order, then the refused.
    pub(crate) fn rows(self) -> Vec<Row> {
        let ran = self.stages.iter().map(Stage::row);
        ran.chain(self.refused).collect()
    }
}

/// Where a plugin runs: as named, else by its manifest's priority, else by id.
pub(crate) fn place(candidate: &Candidate, order: &[PluginId]) -> (usize, i32, PluginId) {
    let named = order.iter().position(|id| id == candidate.id());
    let priority = candidate.manifest().map_or(0, |manifest| manifest.priority);
    (
        named.unwrap_or(usize::MAX),
        priority,
        candidate.id().clone(),
    )
}

/// Says why a plugin does not run, and makes its row.
fn refuse(error: &Error, name: String, version: Option<String>) -> Row {
    let name = match error.plugin_id() {
        Some(id) => id.to_string(),
        None => name,
    };
    let line = error.to_string();
    eprintln!("error: {line}");
    Row::refused(name, version, line)
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
