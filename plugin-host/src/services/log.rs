//! What a plugin logs, as data.

use crate::printable::one_line;
use std::fmt;

/// Bytes that are kept of one text that a guest reports, and fields of one
/// record: more would drive out what was reported before.
const TEXT: usize = 4096;
const FIELDS: usize = 32;

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
    /// A record of as much as is kept of what a guest reports.
    pub(super) fn new(level: Level, message: String, fields: Vec<(String, String)>) -> Self {
        let long = |(key, value): &(String, String)| key.len().max(value.len()) > TEXT;
        let fields = if fields.len() > FIELDS || fields.iter().any(long) {
            fewer(fields)
        } else {
            fields
        };
        Self {
            level,
            message: cut(message),
            fields,
        }
    }

    /// Hands a record on to `tracing`, escaped: it may end up on a terminal.
    pub(super) fn forward(&self, plugin: &str) {
        macro_rules! event {
            ($level:ident) => {{
                if tracing::enabled!(target: "plugin_host::plugin", tracing::Level::$level) {
                    let fields: Vec<String> = self
                        .fields
                        .iter()
                        .map(|(key, value)| one_line(&format!("{key}={value}")))
                        .collect();
                    tracing::event!(
                        target: "plugin_host::plugin",
                        tracing::Level::$level,
                        plugin,
                        fields = fields.join(" "),
                        "{}",
                        one_line(&self.message)
                    );
                }
            }};
        }
        match self.level {
            Level::Error => event!(ERROR),
            Level::Warn => event!(WARN),
            Level::Info => event!(INFO),
            Level::Debug => event!(DEBUG),
            Level::Trace => event!(TRACE),
        }
    }

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
        write!(f, "{level}: {}", one_line(&self.message))?;
        self.fields
            .iter()
            .try_for_each(|(key, value)| write!(f, " {}={}", one_line(key), one_line(value)))
    }
}

/// The fields, as far as they are kept.
#[cold]
fn fewer(fields: Vec<(String, String)>) -> Vec<(String, String)> {
    let fields = fields.into_iter().take(FIELDS);
    let mut fields: Vec<_> = fields.map(|(k, v)| (cut(k), cut(v))).collect();
    // Collecting reuses the guest's list, which may be long.
    fields.shrink_to_fit();
    fields
}

/// The start of a text, as far as it is kept.
#[inline]
pub(super) fn cut(text: String) -> String {
    if text.len() > TEXT { start(text) } else { text }
}

#[cold]
fn start(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(TEXT));
    text.push('…');
    text.shrink_to_fit();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_holds_no_more_than_it_keeps() {
        let fields = vec![("k".repeat(100_000), String::new()); 10_000];
        let record = LogRecord::new(Level::Info, "m".repeat(1_000_000), fields);
        assert_eq!(record.fields.len(), FIELDS);
        assert!(record.fields.capacity() < 2 * FIELDS);
        assert!(record.message.capacity() < 2 * TEXT);
        assert!(
            record
                .fields
                .iter()
                .all(|(key, _)| key.capacity() < 2 * TEXT)
        );
    }
}
