//! `wasi:logging/logging`, whose records join those of `plugin-host:base/log`.

use crate::services::{self, HasServices};
use wasmtime::StoreContextMut;
use wasmtime::component::{ComponentType, Lift, Linker};

/// The drafts of this interface that guests were built with; one has no version.
pub(super) const VERSIONS: &[&str] = &["", "0.1.0-draft"];

#[derive(Clone, Copy, ComponentType, Lift)]
#[component(enum)]
#[repr(u8)]
#[expect(dead_code, reason = "guests make them")]
enum Level {
    #[component(name = "trace")]
    Trace,
    #[component(name = "debug")]
    Debug,
    #[component(name = "info")]
    Info,
    #[component(name = "warn")]
    Warn,
    #[component(name = "error")]
    Error,
    #[component(name = "critical")]
    Critical,
}

pub(super) fn link<D: HasServices>(linker: &mut Linker<D>) -> wasmtime::Result<()> {
    for version in VERSIONS {
        let name = super::with_version("wasi:logging/logging", version);
        linker.instance(&name)?.func_wrap(
            "log",
            |mut data: StoreContextMut<'_, D>,
             (level, context, message): (Level, String, String)| {
                let context = (!context.is_empty()).then(|| ("context".to_owned(), context));
                let services = data.data_mut().services();
                services.log(level.into(), message, context.into_iter().collect())
            },
        )?;
    }
    Ok(())
}

impl From<Level> for services::Level {
    fn from(level: Level) -> Self {
        match level {
            Level::Trace => Self::Trace,
            Level::Debug => Self::Debug,
            Level::Info => Self::Info,
            Level::Warn => Self::Warn,
            Level::Error | Level::Critical => Self::Error,
        }
    }
}
