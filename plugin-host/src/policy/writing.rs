//! Writes a policy as TOML that a person can read and edit.

use super::PolicyEntry;
use crate::binding::Binding;
use crate::grants::{Directory, Grants};
use plugin_host_manifest::{Capabilities, PluginId};
use std::fmt;
use toml::{Table, Value};

/// Writes one plugin's tables.
pub(super) fn write(f: &mut fmt::Formatter<'_>, id: &PluginId, entry: &PolicyEntry) -> fmt::Result {
    writeln!(f, "[plugins.\"{id}\"]")?;
    match entry.binding {
        Binding::Digest(digest) => writeln!(f, "digest = \"{digest}\"")?,
    }
    if let Some(version) = &entry.version {
        writeln!(f, "version = \"{version}\"")?;
    }
    if entry.locked {
        writeln!(f, "locked = true")?;
    }
    if entry.is_lock_alone() {
        return Ok(());
    }
    writeln!(f, "\n[plugins.\"{id}\".asked]")?;
    lines(f, asked(&entry.asked))?;
    writeln!(f, "\n[plugins.\"{id}\".granted]")?;
    lines(f, granted(&entry.granted))
}

/// A line for each key, its value in braces where it is a table.
fn lines(f: &mut fmt::Formatter<'_>, table: Table) -> fmt::Result {
    let mut lines = table.into_iter();
    lines.try_for_each(|(key, value)| writeln!(f, "{key} = {value}"))
}

fn asked(asked: &Capabilities) -> Table {
    Table::try_from(asked).expect("capabilities are texts, lists and maps of texts")
}

fn granted(grants: &Grants) -> Table {
    let mut capabilities = grants.capabilities();
    // These three are written otherwise than they are asked for.
    capabilities.directories.clear();
    capabilities.environment.clear();
    capabilities.config = false;
    let mut table = asked(&capabilities);
    let mut insert = |key: &str, entries: Table| {
        if !entries.is_empty() {
            table.insert(key.to_owned(), Value::Table(entries));
        }
    };
    let directories = grants.directories.iter().map(|(guest, directory)| {
        let Directory { path, access } = directory;
        let directory = Table::from_iter([
            ("path".to_owned(), text(&path.to_string_lossy())),
            ("access".to_owned(), text(&access.to_string())),
        ]);
        (guest.to_string(), Value::Table(directory))
    });
    insert("directories", directories.collect());
    let environment = grants.environment.iter().map(|(name, value)| {
        let value = if grants.inherited.contains(name) {
            let inherit = ("inherit".to_owned(), Value::Boolean(true));
            Value::Table(Table::from_iter([inherit]))
        } else {
            text(value)
        };
        (name.to_string(), value)
    });
    insert("environment", environment.collect());
    if let Some(config) = &grants.config {
        let config = config.iter().map(|(key, value)| (key.clone(), text(value)));
        table.insert("config".to_owned(), Value::Table(config.collect()));
    }
    table
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}
