//! What a plugin logs, as data.

use crate::printable::printable;
use std::fmt;

/// One record that a plugin logged through `plugin-host:base/log`.
///
/// Printed, it is one line with control characters escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogRecord {
    /// How much it matters.
    pub level: Level,
    /// The message, as the plugin wrote it: not safe to print as it is.
    pub message: String,
    /// Further keys and values, as the plugin wrote them.
    pub fields: Vec<(String, String)>,
}

/// How much a log record matters, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The plugin could not do what it was asked.
    Error,
    /// Something is off, and the plugin went on.
    Warn,
    /// Worth knowing in normal operation.
    Info,
    /// For whoever looks into a problem.
    Debug,
    /// Every step.
    Trace,
}

impl LogRecord {
    /// What the record counts for against the limit on output, in bytes.
    pub(crate) fn size(&self) -> usize {
        let fields: usize = self.fields.iter().map(|(k, v)| k.len() + v.len()).sum();
        // The structure itself counts too: empty records are not free.
        self.message.len() + fields + 64 * (1 + self.fields.len())
    }
}

impl fmt::Display for LogRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Error => "error",
            Level::Warn => "warn",
            Level::Info => "info",
            Level::Debug => "debug",
            Level::Trace => "trace",
        };
        let one_line = |text: &str| printable(text).replace('\n', "\\n");
        write!(f, "{level}: {}", one_line(&self.message))?;
        self.fields
            .iter()
            .try_for_each(|(key, value)| write!(f, " {}={}", one_line(key), one_line(value)))
    }
}
