//! Names a plugin. Refuses every text that could not stand in a file name, a
//! log line or a configuration key as it is.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The longest id, in bytes.
const MAX_BYTES: usize = 64;

/// The name by which an application and its users know a plugin.
///
/// 1 to 64 bytes of lower-case ASCII letters, digits, `-`, `_` and `.`; the
/// first and the last are a letter or a digit, and no two dots stand in a row.
/// Cloning is cheap.
///
/// ```
/// let id: plugin_host_manifest::PluginId = "acme.pricing".parse()?;
/// assert_eq!(id.as_str(), "acme.pricing");
/// # Ok::<(), plugin_host_manifest::PluginIdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PluginId(Arc<str>);

impl PluginId {
    /// Names a component that carries no manifest after its file, given without
    /// extension: ASCII letters become lower-case and spaces become `-`.
    ///
    /// # Errors
    ///
    /// When the result is not an id; the error shows it as changed.
    pub fn from_file_stem(stem: &str) -> Result<Self, PluginIdError> {
        stem.to_ascii_lowercase().replace(' ', "-").parse()
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PluginId {
    type Err = PluginIdError;

    fn from_str(text: &str) -> Result<Self, PluginIdError> {
        // Errors repeat the text, which a guest may have chosen: length goes first.
        if text.len() > MAX_BYTES {
            return Err(PluginIdError::TooLong {
                start: text[..text.floor_char_boundary(MAX_BYTES)].to_owned(),
                bytes: text.len(),
            });
        }
        let owned = || text.to_owned();
        let allowed = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-' | '_' | '.');
        if let Some(character) = text.chars().find(|&c| !allowed(c)) {
            return Err(PluginIdError::Character {
                text: owned(),
                character,
            });
        }
        let (Some(first), Some(last)) = (text.chars().next(), text.chars().last()) else {
            return Err(PluginIdError::Empty);
        };
        if !first.is_ascii_alphanumeric() {
            return Err(PluginIdError::Start { text: owned() });
        }
        if !last.is_ascii_alphanumeric() {
            return Err(PluginIdError::End { text: owned() });
        }
        if text.contains("..") {
            return Err(PluginIdError::DoubleDot { text: owned() });
        }
        Ok(Self(text.into()))
    }
}

impl TryFrom<&str> for PluginId {
    type Error = PluginIdError;

    fn try_from(text: &str) -> Result<Self, PluginIdError> {
        text.parse()
    }
}

impl TryFrom<String> for PluginId {
    type Error = PluginIdError;

    fn try_from(text: String) -> Result<Self, PluginIdError> {
        text.parse()
    }
}

impl From<PluginId> for String {
    fn from(id: PluginId) -> Self {
        id.as_str().to_owned()
    }
}

impl AsRef<str> for PluginId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for PluginId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a text is not a [`PluginId`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PluginIdError {
    /// There is no text.
    #[error("plugin id \"\" is empty: 1 to {MAX_BYTES} bytes are allowed")]
    Empty,
    /// There is more text than an id may have.
    #[error("plugin id starting with {start:?} has {bytes} bytes: 1 to {MAX_BYTES} are allowed")]
    TooLong {
        /// As much of the text as an id may have.
        start: String,
        /// The length of the whole text.
        bytes: usize,
    },
    /// A character does not belong in an id.
    #[error(
        "plugin id {text:?} contains {character:?}: only lower-case ASCII letters, digits, \
         `-`, `_` and `.` are allowed"
    )]
    Character {
        /// The whole text.
        text: String,
        /// The first character that is not allowed.
        character: char,
    },
    /// The first character is `-`, `_` or `.`.
    #[error("plugin id {text:?} must start with a lower-case ASCII letter or a digit")]
    Start {
        /// The whole text.
        text: String,
    },
    /// The last character is `-`, `_` or `.`.
    #[error("plugin id {text:?} must end with a lower-case ASCII letter or a digit")]
    End {
        /// The whole text.
        text: String,
    },
    /// Two dots stand in a row.
    #[error("plugin id {text:?} has two dots in a row: only single dots are allowed")]
    DoubleDot {
        /// The whole text.
        text: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_accepted_as_they_are() {
        for text in [
            "a",
            "0",
            "acme.pricing",
            "a-b_c.d9",
            "a--b",
            &"x".repeat(64),
        ] {
            let id = PluginId::try_from(text).expect(text);
            assert_eq!((id.as_str(), id.to_string().as_str()), (text, text));
        }
    }

    #[test]
    fn every_refusal_shows_the_text_and_says_what_is_allowed() {
        let long = format!("{}é", "x".repeat(63));
        let long_message = format!(
            "plugin id starting with {:?} has 65 bytes: 1 to 64 are allowed",
            "x".repeat(63)
        );
        let only = "only lower-case ASCII letters, digits, `-`, `_` and `.` are allowed";
        let edge = "with a lower-case ASCII letter or a digit";
        for (text, message) in [
            (
                "",
                "plugin id \"\" is empty: 1 to 64 bytes are allowed".to_owned(),
            ),
            (&long, long_message),
            ("Acme", format!("plugin id \"Acme\" contains 'A': {only}")),
            (
                "a\n\u{1b}",
                format!("plugin id \"a\\n\\u{{1b}}\" contains '\\n': {only}"),
            ),
            ("é", format!("plugin id \"é\" contains 'é': {only}")),
            ("../a", format!("plugin id \"../a\" contains '/': {only}")),
            (".a", format!("plugin id \".a\" must start {edge}")),
            ("a-", format!("plugin id \"a-\" must end {edge}")),
            (
                "a..b",
                "plugin id \"a..b\" has two dots in a row: only single dots are allowed".into(),
            ),
        ] {
            let error = text.parse::<PluginId>().expect_err(text);
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn a_file_stem_becomes_an_id_where_case_and_spaces_allow() {
        let id = PluginId::from_file_stem("Acme Pricing_2").expect("only case and a space");
        assert_eq!(id.as_str(), "acme-pricing_2");
        PluginId::from_file_stem("acmé").expect_err("not ASCII");
    }

    #[test]
    fn serde_parses_ids() {
        let id: PluginId = serde_json::from_str("\"acme\"").expect("an id");
        assert_eq!(serde_json::to_string(&id).expect("a string"), "\"acme\"");
        serde_json::from_str::<PluginId>("\"Acme\"").expect_err("upper case");
    }
}
