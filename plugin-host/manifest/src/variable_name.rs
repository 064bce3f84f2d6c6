//! Names an environment variable. Refuses what no system could set, and what
//! would not show as it is.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::visible::first_invisible;

/// The longest name, in bytes.
const MAX_BYTES: usize = 256;

/// The name of an environment variable.
///
/// 1 to 256 bytes without `=`; every character shows as it is, and none is a
/// backtick. Case counts, on every system.
///
/// ```
/// let name: plugin_host_manifest::VariableName = "LANG".parse()?;
/// assert_eq!(name.as_str(), "LANG");
/// # Ok::<(), plugin_host_manifest::VariableNameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VariableName(String);

impl VariableName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for VariableName {
    type Err = VariableNameError;

    fn from_str(text: &str) -> Result<Self, VariableNameError> {
        // Errors repeat the text, which a guest may have chosen: length goes first.
        if text.len() > MAX_BYTES {
            return Err(VariableNameError::TooLong {
                start: text[..text.floor_char_boundary(64)].to_owned(),
                bytes: text.len(),
            });
        }
        if text.is_empty() {
            return Err(VariableNameError::Empty);
        }
        let equals = text.contains('=').then_some('=');
        match first_invisible(text).or(equals) {
            Some(character) => Err(VariableNameError::Character {
                text: text.to_owned(),
                character,
            }),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl TryFrom<&str> for VariableName {
    type Error = VariableNameError;

    fn try_from(text: &str) -> Result<Self, VariableNameError> {
        text.parse()
    }
}

impl TryFrom<String> for VariableName {
    type Error = VariableNameError;

    fn try_from(text: String) -> Result<Self, VariableNameError> {
        text.parse()
    }
}

impl From<VariableName> for String {
    fn from(name: VariableName) -> Self {
        name.0
    }
}

impl Deref for VariableName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for VariableName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for VariableName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VariableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Why a text is not a [`VariableName`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VariableNameError {
    /// There is no text.
    #[error("variable name \"\" is empty: 1 to {MAX_BYTES} bytes are allowed")]
    Empty,
    /// There is more text than a name may have.
    #[error(
        "variable name starting with {start:?} has {bytes} bytes: 1 to {MAX_BYTES} are allowed"
    )]
    TooLong {
        /// The start of the text.
        start: String,
        /// The length of the whole text.
        bytes: usize,
    },
    /// A character would not show as itself, or is `=` or a backtick.
    #[error(
        "variable name {text:?} contains {character:?}: only characters that show as they are, \
         and neither `=` nor a backtick, are allowed"
    )]
    Character {
        /// The whole text.
        text: String,
        /// The first character that is not allowed.
        character: char,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_accepted_as_they_are() {
        for text in ["LANG", "a", "A B", "Größe", "1", &"X".repeat(256)] {
            let name = VariableName::try_from(text).expect(text);
            assert_eq!((name.as_str(), &*name.to_string()), (text, text));
        }
    }

    #[test]
    fn every_refusal_shows_the_name_and_says_what_is_allowed() {
        let long = "X".repeat(257);
        let shown = "X".repeat(64);
        let only = "only characters that show as they are, and neither `=` nor a backtick, \
                    are allowed";
        for (text, message) in [
            (
                "",
                "variable name \"\" is empty: 1 to 256 bytes are allowed".to_owned(),
            ),
            (
                &long,
                format!(
                    "variable name starting with {shown:?} has 257 bytes: 1 to 256 are allowed"
                ),
            ),
            ("A=B", format!("variable name \"A=B\" contains '=': {only}")),
            (
                "A\0",
                format!("variable name \"A\\0\" contains '\\0': {only}"),
            ),
            ("A`", format!("variable name \"A`\" contains '`': {only}")),
        ] {
            let error = text.parse::<VariableName>().expect_err(text);
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn serde_parses_names() {
        let name: VariableName = serde_json::from_str("\"LANG\"").expect("a name");
        assert_eq!(serde_json::to_string(&name).expect("a string"), "\"LANG\"");
        serde_json::from_str::<VariableName>("\"\"").expect_err("empty");
    }
}
