//! The smallest application that takes plugins: how large it is, with the compiler
//! and without.
//!
//! `bench-minimal PLUGINS CACHE` calls each plugin in a folder.

use plugin_host::{Cache, Host};
use std::env;
use std::error::Error;

plugin_host::world! { path: "../large/wit", world: "plugin" }

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let (Some(plugins), Some(cache)) = (args.next(), args.next()) else {
        return Err("usage: bench-minimal PLUGINS CACHE".into());
    };
    let host = Host::builder().cache(Cache::folder(cache)).build()?;
    for candidate in host.discover(plugins) {
        let candidate = candidate?;
        let mut plugin = host.load::<LargePlugin<()>>(&candidate)?;
        println!("{}: {}", candidate.id(), plugin.run()?);
    }
    Ok(())
}
