//! Counts the instructions of a call, ours beside bare wasmtime's: runs itself
//! under callgrind at two call counts, subtracts and divides.
//!
//! Needs valgrind. `cargo run --release -p benches --bin instructions`

use anyhow::{Context, Result, bail, ensure};
use benches::{adapted, bare, hosted};
use std::env;
use std::hint::black_box;
use std::process::Command;

const FEW: u64 = 1_000;
const MANY: u64 = 11_000;

/// `adapter` is `add` behind an adapter between two versions.
const CASES: [&str; 4] = ["add", "adapter", "echo", "ping"];

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    match args.as_slice() {
        [] => compare(),
        [subject, case, calls] => run(subject, case, calls.parse()?),
        _ => bail!("this takes no arguments"),
    }
}

/// Prints a line for each case.
fn compare() -> Result<()> {
    println!(
        "{:<8} {:>12} {:>12} {:>7}",
        "case", "wasmtime", "plugin-host", "ratio"
    );
    for case in CASES {
        let bare = instructions_per_call("wasmtime", case)?;
        let hosted = instructions_per_call("plugin-host", case)?;
        println!(
            "{case:<8} {bare:>12.1} {hosted:>12.1} {:>7.3}",
            hosted / bare
        );
    }
    Ok(())
}

fn instructions_per_call(subject: &str, case: &str) -> Result<f64> {
    let (few, many) = (count(subject, case, FEW)?, count(subject, case, MANY)?);
    Ok((many as f64 - few as f64) / (MANY - FEW) as f64)
}

/// The instructions of the thread that makes `calls` calls; those of the clock
/// of deadlines depend on how slow callgrind is.
fn count(subject: &str, case: &str, calls: u64) -> Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=instructions::run*")
        .arg(env::current_exe()?)
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

/// Makes the calls that are counted.
#[inline(never)]
fn run(subject: &str, case: &str, calls: u64) -> Result<()> {
    let text = "sixteen bytes...";
    if subject == "wasmtime" {
        let mut bare = bare::instance()?;
        let store = &mut bare.store;
        for _ in 0..calls {
            let done = match case {
                "add" | "adapter" => bare.calls.call_add(&mut *store, black_box(3), 4).map(drop),
                "echo" => bare.calls.call_echo(&mut *store, black_box(text)).map(drop),
                _ => bare.calls.call_ping(&mut *store, black_box(10)).map(drop),
            };
            ensure!(done.is_ok(), "a call failed");
        }
    } else if case == "adapter" {
        let mut plugin = adapted::plugin()?;
        for _ in 0..calls {
            plugin.calls().add(black_box(3), 4)?;
        }
    } else {
        let mut plugin = hosted::plugin()?;
        for _ in 0..calls {
            match case {
                "add" => plugin.add(black_box(3), 4).map(drop),
                "echo" => plugin.echo(black_box(text)).map(drop),
                _ => plugin.ping(black_box(10)).map(drop),
            }?;
        }
    }
    Ok(())
}
