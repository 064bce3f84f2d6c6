//! The plugins that there are: those in a folder, or the bundled ones.

use crate::args::PluginArgs;
use crate::bundled::BUNDLED;
use anyhow::{Result, bail};
use plugin_host::{Candidate, Error, Host, PluginId, Policy};
use std::path::Path;

/// What was found, good and bad.
pub(crate) struct Found {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) bad: Vec<Error>,
}

pub(crate) fn host(args: &PluginArgs) -> Result<Host> {
    let version = env!("CARGO_PKG_VERSION").parse()?;
    let mut builder = Host::builder()
        .application("catalog", version)
        .limits(args.limits());
    if let Some(policy) = &args.policy {
        builder = builder.policy(Policy::from_file(policy)?);
    }
    if args.locked {
        builder = builder.locked();
    }
    Ok(builder.build()?)
}

impl Found {
    /// Looks in a folder, or at the bundled ones, and puts what is there in order.
    pub(crate) fn look(host: &Host, folder: Option<&Path>, order: &[PluginId]) -> Result<Self> {
        let found: Vec<Result<Candidate, Error>> = match folder {
            Some(folder) => host.discover(folder),
            None => BUNDLED
                .iter()
                .map(|(name, bytes)| Candidate::from_bytes(name, *bytes))
                .collect(),
        };
        let (mut candidates, mut bad) = (Vec::new(), Vec::new());
        for found in found {
            match found {
                Ok(candidate) => candidates.push(candidate),
                // Of the folder itself: nothing was looked at.
                Err(error) if error.path() == folder && error.path().is_some() => {
                    return Err(error.into());
                }
                Err(error) => bad.push(error),
            }
        }
        if let (Some(folder), true) = (folder, candidates.is_empty() && bad.is_empty()) {
            bail!(
                "there are no plugins in `{}`: name another folder with `--plugins`",
                folder.display()
            );
        }
        candidates.sort_by_key(|candidate| place(candidate, order));
        Ok(Self { candidates, bad })
    }

    /// Whether a plugin of this id is there, though it may be a bad one.
    pub(crate) fn knows(&self, id: &PluginId) -> bool {
        let named = |error: &Error| match (error.plugin_id(), error.path()) {
            (Some(bad), _) => bad == id,
            // A file that cannot be read has the id that its name suggests.
            (None, Some(path)) => path
                .ancestors()
                .take(2)
                .filter_map(|path| path.file_stem())
                .any(|stem| stem.eq_ignore_ascii_case(id.as_str())),
            (None, None) => false,
        };
        self.candidates.iter().any(|candidate| candidate.id() == id) || self.bad.iter().any(named)
    }
}

/// Where a plugin runs: as named, else by its manifest's priority, else by id.
fn place(candidate: &Candidate, order: &[PluginId]) -> (usize, i32, PluginId) {
    let named = order.iter().position(|id| id == candidate.id());
    let priority = candidate.manifest().map_or(0, |manifest| manifest.priority);
    let named = named.unwrap_or(usize::MAX);
    (named, priority, candidate.id().clone())
}

/// What to call a plugin that is in error.
pub(crate) fn name_of(error: &Error) -> String {
    if let Some(id) = error.plugin_id() {
        return id.to_string();
    }
    let Some(path) = error.path() else {
        return "-".to_owned();
    };
    let name = |path: &std::path::Path| {
        let name = path.file_name().unwrap_or_default();
        name.display().to_string()
    };
    match path.parent() {
        // A folder's manifest is called as its folder.
        Some(folder) if path.ends_with("plugin.toml") => name(folder),
        _ => name(path),
    }
}
