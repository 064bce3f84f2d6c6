//! Runs a catalogue through the chain of plugins, batch by batch.

use crate::args::{OnError, RunArgs, UsageError};
use crate::catalogue::{Reader, RowCounts, Writer};
use crate::chain::{Chain, settings};
use crate::outcome::{Outcome, table};
use crate::output::Output;
use crate::ranking::Ranking;
use crate::stage::{PATIENCE, Problem, Stage};
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;

const SAMPLE: &str = include_str!("../sample/products.csv");
const SAMPLE_CONFIG: &str = include_str!("../sample/config.toml");

/// Runs, and says whether every plugin did well.
pub(crate) fn run(args: &RunArgs) -> Result<bool> {
    if args.json && args.output == Path::new("-") {
        return Err(UsageError::TwoToStdout.into());
    }
    // The settings that come with the sample are for the plugins that do.
    let bundled = args.input.is_none() && args.plugins.plugins.is_empty();
    let sample = bundled.then_some(SAMPLE_CONFIG);
    let settings = settings(sample, &args.config)?;
    let mut chain = Chain::load(&args.plugins, &settings, &args.order)?;
    let (input, progress) = input(args)?;
    let mut reader = Reader::new(input).context("cannot read the input")?;
    let mut output = Output::create(&args.output)?;

    let counts = stream(&mut chain, &mut reader, &mut output, args, &progress)?;
    output.finish()?;
    progress.finish_and_clear();

    for (_, stage) in chain.stages.iter() {
        for remark in stage.remarks() {
            eprintln!("note: {remark}");
        }
    }
    let rows = chain.rows();
    let mut stdout = io::stdout().lock();
    if args.json {
        writeln!(stdout, "{}", serde_json::to_string_pretty(&rows)?)?;
    } else if args.output == Path::new("-") {
        eprintln!("{}", table(&rows));
    } else {
        writeln!(stdout, "{}", table(&rows))?;
        writeln!(
            stdout,
            "{} rows in, {} removed, {} written to {}",
            counts.rows_in,
            counts.rows_removed,
            counts.rows_out,
            args.output.display()
        )?;
    }
    Ok(rows.iter().all(|row| row.outcome == Outcome::Ok))
}

/// Reads, lets each plugin work, and writes, one batch at a time.
fn stream(
    chain: &mut Chain,
    reader: &mut Reader<Box<dyn Read>>,
    output: &mut Output,
    args: &RunArgs,
    progress: &ProgressBar,
) -> Result<RowCounts> {
    let so_far = if output.is_all_or_nothing() {
        "nothing was written"
    } else {
        "the output ends before this batch"
    };
    let mut writer = Writer::new(output, reader)?;
    let mut ranking = args.rank.then(Ranking::default);
    if args.rank && !chain.stages.iter_mut().any(|(_, stage)| stage.ranks()) {
        eprintln!("note: no plugin ranks products, and their order stays as it is");
    }
    let tell = |stage: &Stage, problem: Problem| {
        if args.on_error == OnError::Stop {
            bail!(
                "{}; {so_far}, since `--on-error stop` was given",
                problem.line
            );
        }
        progress.suspend(|| {
            if problem.is_news {
                eprintln!("error: {}", problem.line);
            }
            if problem.gives_up {
                let name = stage.name();
                eprintln!(
                    "note: plugin `{name}`: it failed {PATIENCE} times in a row and is not \
                     called again"
                );
            }
        });
        Ok(())
    };
    while let Some(mut batch) = reader.next_batch(args.batch)? {
        for (_, stage) in chain.stages.iter_mut() {
            // An earlier plugin may have changed the quantities.
            chain.shop.set_stock(batch.stock());
            if let Err(problem) = stage.apply(&mut batch) {
                tell(stage, problem)?;
            }
        }
        let Some(ranking) = &mut ranking else {
            writer.write(&batch)?;
            continue;
        };
        let products = batch.products();
        let mut scored = Vec::new();
        for (_, stage) in chain.stages.iter_mut() {
            match stage.rank(&products) {
                Ok(scores) => scored.extend(scores),
                Err(problem) => tell(stage, problem)?,
            }
        }
        ranking.add(batch, &scored);
    }
    if let Some(all) = ranking.and_then(Ranking::sorted) {
        writer.write(&all)?;
    }
    Ok(writer.finish(reader)?)
}

/// The input, and a bar that shows how far it is read where someone looks.
fn input(args: &RunArgs) -> Result<(Box<dyn Read>, ProgressBar)> {
    let progress = |bytes: Option<u64>| {
        let bar = match bytes {
            Some(bytes) => ProgressBar::new(bytes).with_style(
                ProgressStyle::with_template("{wide_bar} {bytes} of {total_bytes}, {eta} left")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            ),
            None => ProgressBar::new_spinner(),
        };
        if !io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        bar
    };
    Ok(match args.input.as_deref() {
        None => (Box::new(SAMPLE.as_bytes()), progress(None)),
        Some(path) if path == Path::new("-") => {
            let bar = progress(None);
            (Box::new(bar.wrap_read(io::stdin())), bar)
        }
        Some(path) => {
            let file = File::open(path)
                .with_context(|| format!("cannot read the input `{}`", path.display()))?;
            let bar = progress(file.metadata().ok().map(|metadata| metadata.len()));
            (Box::new(bar.wrap_read(file)), bar)
        }
    })
}
