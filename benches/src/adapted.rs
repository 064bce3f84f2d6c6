//! The component through `plugin-host`, behind an adapter: as a plugin of an
//! older version is called, whose numbers were smaller.

use crate::hosted::{CallsCalls, State};
use anyhow::Result;
use plugin_host::{AnyPlugin, Candidate, Error, Host, Limits, Versions};

/// What the application calls today.
pub trait Today {
    /// Adds two numbers, which wrap as those of the older version do.
    ///
    /// # Errors
    ///
    /// When the call fails.
    fn add(&mut self, a: u64, b: u64) -> Result<u64, Error>;
}

impl Today for CallsCalls<State> {
    fn add(&mut self, a: u64, b: u64) -> Result<u64, Error> {
        Ok(Self::add(self, a as u32, b as u32)?.into())
    }
}

/// The plugin, ready to be called.
///
/// # Errors
///
/// When the component cannot be read or loaded.
pub fn plugin() -> Result<AnyPlugin<dyn Today>> {
    let limits = Limits::default().fuel(10_000_000_000);
    let host = Host::builder().limits(limits.clone()).build()?;
    let candidate = Candidate::from_file(crate::GUEST, &limits)?;
    let versions =
        Versions::<dyn Today>::newest::<CallsCalls<State>>(|plugin| plugin, |_| Ok(State));
    Ok(versions.load(host.plugin(&candidate))?)
}
