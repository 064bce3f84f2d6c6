//! Where records of the [`log`] crate go: to the host, or natively to
//! [`testing::logs`](crate::testing::logs).
//!
//! With the feature `diagnostics`, [`export!`](crate::export!) installs the logger with
//! every level on. Level, message and key-value fields of a record reach the host:
//!
//! ```
//! # use plugin_sdk::log;
//! # let (handle, percent) = ("lamp", 10);
//! log::info!(handle, percent; "price changed");
//! ```
//!
//! A crate that the plugin depends on is heard from [`Info`](Level::Info) up:
//! what parsers say of every token at `trace` would cost the plugin its budget.
//! Records that are not the plugin's own, and those with a `target:`, have it as
//! a field named `target`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use log::kv::{Error, Key, Value, VisitSource};
use log::{Level, LevelFilter, Log, Metadata, Record};

/// The logger of one plugin.
#[doc(hidden)]
#[derive(Debug)]
pub struct Logger {
    /// A module of the plugin's, where it is known.
    plugin: Option<&'static str>,
}

impl Logger {
    /// The logger of the plugin that has this module.
    #[must_use]
    pub const fn of(module: &'static str) -> Self {
        Self {
            plugin: Some(module),
        }
    }

    /// Makes it the process's, unless there is another one already.
    pub(crate) fn install(&'static self) {
        if log::set_logger(self).is_ok() {
            log::set_max_level(LevelFilter::Trace);
        }
    }

    /// Whether a module, or a target that is named after one, is the plugin's.
    fn owns(&self, module: &str) -> bool {
        self.plugin
            .is_none_or(|plugin| krate(plugin) == krate(module))
    }
}

/// The crate that a module is in.
fn krate(module: &str) -> &str {
    module.split_once("::").map_or(module, |(krate, _)| krate)
}

/// Installs a logger where no plugin did.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn install() {
    static LOGGER: Logger = Logger { plugin: None };
    LOGGER.install();
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= Level::Info || self.owns(metadata.target())
    }

    fn log(&self, record: &Record<'_>) {
        let module = record.module_path().unwrap_or(record.target());
        if record.level() > Level::Info && !self.owns(module) {
            return;
        }
        let mut fields = Fields(Vec::new());
        if !self.owns(record.target()) {
            fields.push("target", record.target());
        }
        // The visitor never fails.
        let _ = record.key_values().visit(&mut fields);
        crate::host::log(record.level(), record.args().to_string(), fields.0);
    }

    fn flush(&self) {}
}

struct Fields(Vec<(String, String)>);

impl Fields {
    fn push(&mut self, key: impl ToString, value: impl ToString) {
        self.0.push((key.to_string(), value.to_string()));
    }
}

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        self.push(key, value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::native::logs;

    fn record(logger: &Logger, level: Level, module: &'static str, target: &str) {
        logger.log(
            &Record::builder()
                .level(level)
                .module_path_static(Some(module))
                .target(target)
                .key_values(&[("n", 3)])
                .args(format_args!("{level} from {module}"))
                .build(),
        );
    }

    #[test]
    fn the_plugins_own_records_arrive_at_every_level() {
        let logger = Logger::of("pricing::rule");
        record(&logger, Level::Trace, "pricing::rule", "pricing::rule");
        record(&logger, Level::Debug, "pricing", "audit");
        let [own, audit] = &logs()[..] else {
            panic!("expected two records, not {:?}", logs());
        };
        assert_eq!(
            (own.level, own.message.as_str()),
            (Level::Trace, "TRACE from pricing::rule")
        );
        assert_eq!(own.fields, [("n".into(), "3".into())]);
        assert_eq!(audit.fields[0], ("target".into(), "audit".into()));
    }

    #[test]
    fn other_crates_are_heard_from_info_up() {
        let logger = Logger::of("pricing::rule");
        record(&logger, Level::Debug, "pricing_html", "pricing_html");
        record(&logger, Level::Info, "pricing_html", "pricing_html");
        let [info] = &logs()[..] else {
            panic!("expected one record, not {:?}", logs());
        };
        assert_eq!(info.level, Level::Info);
        assert_eq!(info.fields[0], ("target".into(), "pricing_html".into()));
    }

    #[test]
    fn what_is_not_forwarded_is_not_enabled() {
        let logger = Logger::of("pricing::rule");
        for (target, level, enabled) in [
            ("pricing::rule", Level::Trace, true),
            ("html5ever", Level::Debug, false),
            ("html5ever", Level::Info, true),
        ] {
            let metadata = Metadata::builder().target(target).level(level).build();
            assert_eq!(logger.enabled(&metadata), enabled, "{target} {level}");
        }
    }
}
