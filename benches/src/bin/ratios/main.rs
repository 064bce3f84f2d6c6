//! Measures every way to call a plugin side by side, and prints what each takes
//! beside bare wasmtime.
//!
//! Each subject is a process of its own that waits for its turn, and all take
//! turns round by round: what slows the machine down for a while slows all.

mod child;
mod figure;
mod plot;
mod rounds;
mod table;

use anyhow::{Result, ensure};
use benches::cases::{CASES, Case};
use benches::{SUBJECTS, serve, subject};
use child::Child;
use clap::Parser;
use std::fs;
use std::path::{Path, PathBuf};

/// The subject that the others are put beside.
const BARE: &str = "wasmtime-best";

/// The subjects of `benches/peers`.
const PEERS: [&str; 6] = [
    "extism",
    "extism-limits",
    "wasm-link",
    "luajit",
    "rhai",
    "native",
];

/// The one command that builds them.
const BUILD_PEERS: &str =
    "cargo build --release --ignore-rust-version --manifest-path benches/peers/Cargo.toml";

/// Measures calls of plugins through `plugin-host`, bare wasmtime and others, in
/// one run, interleaved.
#[derive(Parser)]
struct Args {
    /// A case to measure, and no other; may be given several times.
    #[arg(long = "case", value_name = "NAME")]
    cases: Vec<String>,
    /// How many rounds to measure.
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Print a list of objects in place of the tables.
    #[arg(long)]
    json: bool,
    /// Write a plot, too.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Be this subject, and answer lines of standard input.
    #[arg(long, hide = true, value_name = "SUBJECT")]
    serve: Option<String>,
}

fn main() -> Result<()> {
    let args = Args::parse();
    if let Some(name) = &args.serve {
        return serve(subject(name)?.as_mut());
    }
    ensure!(args.rounds > 0, "there must be a round");
    let mut cases: Vec<&str> = CASES.iter().map(|(name, _)| *name).collect();
    if !args.cases.is_empty() {
        for name in &args.cases {
            Case::named(name)?;
        }
        cases.retain(|name| args.cases.iter().any(|wanted| wanted == name));
    }

    let this = std::env::current_exe()?;
    let mut children = Vec::new();
    for name in SUBJECTS {
        children.push(Child::start(name, &this, &["--serve", name])?);
    }
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/target/release/peers");
    let built = peers.exists();
    if built {
        for name in PEERS {
            children.push(Child::start(name, &peers, &[name, benches::GUEST])?);
        }
    }

    let figures = rounds::measure(&mut children, &cases, args.rounds)?;
    if let Some(file) = &args.svg {
        fs::write(file, plot::svg(&figures))?;
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&figures)?);
    } else {
        println!("{}", table::tables(&figures));
    }
    if !built {
        let names = PEERS.join(", ");
        eprintln!("Not measured, since not built: {names}. To build them: {BUILD_PEERS}");
    }
    Ok(())
}
