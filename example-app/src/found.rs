//! The plugins that there are: those in folders, or the bundled ones.

use crate::args::PluginArgs;
use crate::bundled::BUNDLED;
use crate::load_line::load_line;
use anyhow::{Result, bail};
use plugin_host::{Candidate, Error, Host, Loader, PluginId, Policy};
use std::collections::BTreeMap;
use std::path::PathBuf;

pub(crate) fn host(args: &PluginArgs) -> Result<Host> {
    let version = env!("CARGO_PKG_VERSION").parse()?;
    let mut builder = Host::builder()
        .application("catalog", version)
        .limits(args.limits())
        .progress(load_line());
    if let Some(policy) = &args.policy {
        builder = builder.policy(Policy::from_file(policy)?);
    }
    if args.locked {
        builder = builder.locked();
    }
    Ok(builder.build()?)
}

/// Looks in folders, or at the bundled ones where none is named. A bad plugin is
/// an error among the others.
pub(crate) fn look(host: &Host, folders: &[PathBuf]) -> Result<Vec<Result<Candidate, Error>>> {
    if folders.is_empty() {
        let bundled = BUNDLED.iter();
        return Ok(bundled
            .map(|(name, bytes)| Candidate::from_bytes(name, *bytes))
            .collect());
    }
    let mut found = host.discover_in(folders);
    // Of a folder itself: nothing in it was looked at.
    let of_folder = |found: &Result<Candidate, Error>| {
        let path = found.as_ref().err().and_then(Error::path);
        path.is_some_and(|path| folders.iter().any(|folder| folder == path))
    };
    if let Some(at) = found.iter().position(of_folder)
        && let Err(error) = found.swap_remove(at)
    {
        return Err(error.into());
    }
    if found.is_empty() {
        let folders: Vec<String> = folders
            .iter()
            .map(|folder| format!("`{}`", folder.display()))
            .collect();
        bail!(
            "there are no plugins in {}: name another folder with `--plugins`",
            folders.join(" or ")
        );
    }
    Ok(found)
}

/// Gives a plugin its settings: those of the command line, else what the policy
/// says, else none.
pub(crate) fn with_settings(
    loader: Loader,
    args: &PluginArgs,
    given: Option<&BTreeMap<String, String>>,
) -> Loader {
    match given {
        Some(settings) => loader.config(settings.clone()),
        None if args.policy.is_none() && loader.candidate().asked().config => {
            loader.config(BTreeMap::<String, String>::new())
        }
        None => loader,
    }
}

/// Whether a plugin of this id was found, though it may be a bad one.
pub(crate) fn knows(found: &[Result<Candidate, Error>], id: &PluginId) -> bool {
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
    found.iter().any(|found| match found {
        Ok(candidate) => candidate.id() == id,
        Err(error) => named(error),
    })
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
        // Anybody may have named the file.
        name.display().to_string().escape_debug().to_string()
    };
    match path.parent() {
        // A folder's manifest is called as its folder.
        Some(folder) if path.ends_with("plugin.toml") => name(folder),
        _ => name(path),
    }
}
