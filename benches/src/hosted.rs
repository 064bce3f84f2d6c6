//! The component through `plugin-host`, with every budget armed.

use anyhow::Result;
use plugin_host::{Candidate, Host, Limits, Plugin};

plugin_host::world! { path: "wit", world: "calls" }

/// The application's side.
#[derive(Debug)]
pub struct State;

impl host::Host for State {
    fn ping(&mut self, value: u32) -> u32 {
        value
    }
}

/// The plugin, ready to be called.
///
/// # Errors
///
/// When the component cannot be read or loaded.
pub fn plugin() -> Result<Plugin<CallsCalls<State>>> {
    // All else as it is by default.
    let limits = Limits::default().fuel(10_000_000_000);
    let host = Host::builder().limits(limits.clone()).build()?;
    let candidate = Candidate::from_file(crate::GUEST, &limits)?;
    Ok(host.load(&candidate, |_| Ok(State))?)
}
