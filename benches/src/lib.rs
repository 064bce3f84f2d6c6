//! The subjects that are measured beside each other, all calling one component.

mod adapted;
pub mod bare;
pub mod callgrind;
pub mod cases;
pub mod hosted;
mod inputs;
pub mod process;
mod settings;
mod subject;

use bare::{Bare, Settings};
use hosted::{Application, Hosted};

pub use subject::{Subject, serve};

/// The component, built from `guest/`.
pub const GUEST: &str = env!("BENCH_GUEST");

/// The least that calls the same, built from `guest-least/`.
pub const GUEST_LEAST: &str = env!("BENCH_GUEST_LEAST");

/// One of the example application's plugins.
pub const SEARCH: &str = env!("SEARCH");

/// Code that keeps a processor busy, built from `metering/`.
pub const METERING: &str = env!("BENCH_METERING");

/// Where `large/build` puts plugins in JavaScript and Python, where it was run.
pub const LARGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/large");

/// The subjects of this package, by name.
pub const SUBJECTS: [&str; 3] = ["plugin-host", "wasmtime-default", "wasmtime-best"];

/// Makes the subject of this name ready.
///
/// # Errors
///
/// When there is none, or the component cannot be loaded.
pub fn subject(name: &str) -> anyhow::Result<Box<dyn Subject>> {
    Ok(match name {
        "plugin-host" => Box::new(Hosted::new(Application::new(2)?)?),
        "wasmtime-default" => Box::new(Bare::new(Settings::Default)?),
        "wasmtime-best" => Box::new(Bare::new(Settings::Best)?),
        _ => anyhow::bail!("no subject `{name}`: there are {}", SUBJECTS.join(", ")),
    })
}
