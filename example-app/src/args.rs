//! The command line. Parses, and refuses what cannot be meant.

use clap::{Args, Parser, Subcommand, ValueEnum};
use plugin_host::{Limits, MIB, PluginId};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// Runs a product catalogue, the CSV file that Shopify exports, through plugins.
///
/// Without options it runs a bundled sample through the bundled plugins, and
/// writes `catalog-output.csv`.
///
/// Exit codes: 0, all is well; 1, this program failed; 2, the command line is
/// wrong; 3, the output is written, but a plugin was refused or failed.
#[derive(Debug, Parser)]
#[command(name = "catalog", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the plugins in a folder, and whether each fits, without running them
    List(ListArgs),
    /// Lock plugins in a policy file to what they are now
    Lock(LockArgs),
    /// Write a made-up catalogue of any size
    Generate(GenerateArgs),
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The CSV file to read; `-` for standard input [default: the bundled sample]
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// The CSV file to write; `-` for standard output
    #[arg(long, value_name = "FILE", default_value = "catalog-output.csv")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) plugins: PluginArgs,
    /// A setting for one plugin; may be repeated
    #[arg(long, value_name = "PLUGIN.KEY=VALUE")]
    pub(crate) config: Vec<Setting>,
    /// Plugins to run first, in this order [default: by priority, then by id]
    #[arg(long, value_name = "PLUGIN,..", value_delimiter = ',')]
    pub(crate) order: Vec<PluginId>,
    /// Put the products first that plugins rank highest; holds all in memory
    #[arg(long)]
    pub(crate) rank: bool,
    /// What to do with a batch that a plugin fails on or rejects
    #[arg(long, value_enum, default_value_t = OnError::Skip)]
    pub(crate) on_error: OnError,
    /// Products handed to a plugin in one call
    #[arg(long, value_name = "PRODUCTS", default_value = "100")]
    pub(crate) batch: NonZeroUsize,
    /// Print the table as JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) plugins: PluginArgs,
    /// Print the list as JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LockArgs {
    /// Plugins to lock anew, whatever they were locked to [default: all those
    /// that are not locked yet]
    #[arg(value_name = "PLUGIN")]
    pub(crate) ids: Vec<PluginId>,
    /// A folder with plugins; may be repeated [default: the bundled plugins]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) plugins: Vec<PathBuf>,
    /// The policy to keep the locks in; made where it is not there
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct PluginArgs {
    /// A folder with plugins; may be repeated, and of several plugins of one id
    /// the highest version is used [default: the bundled plugins]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) plugins: Vec<PathBuf>,
    /// What plugins are granted of what they ask for, beside `--config` [default:
    /// settings alone]
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Refuse plugins that the policy does not lock
    #[arg(long, requires = "policy")]
    pub(crate) locked: bool,
    /// Instructions that a plugin may execute in one call
    #[arg(long, value_name = "INSTRUCTIONS", default_value_t = 1_000_000_000)]
    pub(crate) fuel: u64,
    /// Memory that a plugin may hold, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 64)]
    pub(crate) memory_mib: u32,
    /// How long one call may take, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 2_000)]
    pub(crate) deadline_ms: u32,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// How many products
    #[arg(long, default_value_t = 100_000)]
    pub(crate) products: u64,
    /// Another seed gives another catalogue
    #[arg(long, default_value_t = 2024)]
    pub(crate) seed: u64,
    /// The file to write; `-` for standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub(crate) output: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnError {
    /// The batch passes that plugin unchanged; one that fails three times in a
    /// row is not called again
    Skip,
    /// The run ends, and no file is written
    Stop,
}

/// One setting for one plugin.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub(crate) plugin: PluginId,
    pub(crate) key: String,
    pub(crate) value: String,
}

/// A command line that is well formed and cannot be meant.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UsageError {
    #[error("there is no plugin `{0}` in the plugin folder: `catalog list` shows what there is")]
    NoSuchPlugin(PluginId),
    #[error("`--json` and `--output -` both write to standard output: name a file")]
    TwoToStdout,
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = "write PLUGIN.KEY=VALUE, such as `pricing.percent=-10`";
        let (name, value) = text.split_once('=').ok_or(form)?;
        // An id may have dots in it, and a key has none.
        let (plugin, key) = name.rsplit_once('.').ok_or(form)?;
        if key.is_empty() {
            return Err(form.to_owned());
        }
        Ok(Self {
            plugin: plugin.parse().map_err(|error| format!("{error}"))?,
            key: key.to_owned(),
            value: value.to_owned(),
        })
    }
}

impl PluginArgs {
    pub(crate) fn limits(&self) -> Limits {
        Limits::default()
            .fuel(self.fuel)
            .memory(u64::from(self.memory_mib) * MIB)
            .deadline(Duration::from_millis(self.deadline_ms.into()))
    }
}
