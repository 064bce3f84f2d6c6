//! The author's `plugin.toml`, and how Cargo's values complete it. Reads no
//! files.

use std::collections::BTreeMap;

use semver::{Version, VersionReq};

use crate::capability_table::capabilities;
use crate::table::Table;
use crate::{
    Capabilities, LimitsAsked, MAX_SECTION_BYTES, Manifest, PluginId, SourceError, encode,
};

const TEXT: &str = "a string";
const I32: &str = "a whole number from -2147483648 to 2147483647";
const U32: &str = "a whole number from 0 to 4294967295";

/// A `plugin.toml` as its author wrote it. Every key is optional.
///
/// ```toml
/// id = "acme.pricing"        # else Cargo's package name
/// version = "1.2.0"          # else Cargo's
/// name = "Acme pricing"      # for people
/// description = "…"          # else Cargo's
/// authors = ["…"]            # else Cargo's
/// license = "MIT"            # else Cargo's
/// priority = 10              # else 0; the lower runs first
///
/// [host]
/// catalog = ">=0.1"          # an application and its versions
///
/// [limits]                   # wishes: the application sets the limits
/// fuel = 50_000_000          # instructions for one call
/// memory-mib = 32
/// deadline-ms = 100          # for one call
///
/// [capabilities]             # what it asks to be allowed; else nothing
/// clock = "real"             # else frozen
/// random = "secure"          # else seeded
/// stdio = "traced"           # or inherited; else captured
/// config = true              # settings
/// environment = ["LANG"]
///
/// [capabilities.directories] # as the plugin sees them
/// "/data" = "read-only"      # or read-write
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ManifestSource {
    id: Option<PluginId>,
    version: Option<Version>,
    name: Option<String>,
    description: Option<String>,
    authors: Option<Vec<String>>,
    license: Option<String>,
    priority: i32,
    host: BTreeMap<String, VersionReq>,
    limits: LimitsAsked,
    capabilities: Capabilities,
}

/// Cargo's own values for what `plugin.toml` leaves out; empty where Cargo has
/// none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Package<'a> {
    /// `CARGO_PKG_NAME`, which stands in for the id.
    pub name: &'a str,
    /// `CARGO_PKG_VERSION`.
    pub version: &'a str,
    /// `CARGO_PKG_DESCRIPTION`.
    pub description: &'a str,
    /// `CARGO_PKG_AUTHORS`, separated by colons as Cargo does it.
    pub authors: &'a str,
    /// `CARGO_PKG_LICENSE`.
    pub license: &'a str,
}

impl ManifestSource {
    /// Reads the text of a `plugin.toml`.
    ///
    /// # Errors
    ///
    /// When the text is not TOML, has a key without meaning, or a value that
    /// its key does not take. The error names the line.
    pub fn parse(text: &str) -> Result<Self, SourceError> {
        let mut top = Table::parse(text)?;
        let source = Self {
            id: top.parsed("id", "a plugin id such as `acme.pricing`")?,
            version: top.parsed("version", "a version such as `1.2.0`")?,
            name: top.value("name", TEXT)?,
            description: top.value("description", TEXT)?,
            authors: top.value("authors", "a list of strings")?,
            license: top.value("license", TEXT)?,
            priority: top.value("priority", I32)?.unwrap_or_default(),
            host: host(top.table("host")?)?,
            limits: limits(top.table("limits")?)?,
            capabilities: capabilities(top.table("capabilities")?)?,
        };
        top.finish()?;
        Ok(source)
    }

    /// Makes the manifest, with Cargo's values for what the author left out.
    ///
    /// # Errors
    ///
    /// When Cargo's name or version is needed and does not do, or when the
    /// manifest is larger than a host would read.
    pub fn complete(self, package: &Package<'_>) -> Result<Manifest, SourceError> {
        let present = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let id = match (self.id, package.name) {
            (Some(id), _) => id,
            (None, "") => return Err(SourceError::MissingId),
            (None, name) => name.parse().map_err(SourceError::PackageName)?,
        };
        let version = match (self.version, package.version) {
            (Some(version), _) => version,
            (None, "") => return Err(SourceError::MissingVersion),
            (None, version) => version.parse().map_err(|_| SourceError::PackageVersion {
                version: version.to_owned(),
            })?,
        };
        let manifest = Manifest {
            id,
            version,
            name: self.name,
            description: self.description.or_else(|| present(package.description)),
            authors: self
                .authors
                .unwrap_or_else(|| package.authors.split(':').filter_map(present).collect()),
            license: self.license.or_else(|| present(package.license)),
            priority: self.priority,
            host: self.host,
            limits: self.limits,
            capabilities: self.capabilities,
        };
        // The author hears of it now, not the user who loads the plugin.
        let size = encode(&manifest).len();
        if size > MAX_SECTION_BYTES {
            return Err(SourceError::TooLarge { size });
        }
        Ok(manifest)
    }

    /// Makes the manifest where there is no Cargo package, as for a file beside
    /// a component in development.
    ///
    /// # Errors
    ///
    /// When the author left out `id` or `version`, or when the manifest is
    /// larger than a host would read.
    pub fn complete_alone(self) -> Result<Manifest, SourceError> {
        self.complete(&Package::default())
    }
}

fn host(mut table: Table<'_>) -> Result<BTreeMap<String, VersionReq>, SourceError> {
    let mut applications = BTreeMap::new();
    for name in table.keys() {
        if let Some(range) = table.parsed(&name, "a version range such as `>=1.2`")? {
            applications.insert(name, range);
        }
    }
    Ok(applications)
}

fn limits(mut table: Table<'_>) -> Result<LimitsAsked, SourceError> {
    let limits = LimitsAsked {
        fuel: table.value("fuel", "a whole number from 0 up")?,
        memory_mib: table.value("memory-mib", U32)?,
        deadline_ms: table.value("deadline-ms", U32)?,
    };
    table.finish()?;
    Ok(limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: Package<'_> = Package {
        name: "acme-pricing",
        version: "0.3.1",
        description: "Prices",
        authors: "Ann <ann@acme.example>:Bob",
        license: "MIT",
    };

    const FULL: &str = r#"
id = "acme.pricing"
version = "1.2.0"
name = "Acme pricing"
description = "Prices with care"
authors = []
license = "Apache-2.0"
priority = -10
[host]
catalog = ">=0.1, <3"
[limits]
fuel = 50_000_000
memory-mib = 32
deadline-ms = 100
[capabilities]
config = true
"#;

    #[test]
    fn every_key_of_the_author_wins_over_cargo() {
        let source = ManifestSource::parse(FULL).expect("the documented layout");
        let manifest = source.clone().complete(&PACKAGE).expect("complete");
        let mut expected = Manifest::new(
            "acme.pricing".parse().expect("an id"),
            Version::new(1, 2, 0),
        );
        expected.name = Some("Acme pricing".into());
        expected.description = Some("Prices with care".into());
        expected.license = Some("Apache-2.0".into());
        expected.priority = -10;
        let range = VersionReq::parse(">=0.1, <3").expect("a range");
        expected.host.insert("catalog".into(), range);
        expected.limits.fuel = Some(50_000_000);
        expected.limits.memory_mib = Some(32);
        expected.limits.deadline_ms = Some(100);
        expected.capabilities.config = true;
        assert_eq!(manifest, expected);
        assert_eq!(source.complete_alone(), Ok(expected));
    }

    #[test]
    fn cargo_completes_what_the_author_left_out() {
        let source = ManifestSource::parse("").expect("every key is optional");
        let manifest = source.complete(&PACKAGE).expect("complete");
        let mut expected = Manifest::new(
            "acme-pricing".parse().expect("an id"),
            Version::new(0, 3, 1),
        );
        expected.description = Some("Prices".into());
        expected.authors = vec!["Ann <ann@acme.example>".into(), "Bob".into()];
        expected.license = Some("MIT".into());
        assert_eq!(manifest, expected);
    }

    #[test]
    fn every_mistake_is_named_with_its_line() {
        let whole = format!("must be {I32}, not");
        let range = "must be a version range such as `>=1.2`, not";
        let top = "`id`, `version`, `name`, `description`, `authors`, `license`, `priority`, \
                   `host`, `limits`, `capabilities`";
        let below = "`limits.fuel`, `limits.memory-mib`, `limits.deadline-ms`";
        let cases: &[(&str, &str)] = &[
            (
                "a = 1\nb",
                "invalid TOML in line 2: key with no value, expected `=`",
            ),
            (
                "id = 'a'\nid = 'b'",
                "invalid TOML in line 2: duplicate key",
            ),
            (
                "\n\n\npriorty = 1",
                "unknown key `priorty` in line 4: did you mean `priority`?",
            ),
            (
                "\"x\\n\" = 1",
                &format!("unknown key `\"x\\n\"` in line 1: the keys here are {top}"),
            ),
            (
                "[limit]\nfuel = 1",
                "unknown key `limit` in line 1: did you mean `limits`?",
            ),
            (
                "[limits]\nmemory_mib = 1",
                "unknown key `limits.memory_mib` in line 2: did you mean `limits.memory-mib`?",
            ),
            (
                "limits.x = 1",
                &format!("unknown key `limits.x` in line 1: the keys here are {below}"),
            ),
            (
                "id = 3",
                "`id` in line 1 must be a plugin id such as `acme.pricing`, not `3`",
            ),
            (
                "\nid = 'a-'",
                "`id` in line 2 must be a plugin id such as `acme.pricing`, not \"a-\": plugin id \"a-\" must end with a lower-case ASCII letter or a digit",
            ),
            (
                "version = '1.2'",
                "`version` in line 1 must be a version such as `1.2.0`, not \"1.2\": unexpected end of input while parsing minor version number",
            ),
            (
                "[host]\ncatalog = '>>1'",
                &format!(
                    "`host.catalog` in line 2 {range} \">>1\": unexpected character '>' while parsing major version number"
                ),
            ),
            (
                "[host]\ncatalog = 1",
                &format!("`host.catalog` in line 2 {range} `1`"),
            ),
            ("host = '1'", "`host` in line 1 must be a table, not `'1'`"),
            (
                "name = ['a',\n'b']",
                "`name` in line 1 must be a string, not `['a',`",
            ),
            (
                "authors = [\n'a',\n3]",
                "`authors` in line 3 must be a list of strings, not `3`",
            ),
            (
                "priority = 3000000000",
                &format!("`priority` in line 1 {whole} `3000000000`"),
            ),
            (
                "priority = 1.5",
                &format!("`priority` in line 1 {whole} `1.5`"),
            ),
            (
                "\n[priority]",
                &format!("`priority` in line 2 {whole} `[priority]`"),
            ),
            (
                "limits.fuel = -1",
                "`limits.fuel` in line 1 must be a whole number from 0 up, not `-1`",
            ),
            (
                "limits.memory-mib = 4294967296",
                "`limits.memory-mib` in line 1 must be a whole number from 0 to 4294967295, not `4294967296`",
            ),
        ];
        for (text, message) in cases {
            let error = ManifestSource::parse(text).expect_err(text);
            assert_eq!(&error.to_string(), message);
        }
    }

    #[test]
    fn a_manifest_that_cannot_be_completed_says_what_to_set() {
        let long = "x".repeat(MAX_SECTION_BYTES);
        for (text, package, message) in [
            (
                "",
                Package::default(),
                "the manifest has no `id`: set it in plugin.toml, as there is no Cargo package",
            ),
            (
                "id = 'a'",
                Package::default(),
                "the manifest has no `version`: set it in plugin.toml, as there is no Cargo package",
            ),
            (
                "",
                Package {
                    name: "_a",
                    ..PACKAGE
                },
                "Cargo's package name cannot be the plugin's id, so set `id` in plugin.toml: plugin id \"_a\" must start with a lower-case ASCII letter or a digit",
            ),
            (
                "",
                Package {
                    version: "1",
                    ..PACKAGE
                },
                "Cargo's package version \"1\" is not semver, so set `version` in plugin.toml",
            ),
            (
                "",
                Package {
                    description: &long,
                    ..PACKAGE
                },
                "the manifest takes 65659 bytes and may take 65536: shorten its texts",
            ),
        ] {
            let source = ManifestSource::parse(text).expect(text);
            let error = source.complete(&package).expect_err(message);
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn no_damage_to_the_text_panics() {
        for at in 0..FULL.len() {
            let _ = ManifestSource::parse(&FULL[..at]);
            for insert in ["é", "\0", "[", "\"", "=", "\n"] {
                let _ = ManifestSource::parse(&[&FULL[..at], insert, &FULL[at..]].concat());
            }
        }
    }
}
