//! What the budgets cost code that keeps a processor busy: the same jobs natively
//! and as a plugin, whose code counts nothing, asks after its deadline, counts its
//! fuel, or does both.
//!
//! `cargo run --release -p benches --bin metering`

use anyhow::{Result, anyhow, ensure};
use bench_metering::work::Work;
use benches::METERING;
use clap::Parser;
use std::hint::black_box;
use std::time::{Duration, Instant};
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

mod bindings {
    wasmtime::component::bindgen!({ path: "metering/wit", world: "work" });
}

use bindings::{Job, Work as Plugin};

const JOBS: [(&str, Job); 4] = [
    ("sort of 1,000,000 numbers", Job::Sort),
    ("SHA-256 of 64 MiB", Job::Hash),
    ("JSON of 10 MB parsed", Job::Parse),
    ("blur of 4 megapixels (SIMD)", Job::Blur),
];

/// What the code does for its budgets: ask after epochs, count fuel.
const METERING_KINDS: [(&str, bool, bool); 4] = [
    ("no metering", false, false),
    ("deadline", true, false),
    ("fuel", false, true),
    ("both", true, true),
];

/// Measures what fuel and deadlines cost code that keeps a processor busy.
#[derive(Parser)]
struct Args {
    /// How many rounds to measure.
    #[arg(long, default_value_t = 11)]
    rounds: usize,
}

fn main() -> Result<()> {
    let rounds = Args::parse().rounds;
    ensure!(rounds > 0, "there must be a round");
    println!("| job | native | no metering | deadline | fuel | both |\n|---|---|---|---|---|---|");
    let guests = METERING_KINDS.map(|(_, epochs, fuel)| Guest::new(epochs, fuel));
    let mut guests = guests.into_iter().collect::<Result<Vec<_>>>()?;
    for (name, job) in JOBS {
        measure(name, job, &mut guests, rounds)?;
    }
    Ok(())
}

/// Prints a line: times, and in brackets their ratio to code without metering.
fn measure(name: &str, job: Job, guests: &mut [Guest], rounds: usize) -> Result<()> {
    let native = match job {
        Job::Sort => Work::sort(),
        Job::Hash => Work::hash(),
        Job::Parse => Work::parse(),
        Job::Blur => Work::blur(),
    };
    for guest in &mut *guests {
        guest.prepare(job)?;
    }
    let mut times = vec![Vec::new(); 1 + guests.len()];
    // The first round warms up.
    for round in 0..=rounds {
        eprint!("\r{name}: round {round} of {rounds} ");
        let mut all = vec![timed(|| Ok(black_box(&native).run()))?];
        for guest in &mut *guests {
            all.push(timed(|| guest.run())?);
        }
        anyhow::ensure!(
            all.iter().all(|(sum, _)| *sum == all[0].0),
            "{name}: not everyone comes to the same sum"
        );
        if round > 0 {
            for (times, (_, time)) in times.iter_mut().zip(all) {
                times.push(time);
            }
        }
    }
    eprint!("\r{:60}\r", "");
    let medians = times.into_iter().map(|mut times| {
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1e3
    });
    let medians: Vec<f64> = medians.collect();
    let cells = medians
        .iter()
        .map(|ms| format!("{ms:.1} ms ({:.2})", ms / medians[1]));
    println!("| {name} | {} |", cells.collect::<Vec<_>>().join(" | "));
    Ok(())
}

fn timed(work: impl FnOnce() -> Result<u64>) -> Result<(u64, Duration)> {
    let start = Instant::now();
    let sum = work()?;
    Ok((sum, start.elapsed()))
}

struct State {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

struct Guest {
    store: Store<State>,
    plugin: Plugin,
}

impl Guest {
    fn new(epochs: bool, fuel: bool) -> Result<Self> {
        let start = || -> wasmtime::Result<Self> {
            let mut config = Config::new();
            config
                .epoch_interruption(epochs)
                .consume_fuel(fuel)
                .concurrency_support(false);
            let engine = Engine::new(&config)?;
            let component = Component::from_file(&engine, METERING)?;
            let mut linker = Linker::new(&engine);
            wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
            linker.define_unknown_imports_as_traps(&component)?;
            let state = State {
                wasi: WasiCtx::builder().build(),
                table: ResourceTable::new(),
            };
            let mut store = Store::new(&engine, state);
            if epochs {
                store.set_epoch_deadline(1);
            }
            if fuel {
                store.set_fuel(u64::MAX)?;
            }
            let plugin = Plugin::instantiate(&mut store, &component, &linker)?;
            Ok(Self { store, plugin })
        };
        start().map_err(|error| anyhow!("{error:#}"))
    }

    fn prepare(&mut self, job: Job) -> Result<()> {
        let done = self.plugin.call_prepare(&mut self.store, job);
        done.map_err(|error| anyhow!("{error:#}"))
    }

    fn run(&mut self) -> Result<u64> {
        let sum = self.plugin.call_run(&mut self.store);
        sum.map_err(|error| anyhow!("{error:#}"))
    }
}
