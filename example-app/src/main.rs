//! `catalog`: runs a product catalogue through third-party plugins.

mod args;
mod bindings;
mod bundled;
mod catalogue;
mod chain;
mod found;
mod list;
mod load_line;
mod lock;
mod outcome;
mod output;
mod ranking;
mod run;
mod stage;

use anyhow::Result;
use args::{Cli, Command, GenerateArgs, UsageError};
use clap::Parser;
use output::Output;
use std::process::ExitCode;

const FAILED: u8 = 1;
const USAGE: u8 = 2;
const PLUGIN_FAILED: u8 = 3;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match &cli.command {
        None => run::run(&cli.run),
        Some(Command::List(args)) => list::list(args),
        Some(Command::Lock(args)) => lock::lock(args),
        Some(Command::Generate(args)) => generate(args),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => PLUGIN_FAILED.into(),
        Err(error) => {
            eprintln!("error: {error:#}");
            if error.is::<UsageError>() {
                USAGE.into()
            } else {
                FAILED.into()
            }
        }
    }
}

fn generate(args: &GenerateArgs) -> Result<bool> {
    let mut output = Output::create(&args.output)?;
    catalogue::generate(args.products, args.seed, &mut output)?;
    output.finish()?;
    Ok(true)
}
