//! Reads what is asked for from a TOML table, such as `[capabilities]` of a
//! `plugin.toml`.

use std::collections::BTreeMap;

use crate::capabilities::{MAX_DIRECTORIES, MAX_VARIABLES};
use crate::table::Table;
use crate::{Access, Capabilities, GuestPath, SourceError};

/// What a table asks for: `[capabilities]`, or another of the same keys.
///
/// # Errors
///
/// When a key has no meaning, or a value that it does not take.
pub fn capabilities(mut table: Table<'_>) -> Result<Capabilities, SourceError> {
    let asked = Capabilities {
        clock: table
            .value("clock", "`frozen` or `real`")?
            .unwrap_or_default(),
        random: table
            .value("random", "`seeded` or `secure`")?
            .unwrap_or_default(),
        stdio: table
            .value("stdio", "`captured`, `traced` or `inherited`")?
            .unwrap_or_default(),
        config: table
            .value("config", "`true` or `false`")?
            .unwrap_or_default(),
        environment: table
            .parsed_list("environment", "a list of variable names", MAX_VARIABLES)?
            .into_iter()
            .collect(),
        directories: directories(table.table("directories")?)?,
    };
    table.finish()?;
    Ok(asked)
}

fn directories(mut table: Table<'_>) -> Result<BTreeMap<GuestPath, Access>, SourceError> {
    let mut directories = BTreeMap::new();
    table.at_most(MAX_DIRECTORIES)?;
    for key in table.keys() {
        let path = table.parsed_key(&key, "a path such as `/data`")?;
        if let Some(access) = table.value(&key, "`read-only` or `read-write`")? {
            directories.insert(path, access);
        }
    }
    Ok(directories)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Capability;

    fn asked(text: &str) -> Result<Capabilities, SourceError> {
        capabilities(Table::parse(text)?.table("capabilities")?)
    }

    #[test]
    fn every_key_is_read() {
        let asked = asked(
            r#"[capabilities]
            clock = "real"
            random = "secure"
            stdio = "inherited"
            config = true
            environment = ["TZ", "LANG"]
            [capabilities.directories]
            "/data" = "read-only"
            "/" = "read-write"
            "#,
        );
        let asked = asked.expect("the documented layout");
        let texts: Vec<String> = asked
            .iter()
            .map(|one: Capability| one.to_string())
            .collect();
        assert_eq!(
            texts,
            [
                "the directory `/`, read-write",
                "the directory `/data`, read-only",
                "the environment variable `LANG`",
                "the environment variable `TZ`",
                "the real clock",
                "secure random numbers",
                "the application's stdout and stderr",
                "settings",
            ]
        );
    }

    #[test]
    fn what_is_left_out_is_not_asked_for() {
        for text in [
            "",
            "[capabilities]",
            "[capabilities.directories]",
            "capabilities = { clock = 'frozen', random = 'seeded', stdio = 'captured' }",
            "capabilities = { config = false, environment = [], directories = {} }",
        ] {
            assert!(asked(text).expect(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn every_mistake_is_named_with_its_line() {
        let many = |count, item: fn(usize) -> String| {
            let items: Vec<String> = (0..count).map(item).collect();
            items.join("\n")
        };
        let paths = many(65, |i| format!("'/{i}' = 'read-only'"));
        let names = many(257, |i| format!("'A{i}',"));
        for (text, message) in [
            (
                "clok = 'real'",
                "unknown key `capabilities.clok` in line 2: did you mean `capabilities.clock`?",
            ),
            (
                "network = 'all'",
                "unknown key `capabilities.network` in line 2: the keys here are \
                 `capabilities.clock`, `capabilities.random`, `capabilities.stdio`, \
                 `capabilities.config`, `capabilities.environment`, `capabilities.directories`",
            ),
            (
                "clock = 'fast'",
                "`capabilities.clock` in line 2 must be `frozen` or `real`, not `'fast'`",
            ),
            (
                "random = true",
                "`capabilities.random` in line 2 must be `seeded` or `secure`, not `true`",
            ),
            (
                "stdio = 'null'",
                "`capabilities.stdio` in line 2 must be `captured`, `traced` or `inherited`, \
                 not `'null'`",
            ),
            (
                "config = 'yes'",
                "`capabilities.config` in line 2 must be `true` or `false`, not `'yes'`",
            ),
            (
                "environment = 'LANG'",
                "`capabilities.environment` in line 2 must be a list of variable names, \
                 not `'LANG'`",
            ),
            (
                "environment = [\n'A',\n'B=']",
                "`capabilities.environment` in line 4 must be a list of variable names, \
                 not \"B=\": variable name \"B=\" contains '=': only characters that show as they \
                 are, and neither `=` nor a backtick, are allowed",
            ),
            (
                "directories = ['/data']",
                "`capabilities.directories` in line 2 must be a table, not `['/data']`",
            ),
            (
                "[capabilities.directories]\n'/a' = 'write'",
                "`capabilities.directories.\"/a\"` in line 3 must be `read-only` or \
                 `read-write`, not `'write'`",
            ),
            (
                "[capabilities.directories]\n'/a' = 'read-only'\n'/a/..' = 'read-only'",
                "`capabilities.directories.\"/a/..\"` in line 4 must be a path such as `/data`: \
                 guest path \"/a/..\" has a part \"..\": write the path without it",
            ),
            (
                &*format!("[capabilities.directories]\n{paths}"),
                "`capabilities.directories` in line 2 has 65 entries, and 64 are allowed",
            ),
            (
                &*format!("environment = [\n{names}]"),
                "`capabilities.environment` in line 2 has 257 entries, and 256 are allowed",
            ),
        ] {
            let error = asked(&format!("[capabilities]\n{text}")).expect_err(message);
            assert_eq!(error.to_string(), message);
        }
    }
}
