//! What a call through `plugin-host` costs beyond bare wasmtime's, in
//! instructions: they repeat exactly, so that one more look at the clock or one
//! more lock on the way is seen.
//!
//! Counted as the tests are built, where the workspace's own crates are not
//! optimised: `cargo run --release -p benches --bin instructions` has the
//! figures that matter. Who makes a call cheaper lowers the bounds.

use benches::callgrind::{BARE, instructions};
use std::env;
use std::path::Path;
use std::process::Command;

/// Set where a skipped test is a failure.
const REQUIRED: &str = "REQUIRE_VALGRIND";

/// How many instructions more each case may take: what it takes, and 40 on
/// top, fewer than the 44 of one look at the clock; 1,400 for a start, which varies
/// with what is free on the heap.
const BOUNDS: [(&str, f64); 7] = [
    ("add", 908.0),
    ("echo-16", 920.0),
    ("ping-1", 1_757.0),
    ("lend-1", 2_947.0),
    ("give", 1_840.0),
    ("start", 2_671.0),
    ("start-least", 404.0),
];

#[test]
fn a_call_takes_few_instructions_more_than_bare_wasmtimes() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        assert!(env::var_os(REQUIRED).is_none(), "valgrind is not installed");
        eprintln!("skipped: valgrind is not installed");
        return;
    }
    let program = Path::new(env!("CARGO_BIN_EXE_instructions"));
    let names = BOUNDS.map(|(name, _)| name);
    let count = |subject| instructions(program, subject, &names).expect("callgrind counts");
    let (bare, hosted) = (count(BARE), count("plugin-host"));
    let mut over = Vec::new();
    for (((name, bound), bare), hosted) in BOUNDS.iter().zip(bare).zip(hosted) {
        let more = hosted - bare;
        println!("{name}: {hosted} - {bare} = {more}");
        if more > *bound {
            over.push(format!("{name} takes {more} more, not up to {bound}"));
        }
    }
    assert!(over.is_empty(), "{}", over.join("; "));
}
