//! `wasi:logging/logging`, whose records join those of `plugin-host:base/log`, in
//! the drafts that guests were built with; one has no version.

use super::wit::wasi::{logging, logging0_1_0_draft};
use crate::services::{HasServices, Level, LinkedServices, Services};
use wasmtime::Result;
use wasmtime::component::Linker;

macro_rules! serve {
    ($draft:ident) => {
        impl $draft::logging::Host for Services {
            fn log(
                &mut self,
                level: $draft::logging::Level,
                context: String,
                message: String,
            ) -> Result<()> {
                let context = (!context.is_empty()).then(|| ("context".to_owned(), context));
                Services::log(self, level.into(), message, context.into_iter().collect())
            }
        }

        impl From<$draft::logging::Level> for Level {
            fn from(level: $draft::logging::Level) -> Self {
                use $draft::logging::Level as Theirs;
                match level {
                    Theirs::Trace => Self::Trace,
                    Theirs::Debug => Self::Debug,
                    Theirs::Info => Self::Info,
                    Theirs::Warn => Self::Warn,
                    Theirs::Error | Theirs::Critical => Self::Error,
                }
            }
        }
    };
}

serve!(logging);
serve!(logging0_1_0_draft);

pub(super) fn link<D: HasServices>(linker: &mut Linker<D>) -> Result<()> {
    logging::logging::add_to_linker::<D, LinkedServices>(linker, D::services)?;
    logging0_1_0_draft::logging::add_to_linker::<D, LinkedServices>(linker, D::services)
}
