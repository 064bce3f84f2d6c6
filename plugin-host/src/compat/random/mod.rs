//! Holds the verdict against real links of random worlds: a host's, and one that
//! a plugin was built for, which is the same but for random changes.
//!
//! `VERDICT_CASES=100000 cargo test -p plugin-host --lib -- --nocapture verdict_agrees`
//! is the full number, and prints what there was.

mod case;
mod dice;
mod edit;
mod engine;
mod generate;
mod model;
mod plain;
mod table;
mod text;

use case::{Case, Outcome};
use edit::EDITS;
use std::thread;
use table::Table;

/// How many cases are tried by default.
const CASES: usize = 2_000;

/// One in how many plugins that fit is compiled and started.
const STARTED: usize = 10;

#[test]
fn verdict_agrees_with_the_link() {
    let cases = std::env::var("VERDICT_CASES").ok();
    let cases = cases.map_or(CASES, |cases| cases.parse().expect("a number"));
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let table = thread::scope(|scope| {
        let parts = (0..threads).map(|first| (first..cases).step_by(threads));
        let parts: Vec<_> = parts.map(|part| scope.spawn(|| try_all(part))).collect();
        let mut table = Table::default();
        for part in parts {
            table.add(part.join().expect("the verdict is right"));
        }
        table
    });
    println!("{table}");
    table.check(cases);
}

fn try_all(numbers: impl Iterator<Item = usize>) -> Table {
    let engine = engine::engine();
    let mut table = Table::default();
    for number in numbers {
        let case = Case::new(number as u64, number % EDITS.len());
        // All kinds of change have their turn before the next one is started.
        let start_it = (number / EDITS.len()).is_multiple_of(STARTED);
        let outcome = case.outcome(&engine, start_it);
        if let Outcome::Wrong(what) = &outcome {
            panic!("case {number}: {what}\n{case}");
        }
        table.count(&case, &outcome);
    }
    table
}
