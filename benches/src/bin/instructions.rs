//! Counts the instructions of a call, ours beside bare wasmtime's: runs itself
//! under callgrind.
//!
//! Needs valgrind. `cargo run --release -p benches --bin instructions [CASE...]`

use anyhow::Result;
use benches::callgrind::{self, BARE, instructions};
use benches::cases::CASES;
use clap::Parser;
use clap::builder::PossibleValuesParser;
use std::env;

/// Counts the instructions of a call under callgrind, beside bare wasmtime's.
#[derive(Parser)]
struct Args {
    /// The cases to count; all of them where none is named.
    #[arg(value_parser = PossibleValuesParser::new(CASES.map(|(name, _)| name)))]
    cases: Vec<String>,
    /// Makes the calls themselves, for callgrind.
    #[arg(long, hide = true)]
    run: Option<String>,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let mut cases: Vec<&str> = args.cases.iter().map(String::as_str).collect();
    if let Some(subject) = args.run {
        return callgrind::run(&subject, &cases);
    }
    if cases.is_empty() {
        cases = CASES.map(|(name, _)| name).to_vec();
        eprintln!("counting every case: this takes some minutes");
    }
    compare(&cases)
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
