//! `wit-check`: tells whether a WIT package's version step covers its changes.

use clap::Parser;
use plugin_host_wit_check::{Report, Wit, WitError, compare};
use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const BAD_INPUT: u8 = 2;

/// Lists what changed between two releases of a WIT package, and says whether
/// the version step covers it for plugins that are built.
///
/// Each of OLD and NEW is a folder of .wit files, with what they use in its
/// folder `deps`, or a single file.
///
/// Exit codes: 0, the version step covers the changes; 1, it does not; 2, the
/// command line or the WIT is wrong.
#[derive(Debug, Parser)]
#[command(name = "wit-check", version)]
struct Cli {
    /// The WIT of the last release
    old: PathBuf,
    /// The WIT of today
    new: PathBuf,
    /// The package to compare, such as `acme:shop` [default: that of the folder or file]
    #[arg(long, value_name = "NAME")]
    package: Option<String>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match check(&cli) {
        Ok(report) => report.exit_code().into(),
        Err(error) => {
            eprintln!("error: {error}");
            BAD_INPUT.into()
        }
    }
}

fn check(cli: &Cli) -> Result<Report, Box<dyn Error>> {
    let read = |path: &Path| -> Result<Wit, WitError> {
        let wit = Wit::from_path(path)?;
        match &cli.package {
            Some(name) => wit.select(name),
            None => Ok(wit),
        }
    };
    let (old, new) = (read(&cli.old)?, read(&cli.new)?);
    if old.package() != new.package() {
        let text = format!(
            "`{}` holds `{}` and `{}` holds `{}`: give two releases of one package",
            cli.old.display(),
            old.package(),
            cli.new.display(),
            new.package()
        );
        return Err(text.into());
    }
    let report = compare(&old, &new);
    let text = if cli.json {
        serde_json::to_string_pretty(&report)?
    } else {
        report.to_string()
    };
    // `println!` would panic where the reader went away.
    writeln!(io::stdout(), "{text}")?;
    Ok(report)
}
