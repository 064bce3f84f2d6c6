//! Why settings do not fit the plugin's type.

use std::fmt::Display;

use serde::de;

/// Why the settings do not fit the plugin's type.
///
/// Whoever configures the plugin can put it right: hand the text on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A key that the plugin needs is not set.
    #[error("config key `{key}` is missing")]
    Missing {
        /// The key.
        key: String,
    },
    /// A key means nothing to the plugin.
    #[error("config key `{key}` is unknown: {}", Known(expected))]
    Unknown {
        /// The key.
        key: String,
        /// The keys that the plugin knows.
        expected: &'static [&'static str],
    },
    /// A key has a value that its type does not take.
    #[error("config key `{key}` cannot be `{text}`: {reason}")]
    Value {
        /// The key.
        key: String,
        /// The value as it was set.
        text: String,
        /// What the type takes.
        reason: String,
    },
    /// The type refuses the settings as a whole.
    #[error("config: {reason}")]
    Invalid {
        /// What the type says.
        reason: String,
    },
}

impl de::Error for Error {
    fn custom<T: Display>(reason: T) -> Self {
        Self::Invalid {
            reason: reason.to_string(),
        }
    }

    fn missing_field(key: &'static str) -> Self {
        Self::Missing { key: key.into() }
    }

    fn unknown_field(key: &str, expected: &'static [&'static str]) -> Self {
        Self::Unknown {
            key: key.into(),
            expected,
        }
    }
}

struct Known<'a>(&'a [&'a str]);

impl Display for Known<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            return f.write_str("this plugin has none");
        }
        f.write_str("this plugin has")?;
        for (i, key) in self.0.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            write!(f, "{comma} `{key}`")?;
        }
        Ok(())
    }
}
