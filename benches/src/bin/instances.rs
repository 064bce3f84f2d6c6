//! What two threads gain over one, beside what they gain in bare wasmtime; and what
//! idle instances take of the machine. Linux only, for the latter.
//!
//! `cargo run --release -p benches --bin instances`

use anyhow::{Context, Result, anyhow, ensure};
use benches::Subject;
use benches::bare::{Bare, Settings};
use benches::cases::Case;
use benches::hosted::{Application, CallsCalls, Hosted, State};
use benches::process::{maps, status};
use clap::Parser;
use plugin_host::{Plugin, Pool};
use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

const CASES: [(&str, Case); 4] = [
    ("add", Case::Add),
    ("echo-16", Case::Echo(16)),
    ("products-10", Case::Products(10)),
    ("start", Case::Start),
];

/// How long one thread calls in a round.
const TURN: Duration = Duration::from_millis(20);

/// Measures two threads beside one, and idle instances.
#[derive(Parser)]
struct Args {
    /// How many rounds to measure.
    #[arg(long, default_value_t = 25)]
    rounds: usize,
    /// How many idle instances to start.
    #[arg(long, default_value_t = 10_000)]
    idle: u64,
}

fn main() -> Result<()> {
    let args = Args::parse();
    ensure!(args.rounds > 0 && args.idle > 0, "there must be one");
    threads(args.rounds)?;
    idle(args.idle)
}

/// Prints what two threads gain: 2 is all there is to gain.
fn threads(rounds: usize) -> Result<()> {
    let bare = Bare::new(Settings::Best)?;
    let mut bare = [bare.another()?, bare];
    let application = Application::new(8)?;
    let mut hosted = [
        Hosted::new(application.clone())?,
        Hosted::new(application.clone())?,
    ];
    let pool = InPool(Pool::new(&application.prepare()?, 2));
    let mut pooled = [pool.clone(), pool];
    println!("Two threads: how many times the calls of one, in the same time");
    println!(
        "| case | wasmtime-best | plugin-host | to bare | pool | to bare |\n|---|---|---|---|---|---|"
    );
    for (name, case) in CASES {
        let times = calibrate(&mut bare[0], case)?;
        let mut gains = [const { Vec::new() }; 3];
        for round in 0..=rounds {
            eprint!("\r{name}: round {round} of {rounds} ");
            let all = [
                gain(&mut bare, case, times)?,
                gain(&mut hosted, case, times)?,
                gain(&mut pooled, case, times)?,
            ];
            // The first round warms up.
            if round > 0 {
                for (gains, gain) in gains.iter_mut().zip(all) {
                    gains.extend(gain);
                }
            }
        }
        eprint!("\r{:60}\r", "");
        let [bare, hosted, pooled] = gains.map(median);
        let beside = |gain: Option<f64>| match (gain, bare) {
            (Some(gain), Some(bare)) => format!("{gain:.2} | {:.2}", gain / bare),
            _ => " | ".to_owned(),
        };
        println!(
            "| {name} | {:.2} | {} | {} |",
            bare.unwrap_or_default(),
            beside(hosted),
            beside(pooled)
        );
    }
    Ok(())
}

fn calibrate(subject: &mut impl Subject, case: Case) -> Result<u64> {
    let mut times = 1;
    loop {
        let time = subject.run(case, times)?.context("it has the case")?;
        if time >= TURN {
            return Ok(times);
        }
        times *= 2;
    }
}

/// How many times as many calls two threads make in the same time as one; nothing
/// where the subject does not have the case.
fn gain<S: Subject + Send>(pair: &mut [S; 2], case: Case, times: u64) -> Result<Option<f64>> {
    let one = in_threads(&mut pair[..1], case, times)?;
    let two = in_threads(pair, case, times)?;
    Ok(one.zip(two).map(|(one, two)| 2.0 * one / two))
}

/// How many seconds the slowest of several threads takes, each with a subject of its
/// own.
fn in_threads<S: Subject + Send>(
    subjects: &mut [S],
    case: Case,
    times: u64,
) -> Result<Option<f64>> {
    let barrier = &Barrier::new(subjects.len());
    thread::scope(|scope| {
        let threads = subjects.iter_mut().map(|subject| {
            scope.spawn(move || {
                barrier.wait();
                subject.run(case, times)
            })
        });
        // All have begun before one is waited for.
        let threads: Vec<_> = threads.collect();
        let mut slowest = Some(0.0_f64);
        for thread in threads {
            let ran = thread.join().map_err(|_| anyhow!("a thread panicked"))?;
            let time = ran?.map(|time| time.as_secs_f64());
            slowest = slowest.zip(time).map(|(slowest, time)| slowest.max(time));
        }
        Ok(slowest)
    })
}

fn median(mut gains: Vec<f64>) -> Option<f64> {
    gains.sort_by(f64::total_cmp);
    gains.get(gains.len() / 2).copied()
}

/// Takes an instance out for each call, and gives it back.
#[derive(Clone)]
struct InPool(Pool<Plugin<CallsCalls<State>>>);

impl Subject for InPool {
    fn run(&mut self, case: Case, times: u64) -> Result<Option<Duration>> {
        let begun = Instant::now();
        match case {
            Case::Add => {
                for _ in 0..times {
                    black_box(self.0.get()?.measured().add(black_box(3), 4)?);
                }
            }
            Case::Echo(bytes) => {
                let text = benches::cases::text(bytes);
                for _ in 0..times {
                    black_box(self.0.get()?.measured().echo(black_box(&text))?);
                }
            }
            _ => return Ok(None),
        }
        Ok(Some(begun.elapsed()))
    }
}

/// Prints what so many instances take, before and after each was called.
fn idle(count: u64) -> Result<()> {
    let prepared = Application::new(count)?.prepare()?;
    let mut plugins: Vec<Plugin<CallsCalls<State>>> = Vec::new();
    let before = status("VmRSS:")?;
    println!("\n{count} idle instances of one plugin");
    println!("| | time for each | resident for each | addresses | maps |\n|---|---|---|---|---|");
    let line = |what: &str, begun: Instant| -> Result<()> {
        println!(
            "| {what} | {:.1} µs | {:.1} KiB | {:.1} TiB | {} |",
            begun.elapsed().as_secs_f64() * 1e6 / count as f64,
            (status("VmRSS:")? - before) as f64 / count as f64,
            status("VmSize:")? as f64 / f64::from(1 << 30),
            maps()?,
        );
        Ok(())
    };
    let begun = Instant::now();
    for _ in 0..count {
        plugins.push(prepared.start()?);
    }
    line("started", begun)?;
    let begun = Instant::now();
    for plugin in &mut plugins {
        ensure!(plugin.measured().add(3, 4)? == 7, "it adds");
    }
    line("called once each", begun)?;
    let begun = Instant::now();
    drop(plugins);
    line("gone", begun)
}
