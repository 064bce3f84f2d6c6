//! The component through `plugin-host`, behind an adapter: as a plugin of an
//! older version is called, whose numbers were smaller.

use crate::hosted::{CallsCalls, State};
use anyhow::Result;
use plugin_host::{AnyPlugin, Error, Loader, Versions};

/// What the application calls today.
pub(crate) trait Today {
    /// Adds two numbers, which wrap as those of the older version do.
    fn add(&mut self, a: u64, b: u64) -> Result<u64, Error>;
}

impl Today for CallsCalls<State> {
    fn add(&mut self, a: u64, b: u64) -> Result<u64, Error> {
        Ok(self.measured().add(a as u32, b as u32)?.into())
    }
}

/// The plugin, ready to be called.
pub(crate) fn plugin(loader: Loader) -> Result<AnyPlugin<dyn Today>> {
    let versions =
        Versions::<dyn Today>::newest_with::<CallsCalls<State>>(|plugin| plugin, |_| Ok(State));
    Ok(versions.load(loader)?)
}
