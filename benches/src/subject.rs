//! What all subjects have in common.

use crate::cases::Case;
use anyhow::Result;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// A way to run the component.
pub trait Subject {
    /// Measures a case `times` times in a row, and says how long that took.
    /// Making what is handed over does not count; dropping what comes back does.
    ///
    /// # Errors
    ///
    /// When a call fails.
    fn run(&mut self, case: Case, times: u64) -> Result<Duration>;
}

/// The subjects of this package, by name.
pub const SUBJECTS: [&str; 3] = ["plugin-host", "wasmtime-best", "wasmtime-default"];

/// Makes the subject of this name ready.
///
/// # Errors
///
/// When there is none, or the component cannot be loaded.
pub fn subject(name: &str) -> Result<Box<dyn Subject>> {
    use crate::bare::{Bare, Settings};
    Ok(match name {
        "plugin-host" => Box::new(crate::hosted::Hosted::new()?),
        "wasmtime-best" => Box::new(Bare::new(Settings::Best)?),
        "wasmtime-default" => Box::new(Bare::new(Settings::Default)?),
        _ => anyhow::bail!("no subject `{name}`: there are {}", SUBJECTS.join(", ")),
    })
}

/// Makes the calls, and nothing else: callgrind counts in here.
#[inline(never)]
pub(crate) fn repeat<R, E>(
    times: u64,
    mut call: impl FnMut() -> Result<R, E>,
) -> Result<Duration, E> {
    let start = Instant::now();
    for _ in 0..times {
        black_box(call()?);
    }
    Ok(start.elapsed())
}
