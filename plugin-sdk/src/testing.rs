//! The host's part in native unit tests. Not there on `wasm32`.
//!
//! Settings and records belong to the thread, so that tests running at the same
//! time do not mix. The test harness gives each test a thread of its own, except
//! with `--test-threads=1`: a test that must also pass then starts with
//! [`clear`].
//!
//! In a plugin's unit tests the logger is there from the start. An integration
//! test in `tests/` has to call any function of this module before it logs.

use std::collections::BTreeMap;

use crate::host::native;

/// One record that the plugin logged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// How much it matters.
    pub level: log::Level,
    /// The message, formatted.
    pub message: String,
    /// The fields in their order, with values as text.
    pub fields: Vec<(String, String)>,
}

/// Sets what [`config`](crate::config) reads in this thread, in place of all
/// that was set before.
///
/// ```
/// use plugin_sdk::{config, testing};
///
/// testing::set_config([("percent", "10")]);
/// assert_eq!(config::get("percent").as_deref(), Some("10"));
/// ```
pub fn set_config<K, V>(entries: impl IntoIterator<Item = (K, V)>)
where
    K: Into<String>,
    V: Into<String>,
{
    crate::logging::install();
    let entries = entries
        .into_iter()
        .map(|(key, value)| (key.into(), value.into()));
    native::set_config(entries.collect());
}

/// What was logged in this thread since it began or since [`clear`], oldest
/// first.
///
/// Empty where another logger was installed for the process.
#[must_use]
pub fn logs() -> Vec<Record> {
    crate::logging::install();
    native::logs()
}

/// Forgets this thread's settings and records.
pub fn clear() {
    crate::logging::install();
    native::set_config(BTreeMap::new());
    native::clear_logs();
}
