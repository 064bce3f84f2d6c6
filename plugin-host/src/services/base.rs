//! The host side of `plugin-host:base`.

use self::plugin_host::base::{config, log, panic};
use super::log::{Level, LogRecord};
use super::{HasServices, Panic, Services};
use crate::printable::printable;
use wasmtime::component::{HasData, Linker};

wasmtime::component::bindgen!({
    path: "wit",
    world: "plugin-host:base/imports",
    imports: { default: trappable },
    include_component_type: true,
});

/// The world of this library's own services, encoded.
pub(super) const WIT: &[u8] = COMPONENT_TYPE;

/// Bytes that are kept of one text that a guest reports, and fields of one
/// record: more would drive out what was reported before.
const TEXT: usize = 4096;
const FIELDS: usize = 32;

struct HasBase;

impl HasData for HasBase {
    type Data<'a> = &'a mut Services;
}

pub(super) fn link<D: HasServices>(linker: &mut Linker<D>) -> wasmtime::Result<()> {
    Imports::add_to_linker::<D, HasBase>(linker, D::services)
}

impl log::Host for Services {
    fn log(
        &mut self,
        level: log::Level,
        message: String,
        fields: Vec<log::Field>,
    ) -> wasmtime::Result<()> {
        self.meter.count_host_call()?;
        let fields = fields.into_iter().take(FIELDS);
        let record = LogRecord {
            level: level.into(),
            message: cut(message),
            fields: fields.map(|f| (cut(f.key), cut(f.value))).collect(),
        };
        forward(self.plugin.as_str(), &record);
        self.output.log(record);
        Ok(())
    }
}

impl config::Host for Services {
    fn get(&mut self, key: String) -> wasmtime::Result<Option<String>> {
        self.meter.count_host_call()?;
        Ok(self.config.get(&key).cloned())
    }

    fn entries(&mut self) -> wasmtime::Result<Vec<(String, String)>> {
        self.meter.count_host_call()?;
        let entries = self.config.iter();
        Ok(entries.map(|(k, v)| (k.clone(), v.clone())).collect())
    }
}

impl panic::Host for Services {
    fn report(&mut self, message: String, place: Option<panic::Place>) -> wasmtime::Result<()> {
        self.meter.count_host_call()?;
        self.panic = Some(Panic {
            message: cut(message),
            place: place.map(|p| (cut(p.file), p.line, p.column)),
        });
        Ok(())
    }
}

impl From<log::Level> for Level {
    fn from(level: log::Level) -> Self {
        match level {
            log::Level::Error => Level::Error,
            log::Level::Warn => Level::Warn,
            log::Level::Info => Level::Info,
            log::Level::Debug => Level::Debug,
            log::Level::Trace => Level::Trace,
        }
    }
}

/// The start of a text, as far as it is kept.
fn cut(mut text: String) -> String {
    if text.len() > TEXT {
        text.truncate(text.floor_char_boundary(TEXT));
        text.push('…');
    }
    text
}

/// Hands a record on to `tracing`, escaped: it may end up on a terminal.
fn forward(plugin: &str, record: &LogRecord) {
    macro_rules! event {
        ($level:ident) => {{
            if tracing::enabled!(target: "plugin_host::plugin", tracing::Level::$level) {
                let fields: Vec<String> = record
                    .fields
                    .iter()
                    .map(|(key, value)| printable(&format!("{key}={value}")).into_owned())
                    .collect();
                tracing::event!(
                    target: "plugin_host::plugin",
                    tracing::Level::$level,
                    plugin,
                    fields = fields.join(" "),
                    "{}",
                    printable(&record.message)
                );
            }
        }};
    }
    match record.level {
        Level::Error => event!(ERROR),
        Level::Warn => event!(WARN),
        Level::Info => event!(INFO),
        Level::Debug => event!(DEBUG),
        Level::Trace => event!(TRACE),
    }
}
