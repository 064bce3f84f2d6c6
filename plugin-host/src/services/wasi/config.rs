//! `wasi:config/store`, which serves the settings of `plugin-host:base/config`
//! in the drafts that guests were built with.

use super::wit::wasi::{config0_2_0_draft, config0_2_0_rc_1};
use crate::services::{HasServices, LinkedServices, Services};
use wasmtime::Result;
use wasmtime::component::Linker;

/// A draft's host, in which a setting can always be had.
macro_rules! serve {
    ($draft:ident) => {
        impl $draft::store::Host for Services {
            fn get(&mut self, key: String) -> Result<Result<Option<String>, $draft::store::Error>> {
                Ok(Ok(self.setting(&key)?))
            }

            fn get_all(&mut self) -> Result<Result<Vec<(String, String)>, $draft::store::Error>> {
                Ok(Ok(self.settings()?))
            }
        }
    };
}

serve!(config0_2_0_draft);
serve!(config0_2_0_rc_1);

pub(super) fn link<D: HasServices>(linker: &mut Linker<D>) -> Result<()> {
    config0_2_0_draft::store::add_to_linker::<D, LinkedServices>(linker, D::services)?;
    config0_2_0_rc_1::store::add_to_linker::<D, LinkedServices>(linker, D::services)
}
