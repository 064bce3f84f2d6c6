//! Why a `plugin.toml` does not make a manifest. Always for the plugin's author
//! to mend.

use crate::{MAX_SECTION_BYTES, PluginIdError};

/// Why a `plugin.toml` does not make a manifest. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The text is not TOML.
    #[error("invalid TOML in line {line}: {reason}")]
    Syntax {
        /// Where the text stops being TOML.
        line: usize,
        /// What the TOML parser says.
        reason: String,
    },
    /// A key has no meaning.
    #[error("unknown key `{key}` in line {line}: {hint}")]
    UnknownKey {
        /// The key with the tables that it is in.
        key: String,
        /// Where the key is.
        line: usize,
        /// The nearest key that has a meaning, or all of them.
        hint: String,
    },
    /// A value has the wrong type, or is a number out of range.
    #[error("`{key}` in line {line} must be {expected}, not `{found}`")]
    WrongType {
        /// The key with the tables that it is in.
        key: String,
        /// Where the value is.
        line: usize,
        /// What the key takes.
        expected: &'static str,
        /// The value as written, as far as its first line goes.
        found: String,
    },
    /// A value is a string, and cannot be read as what it stands for.
    #[error("`{key}` in line {line} must be {expected}, not {found:?}: {reason}")]
    Unreadable {
        /// The key with the tables that it is in.
        key: String,
        /// Where the value is.
        line: usize,
        /// What the key takes.
        expected: &'static str,
        /// The string.
        found: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A key is text that cannot be read as what it stands for.
    #[error("`{key}` in line {line} must be {expected}: {reason}")]
    UnreadableKey {
        /// The key with the tables that it is in.
        key: String,
        /// Where the key is.
        line: usize,
        /// What keys stand for there.
        expected: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A table or list has more in it than it may.
    #[error("`{key}` in line {line} has {count} entries, and {limit} are allowed")]
    TooMany {
        /// The key of the table or list with the tables that it is in.
        key: String,
        /// Where it is.
        line: usize,
        /// How much is in it.
        count: usize,
        /// How much may be in it.
        limit: usize,
    },
    /// A table lacks a key that it must have.
    #[error("`{table}` in line {line} has no `{key}`: it must be {expected}")]
    MissingKey {
        /// The table with the tables that it is in.
        table: String,
        /// Where the table is.
        line: usize,
        /// The key.
        key: String,
        /// What the key takes.
        expected: &'static str,
    },
    /// Neither `plugin.toml` nor Cargo names the plugin.
    #[error("the manifest has no `id`: set it in plugin.toml, as there is no Cargo package")]
    MissingId,
    /// Neither `plugin.toml` nor Cargo gives the plugin's version.
    #[error("the manifest has no `version`: set it in plugin.toml, as there is no Cargo package")]
    MissingVersion,
    /// Cargo's package name cannot stand in for the id.
    #[error("Cargo's package name cannot be the plugin's id, so set `id` in plugin.toml: {0}")]
    PackageName(PluginIdError),
    /// Cargo's package version cannot stand in for the version.
    #[error("Cargo's package version {version:?} is not semver, so set `version` in plugin.toml")]
    PackageVersion {
        /// The package version.
        version: String,
    },
    /// The manifest is larger than any host reads.
    #[error("the manifest takes {size} bytes and may take {MAX_SECTION_BYTES}: shorten its texts")]
    TooLarge {
        /// What the encoded manifest takes.
        size: usize,
    },
}
