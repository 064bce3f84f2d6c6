//! Names a directory as a plugin sees it. Refuses every spelling but one of a
//! path, so that two that differ are two directories.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::visible::first_invisible;

/// The longest path, in bytes.
const MAX_BYTES: usize = 1024;

/// How much of a path that is too long its error shows, in bytes.
const SHOWN_BYTES: usize = 64;

/// The path at which a plugin sees a directory: absolute, with `/` between its
/// parts on every system, and written in the one way that it can be.
///
/// 1 to 1024 bytes; no part is empty, `.` or `..`; no `/` stands at the end but
/// that of `/` itself; every character shows as it is, and none is a backtick.
///
/// ```
/// let path: plugin_host_manifest::GuestPath = "/data/shop".parse()?;
/// assert_eq!(path.as_str(), "/data/shop");
/// # Ok::<(), plugin_host_manifest::GuestPathError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GuestPath(String);

impl GuestPath {
    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GuestPath {
    type Err = GuestPathError;

    fn from_str(text: &str) -> Result<Self, GuestPathError> {
        // Errors repeat the text, which a guest may have chosen: length goes first.
        if text.len() > MAX_BYTES {
            return Err(GuestPathError::TooLong {
                start: text[..text.floor_char_boundary(SHOWN_BYTES)].to_owned(),
                bytes: text.len(),
            });
        }
        let text = text.to_owned();
        if let Some(character) = first_invisible(&text) {
            return Err(GuestPathError::Character { text, character });
        }
        let Some(parts) = text.strip_prefix('/') else {
            return Err(GuestPathError::Relative { text });
        };
        if parts.is_empty() {
            return Ok(Self(text));
        }
        if parts.ends_with('/') {
            return Err(GuestPathError::TrailingSlash { text });
        }
        let part = parts
            .split('/')
            .find(|part| matches!(*part, "" | "." | ".."));
        match part.map(str::to_owned) {
            Some(part) => Err(GuestPathError::Part { text, part }),
            None => Ok(Self(text)),
        }
    }
}

impl TryFrom<&str> for GuestPath {
    type Error = GuestPathError;

    fn try_from(text: &str) -> Result<Self, GuestPathError> {
        text.parse()
    }
}

impl TryFrom<String> for GuestPath {
    type Error = GuestPathError;

    fn try_from(text: String) -> Result<Self, GuestPathError> {
        text.parse()
    }
}

impl From<GuestPath> for String {
    fn from(path: GuestPath) -> Self {
        path.0
    }
}

impl Deref for GuestPath {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for GuestPath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for GuestPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GuestPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Why a text is not a [`GuestPath`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GuestPathError {
    /// There is more text than a path may have.
    #[error("guest path starting with {start:?} has {bytes} bytes: 1 to {MAX_BYTES} are allowed")]
    TooLong {
        /// The start of the text.
        start: String,
        /// The length of the whole text.
        bytes: usize,
    },
    /// A character would not show as itself, or is a backtick.
    #[error(
        "guest path {text:?} contains {character:?}: only characters that show as they are, \
         and no backtick, are allowed"
    )]
    Character {
        /// The whole text.
        text: String,
        /// The first character that is not allowed.
        character: char,
    },
    /// The text does not start with `/`.
    #[error("guest path {text:?} must start with `/`")]
    Relative {
        /// The whole text.
        text: String,
    },
    /// The text ends with `/`.
    #[error("guest path {text:?} must not end with `/`")]
    TrailingSlash {
        /// The whole text.
        text: String,
    },
    /// A part is empty, `.` or `..`.
    #[error("guest path {text:?} has a part {part:?}: write the path without it")]
    Part {
        /// The whole text.
        text: String,
        /// The part.
        part: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_accepted_as_they_are() {
        let long = format!("/{}", "x".repeat(1023));
        for text in ["/", "/data", "/a/b c/Größe", "/...", "/.a/b..", &long] {
            let path = GuestPath::try_from(text).expect(text);
            assert_eq!((path.as_str(), &*path.to_string()), (text, text));
        }
    }

    #[test]
    fn every_refusal_shows_the_path_and_says_what_is_allowed() {
        let long = format!("/{}é", "x".repeat(1022));
        let shown = format!("/{}", "x".repeat(63));
        let only = "only characters that show as they are, and no backtick, are allowed";
        let without = "write the path without it";
        for (text, message) in [
            (
                &*long,
                format!("guest path starting with {shown:?} has 1025 bytes: 1 to 1024 are allowed"),
            ),
            ("", "guest path \"\" must start with `/`".into()),
            ("data", "guest path \"data\" must start with `/`".into()),
            ("C:\\a", "guest path \"C:\\\\a\" must start with `/`".into()),
            ("/a/", "guest path \"/a/\" must not end with `/`".into()),
            ("//", "guest path \"//\" must not end with `/`".into()),
            (
                "//a",
                format!("guest path \"//a\" has a part \"\": {without}"),
            ),
            (
                "/a//b",
                format!("guest path \"/a//b\" has a part \"\": {without}"),
            ),
            (
                "/./a",
                format!("guest path \"/./a\" has a part \".\": {without}"),
            ),
            (
                "/a/..",
                format!("guest path \"/a/..\" has a part \"..\": {without}"),
            ),
            (
                "/a\0",
                format!("guest path \"/a\\0\" contains '\\0': {only}"),
            ),
            (
                "/\u{202e}a",
                format!("guest path \"/\\u{{202e}}a\" contains '\\u{{202e}}': {only}"),
            ),
            ("/a`", format!("guest path \"/a`\" contains '`': {only}")),
        ] {
            let error = text.parse::<GuestPath>().expect_err(text);
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn serde_parses_paths() {
        let path: GuestPath = serde_json::from_str("\"/data\"").expect("a path");
        assert_eq!(serde_json::to_string(&path).expect("a string"), "\"/data\"");
        serde_json::from_str::<GuestPath>("\"data\"").expect_err("relative");
    }
}
