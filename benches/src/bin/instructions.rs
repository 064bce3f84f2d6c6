//! Counts the instructions of a call, ours beside bare wasmtime's: runs itself
//! under callgrind.
//!
//! Needs valgrind. `cargo run --release -p benches --bin instructions`, with the
//! names of cases or without any for all.

use anyhow::Result;
use benches::callgrind::{self, BARE, instructions};
use benches::cases::CASES;
use std::env;

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["run", subject, names @ ..] => callgrind::run(subject, names),
        [] => compare(&CASES.map(|(name, _)| name)),
        names => compare(names),
    }
}

/// Prints a line for each case.
fn compare(names: &[&str]) -> Result<()> {
    let program = env::current_exe()?;
    let bare = instructions(&program, BARE, names)?;
    let hosted = instructions(&program, "plugin-host", names)?;
    println!(
        "{:<14} {BARE:>15} {:>15} {:>11} {:>7}",
        "case", "plugin-host", "more", "ratio"
    );
    for ((name, bare), hosted) in names.iter().zip(bare).zip(hosted) {
        let (more, ratio) = (hosted - bare, hosted / bare);
        println!("{name:<14} {bare:>15.1} {hosted:>15.1} {more:>11.1} {ratio:>7.3}");
    }
    Ok(())
}
