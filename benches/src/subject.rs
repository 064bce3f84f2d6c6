//! What all subjects have in common, those of other packages too.

use crate::cases::Case;
use anyhow::{Context, Result};
use std::hint::black_box;
use std::io::stdin;
use std::time::{Duration, Instant};

/// A way to call a plugin.
pub trait Subject {
    /// Measures a case `times` times in a row, and says how long that took, or
    /// that there is no such case here. Making what is handed over does not count;
    /// dropping what comes back does.
    ///
    /// # Errors
    ///
    /// When a call fails.
    fn run(&mut self, case: Case, times: u64) -> Result<Option<Duration>>;
}

/// Answers each line of standard input, a case's name and how often, with
/// nanoseconds, or with `-` where there is no such case here.
///
/// # Errors
///
/// When a call fails, or a line is not of that form.
pub fn serve(subject: &mut dyn Subject) -> Result<()> {
    for line in stdin().lines() {
        let line = line?;
        let (case, times) = line.split_once(' ').context("no case and number")?;
        match subject.run(Case::named(case)?, times.parse()?)? {
            Some(time) => println!("{}", time.as_nanos()),
            None => println!("-"),
        }
    }
    Ok(())
}

/// Makes the calls and takes the time. When this ends, callgrind writes down
/// what it counted.
#[inline(never)]
pub(crate) fn repeat<R, E>(times: u64, call: impl FnMut() -> Result<R, E>) -> Result<Duration, E> {
    let start = Instant::now();
    counted(times, call)?;
    Ok(start.elapsed())
}

/// Makes the calls, and nothing else: callgrind counts in here.
#[inline(never)]
fn counted<R, E>(times: u64, mut call: impl FnMut() -> Result<R, E>) -> Result<(), E> {
    for _ in 0..times {
        black_box(call()?);
    }
    Ok(())
}
