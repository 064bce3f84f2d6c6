//! Reads a policy's TOML. Takes paths as they are, and inherits nothing yet.

use super::PolicyEntry;
use super::place::Place;
use crate::binding::Binding;
use crate::digest::Digest;
use crate::grants::{Directory, Grants};
use crate::policy_error::PolicyError;
use plugin_host_manifest::internal::{Table, capabilities};
use plugin_host_manifest::{Capabilities, PluginId, SourceError};
use semver::Version;
use std::collections::BTreeMap;
use std::path::PathBuf;

const DIGEST: &str = "a digest such as `sha256:` and 64 hex digits";
const VARIABLE: &str = "a string, or `{ inherit = true }`";

/// Every plugin that a policy holds something of.
pub(super) fn read(text: &str) -> Result<BTreeMap<PluginId, PolicyEntry>, PolicyError> {
    let mut top = Table::parse(text)?;
    let mut table = top.table("plugins")?;
    let mut plugins = BTreeMap::new();
    for key in table.keys() {
        let id = table.parsed_key(&key, "a plugin id such as `acme.pricing`")?;
        plugins.insert(id, entry(table.table(&key)?)?);
    }
    top.finish()?;
    Ok(plugins)
}

fn entry(mut table: Table<'_>) -> Result<PolicyEntry, PolicyError> {
    let digest: Option<Digest> = table.parsed("digest", DIGEST)?;
    let version: Option<Version> = table.parsed("version", "a version such as `1.2.0`")?;
    let locked: Option<bool> = table.value("locked", "`true` or `false`")?;
    let asked = capabilities(table.table("asked")?)?;
    let granted = granted(table.table("granted")?, &asked)?;
    let missing = table.missing("digest", DIGEST);
    table.finish()?;
    Ok(PolicyEntry {
        binding: Binding::Digest(digest.ok_or(missing)?),
        version,
        locked: locked.unwrap_or_default(),
        asked,
        granted,
    })
}

fn granted(mut table: Table<'_>, asked: &Capabilities) -> Result<Grants, PolicyError> {
    let mut granted = Grants::none();

    let place = Place::of(&table, "clock");
    granted.clock = table
        .value("clock", "`frozen` or `real`")?
        .unwrap_or_default();
    place.check(&granted, asked)?;

    let place = Place::of(&table, "random");
    granted.random = table
        .value("random", "`seeded` or `secure`")?
        .unwrap_or_default();
    place.check(&granted, asked)?;

    let place = Place::of(&table, "stdio");
    granted.stdio = table
        .value("stdio", "`captured`, `traced` or `inherited`")?
        .unwrap_or_default();
    place.check(&granted, asked)?;

    let place = Place::of(&table, "config");
    if table.has_table("config") {
        granted.config = Some(config(table.table("config")?)?);
    } else {
        table.table("config")?;
    }
    place.check(&granted, asked)?;

    environment(table.table("environment")?, &mut granted, asked)?;
    directories(table.table("directories")?, &mut granted, asked)?;
    table.finish()?;
    Ok(granted)
}

fn config(mut table: Table<'_>) -> Result<BTreeMap<String, String>, SourceError> {
    let mut entries = BTreeMap::new();
    for key in table.keys() {
        if let Some(value) = table.value(&key, "a string")? {
            entries.insert(key, value);
        }
    }
    Ok(entries)
}

fn environment(
    mut table: Table<'_>,
    granted: &mut Grants,
    asked: &Capabilities,
) -> Result<(), PolicyError> {
    for key in table.keys() {
        let name: plugin_host_manifest::VariableName = table.parsed_key(&key, "a variable name")?;
        let place = Place::of(&table, &key);
        if table.has_table(&key) {
            let mut variable = table.table(&key)?;
            let missing = variable.missing("inherit", "`true`");
            let inherit: Option<bool> = variable.value("inherit", "`true` or `false`")?;
            variable.finish()?;
            if inherit.ok_or(missing)? {
                granted.inherited.insert(name.clone());
                granted.environment.insert(name, String::new());
            }
        } else if let Some(value) = table.value(&key, VARIABLE)? {
            granted.environment.insert(name, value);
        }
        place.check(granted, asked)?;
    }
    Ok(())
}

fn directories(
    mut table: Table<'_>,
    granted: &mut Grants,
    asked: &Capabilities,
) -> Result<(), PolicyError> {
    for key in table.keys() {
        let guest = table.parsed_key(&key, "a path such as `/data`")?;
        let place = Place::of(&table, &key);
        let mut directory = table.table(&key)?;
        const PATH: &str = "the path of a directory";
        const ACCESS: &str = "`read-only` or `read-write`";
        let path: Option<PathBuf> = directory.value("path", PATH)?;
        let access = directory.value("access", ACCESS)?;
        let missing = |key, expected| directory.missing(key, expected);
        let (no_path, no_access) = (missing("path", PATH), missing("access", ACCESS));
        directory.finish()?;
        let (path, access) = (path.ok_or(no_path)?, access.ok_or(no_access)?);
        granted
            .directories
            .insert(guest, Directory { path, access });
        place.check(granted, asked)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    /// A plugin whose tables hold this; `asked` starts in line 4, `granted` in
    /// the line after that.
    fn policy(asked: &str, granted: &str) -> String {
        format!(
            "[plugins.'a.b']\ndigest = '{DIGEST}'\n[plugins.'a.b'.asked]\n{asked}\n\
             [plugins.'a.b'.granted]\n{granted}"
        )
    }

    #[test]
    fn every_key_is_read() {
        let asked = "clock = 'real'\nrandom = 'secure'\nstdio = 'traced'\nconfig = true\n\
                     environment = ['A', 'B', 'C']\n\
                     directories = { '/a' = 'read-write', '/b' = 'read-only' }";
        let granted = "clock = 'real'\nrandom = 'secure'\nstdio = 'traced'\n\
                       config = { k = 'v' }\n\
                       environment = { A = 'a', B = { inherit = true }, C = { inherit = false } }\n\
                       [plugins.'a.b'.granted.directories.'/a']\n\
                       path = '/srv/a'\naccess = 'read-only'";
        let plugins = read(&policy(asked, granted)).expect("the documented layout");
        let entry = plugins.values().next().expect("the plugin");
        assert_eq!(entry.binding.to_string(), DIGEST);
        assert_eq!(entry.asked.iter().count(), 9);
        let texts: Vec<String> = entry
            .granted
            .capabilities()
            .iter()
            .map(|one| one.to_string())
            .collect();
        assert_eq!(
            texts,
            [
                "the directory `/a`, read-only",
                "the environment variable `A`",
                "the environment variable `B`",
                "the real clock",
                "secure random numbers",
                "its output among the application's traces",
                "settings",
            ]
        );
        assert_eq!(entry.granted.environment["A"], "a");
        assert!(entry.granted.inherited.contains("B"));
    }

    #[test]
    fn what_is_left_out_is_not_granted() {
        for text in ["", "[plugins]", "# nobody"] {
            assert!(read(text).expect(text).is_empty());
        }
        let text = format!("plugins.a.digest = '{DIGEST}'");
        let plugins = read(&text).expect("a plugin");
        assert!(
            plugins
                .values()
                .all(|entry| entry.granted == Grants::none())
        );
    }

    #[test]
    fn every_mistake_is_named_with_its_line() {
        let path = |rest: &str| format!("directories.'/a' = {{ {rest} }}");
        let beyond = "which the plugin did not ask for: take it out; what it asked for stands \
                      under `asked`";
        let digest = "`plugins.a.digest` in line 2 must be a digest such as `sha256:` and 64 hex \
                      digits, not";
        for (text, message) in [
            (
                "[plugins",
                "invalid TOML in line 1: unclosed table, expected `]`".to_owned(),
            ),
            (
                "plugins = 1",
                "`plugins` in line 1 must be a table, not `1`".into(),
            ),
            (
                "[plugins.A]",
                "`plugins.A` in line 1 must be a plugin id such as `acme.pricing`: plugin id \
                 \"A\" contains 'A': only lower-case ASCII letters, digits, `-`, `_` and `.` are \
                 allowed"
                    .into(),
            ),
            (
                "[plugins.a]",
                "`plugins.a` in line 1 has no `digest`: it must be a digest such as `sha256:` \
                 and 64 hex digits"
                    .into(),
            ),
            // Who forgets the quotes.
            (
                "[plugins.a.b]",
                "unknown key `plugins.a.b` in line 1: the keys here are `plugins.a.digest`, \
                 `plugins.a.version`, `plugins.a.locked`, `plugins.a.asked`, `plugins.a.granted`"
                    .into(),
            ),
            (
                "[plugins.a]\ndigest = 'md5:0'",
                format!("{digest} \"md5:0\": a digest starts with `sha256:`"),
            ),
            (
                "[plugins.a]\ndigest = 'sha256:0'",
                format!("{digest} \"sha256:0\": 64 hex digits, in lower case, follow `sha256:`"),
            ),
            (
                &policy("clok = 'real'", ""),
                "unknown key `plugins.\"a.b\".asked.clok` in line 4: did you mean \
                 `plugins.\"a.b\".asked.clock`?"
                    .into(),
            ),
            (
                &policy("", "clock = 'fast'"),
                "`plugins.\"a.b\".granted.clock` in line 6 must be `frozen` or `real`, not \
                 `'fast'`"
                    .into(),
            ),
            (
                &policy("", "\nclock = 'real'"),
                format!(
                    "`plugins.\"a.b\".granted.clock` in line 7 grants the real clock, {beyond}"
                ),
            ),
            (
                &policy("", "random = 'secure'"),
                format!(
                    "`plugins.\"a.b\".granted.random` in line 6 grants secure random numbers, \
                     {beyond}"
                ),
            ),
            (
                &policy("stdio = 'traced'", "stdio = 'inherited'"),
                format!(
                    "`plugins.\"a.b\".granted.stdio` in line 6 grants the application's stdout \
                     and stderr, {beyond}"
                ),
            ),
            (
                &policy("", "config.k = 'v'"),
                format!("`plugins.\"a.b\".granted.config` in line 6 grants settings, {beyond}"),
            ),
            (
                &policy("config = true", "config = true"),
                "`plugins.\"a.b\".granted.config` in line 6 must be a table, not `true`".into(),
            ),
            (
                &policy("config = true", "config.k = 1"),
                "`plugins.\"a.b\".granted.config.k` in line 6 must be a string, not `1`".into(),
            ),
            (
                &policy(
                    "environment = ['A']",
                    "environment.A = 'a'\nenvironment.B = 'b'",
                ),
                format!(
                    "`plugins.\"a.b\".granted.environment.B` in line 7 grants the environment \
                     variable `B`, {beyond}"
                ),
            ),
            (
                &policy("environment = ['A']", "environment.A = true"),
                "`plugins.\"a.b\".granted.environment.A` in line 6 must be a string, or `{ \
                 inherit = true }`, not `true`"
                    .into(),
            ),
            (
                &policy("environment = ['A']", "environment.A = {}"),
                "`plugins.\"a.b\".granted.environment.A` in line 6 has no `inherit`: it must be \
                 `true`"
                    .into(),
            ),
            (
                &policy(
                    "directories.'/a' = 'read-only'",
                    &path("path = 'a', access = 'read-write'"),
                ),
                format!(
                    "`plugins.\"a.b\".granted.directories.\"/a\"` in line 6 grants the directory \
                     `/a`, read-write, {beyond}"
                ),
            ),
            (
                &policy(
                    "directories.'/a' = 'read-only'",
                    &path("access = 'read-only'"),
                ),
                "`plugins.\"a.b\".granted.directories.\"/a\"` in line 6 has no `path`: it must be \
                 the path of a directory"
                    .into(),
            ),
            (
                &policy("directories.'/a' = 'read-only'", &path("path = 'a'")),
                "`plugins.\"a.b\".granted.directories.\"/a\"` in line 6 has no `access`: it must \
                 be `read-only` or `read-write`"
                    .into(),
            ),
            (
                &policy("", "directories.a = {}"),
                "`plugins.\"a.b\".granted.directories.a` in line 6 must be a path such as \
                 `/data`: guest path \"a\" must start with `/`"
                    .into(),
            ),
            (
                &policy("", "network = 'all'"),
                "unknown key `plugins.\"a.b\".granted.network` in line 6: the keys here are \
                 `plugins.\"a.b\".granted.clock`, `plugins.\"a.b\".granted.random`, \
                 `plugins.\"a.b\".granted.stdio`, `plugins.\"a.b\".granted.config`, \
                 `plugins.\"a.b\".granted.environment`, `plugins.\"a.b\".granted.directories`"
                    .into(),
            ),
        ] {
            let error = read(text).expect_err(&message);
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn no_damage_to_the_text_panics() {
        let text = policy(
            "environment = ['A']\ndirectories.'/a' = 'read-only'",
            "environment.A.inherit = true\ndirectories.'/a' = { path = 'a', access = 'read-only' }",
        );
        read(&text).expect("it is whole");
        for at in 0..text.len() {
            let _ = read(&text[..at]);
            for insert in ["é", "\0", "[", "'", "=", "\n"] {
                let _ = read(&[&text[..at], insert, &text[at..]].concat());
            }
        }
    }
}
