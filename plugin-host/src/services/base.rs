//! The host side of `plugin-host:base`.

use self::plugin_host::base::{config, log, panic};
use super::log::{Level, LogRecord, cut};
use super::{HasServices, LinkedServices, Panic, Services};
use wasmtime::component::Linker;

wasmtime::component::bindgen!({
    path: "wit",
    world: "plugin-host:base/imports",
    imports: { default: trappable },
    include_component_type: true,
});

/// The world of this library's own services, encoded.
pub(super) const WIT: &[u8] = COMPONENT_TYPE;

pub(super) fn link<D: HasServices>(linker: &mut Linker<D>) -> wasmtime::Result<()> {
    Imports::add_to_linker::<D, LinkedServices>(linker, D::services)
}

impl Services {
    /// Keeps one record of the guest's, and hands it on.
    pub(super) fn log(
        &mut self,
        level: Level,
        message: String,
        fields: Vec<(String, String)>,
    ) -> wasmtime::Result<()> {
        let bytes: usize = fields.iter().map(|(k, v)| k.len() + v.len()).sum();
        self.meter.enter_service((message.len() + bytes) as u64)?;
        let record = LogRecord::new(level, message, fields);
        record.forward(self.plugin.as_str());
        self.output.log(record);
        Ok(())
    }

    /// One of the plugin's settings.
    pub(super) fn setting(&mut self, key: &str) -> wasmtime::Result<Option<String>> {
        self.meter.enter_service(key.len() as u64)?;
        let settings = self.grants.config.as_ref();
        Ok(settings.and_then(|settings| settings.get(key)).cloned())
    }

    /// All of the plugin's settings, keys sorted.
    pub(super) fn settings(&mut self) -> wasmtime::Result<Vec<(String, String)>> {
        let settings = self.grants.config.iter().flatten();
        let bytes: usize = settings.clone().map(|(k, v)| k.len() + v.len()).sum();
        self.meter.enter_service(bytes as u64)?;
        Ok(settings.map(|(k, v)| (k.clone(), v.clone())).collect())
    }
}

impl log::Host for Services {
    fn log(
        &mut self,
        level: log::Level,
        message: String,
        fields: Vec<log::Field>,
    ) -> wasmtime::Result<()> {
        let fields = fields.into_iter().map(|field| (field.key, field.value));
        Services::log(self, level.into(), message, fields.collect())
    }
}

impl config::Host for Services {
    fn get(&mut self, key: String) -> wasmtime::Result<Option<String>> {
        self.setting(&key)
    }

    fn entries(&mut self) -> wasmtime::Result<Vec<(String, String)>> {
        self.settings()
    }
}

impl panic::Host for Services {
    fn report(&mut self, message: String, place: Option<panic::Place>) -> wasmtime::Result<()> {
        let file = place.as_ref().map_or(0, |place| place.file.len());
        self.meter.enter_service((message.len() + file) as u64)?;
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
