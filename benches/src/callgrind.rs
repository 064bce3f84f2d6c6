//! Counts the instructions of a call under callgrind. They repeat exactly, which
//! times do not.

use crate::cases::Case;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::Command;

/// Beside which `plugin-host` is put.
pub const BARE: &str = "wasmtime-best";

/// The instructions of one call: a program that takes a subject, a case and a
/// number of calls is run twice, for a few and for many.
///
/// # Errors
///
/// When valgrind is not there, or the program fails.
pub fn instructions(program: &Path, subject: &str, name: &str) -> Result<f64> {
    let case = Case::named(name)?;
    let (few, many) = calls(case);
    let less = count(program, subject, name, few)?;
    let more = count(program, subject, name, many)?;
    Ok((more as f64 - less as f64) / (many - few) as f64)
}

/// The more a call does, the fewer are needed.
fn calls(case: Case) -> (u64, u64) {
    match case {
        Case::Products(count) if count > 10_000 => (1, 3),
        Case::Products(count) | Case::Items(count) if count > 100 => (5, 25),
        Case::Bytes(_) | Case::Ping(_) | Case::Log(_) | Case::Config(_) => (10, 110),
        Case::Start | Case::OneCall => (100, 600),
        _ => (1_000, 11_000),
    }
}

/// The instructions of the thread that makes the calls, while it makes them:
/// those of the clock of deadlines depend on how slow callgrind is.
fn count(program: &Path, subject: &str, case: &str, calls: u64) -> Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=benches::subject::repeat*")
        .arg(program)
        .args([subject, case, &calls.to_string()])
        .output()
        .context("cannot run valgrind: install it, for example with `apt install valgrind`")?;
    let text = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "valgrind failed:\n{text}");
    let line = text
        .lines()
        .find_map(|line| line.split("Collected : ").nth(1));
    let line = line.with_context(|| format!("valgrind printed no count:\n{text}"))?;
    Ok(line.trim().parse()?)
}
