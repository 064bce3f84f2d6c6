//! Counts the instructions of calls under callgrind. They repeat exactly, which
//! times do not.

use crate::cases::Case;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Beside which `plugin-host` is put.
pub const BARE: &str = "wasmtime-best";

/// The instructions that one call of each case takes. `program` is one that, after
/// `--run`, hands its arguments to [`run`].
///
/// Counts the thread that makes the calls, while it makes them, and takes the
/// least of several counts: in some of them the clock of deadlines ticks.
///
/// # Errors
///
/// When valgrind is not there, or a call fails.
pub fn instructions(program: &Path, subject: &str, names: &[&str]) -> Result<Vec<f64>> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg("--toggle-collect=benches::subject::counted*")
        .arg("--dump-after=benches::subject::repeat*")
        .arg(program)
        .args(["--run", subject])
        .args(names)
        .output()
        .context("cannot run valgrind: install it, for example with `apt install valgrind`")?;
    ensure!(
        output.status.success(),
        "valgrind failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    // One file for each time, numbered from 1.
    let mut files = (1..).map(|number: usize| out.with_extension(number.to_string()));
    let mut next = || total(&files.next().expect("it has no end"));
    let mut all = Vec::new();
    for name in names {
        let Calls { few, many, rounds } = Calls::of(Case::named(name)?);
        next().context("the first calls")?;
        let (mut less, mut more) = (f64::MAX, f64::MAX);
        for _ in 0..rounds {
            less = less.min(next()?);
            more = more.min(next()?);
        }
        all.push((more - less) / (many - few) as f64);
    }
    Ok(all)
}

/// Makes the calls that are counted.
///
/// # Errors
///
/// When a call fails.
pub fn run(subject: &str, names: &[&str]) -> Result<()> {
    let mut subject = crate::subject(subject)?;
    for name in names {
        let case = Case::named(name)?;
        let Calls { few, many, rounds } = Calls::of(case);
        subject.run(case, many)?;
        for _ in 0..rounds {
            subject.run(case, few)?;
            subject.run(case, many)?;
        }
    }
    Ok(())
}

/// How often a case is run, and how often to subtract from that.
struct Calls {
    few: u64,
    many: u64,
    rounds: u64,
}

impl Calls {
    /// Few enough for most rounds to end before the clock ticks, where the case
    /// is small.
    fn of(case: Case) -> Self {
        let (few, many, rounds) = match case {
            Case::Products(count) if count > 10_000 => (0, 1, 1),
            Case::Products(count) | Case::Items(count) if count > 100 => (0, 1, 3),
            Case::Ping(count) | Case::Lend(count) | Case::Log(count) | Case::Config(count)
                if count > 1 =>
            {
                (0, 1, 5)
            }
            Case::Bytes(_) => (0, 1, 20),
            _ => (1, 11, 20),
        };
        Self { few, many, rounds }
    }
}

/// The instructions in one of callgrind's files.
fn total(file: &Path) -> Result<f64> {
    let text = fs::read_to_string(file)
        .with_context(|| format!("callgrind wrote no {}", file.display()))?;
    let line = text.lines().find_map(|line| line.strip_prefix("totals: "));
    let line = line.with_context(|| format!("no total in {}", file.display()))?;
    Ok(line.trim().parse()?)
}
