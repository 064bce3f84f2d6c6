//! One plugin's place in the chain: hands it batches and keeps account of them.

use crate::bindings::transform::{Rejection, TransformError};
use crate::bindings::types::Product;
use crate::bindings::{CatalogPlugin, Shop};
use crate::catalogue::Batch;
use crate::outcome::{Outcome, Row};
use plugin_host::{Level, Plugin};

/// A plugin that fails this often in a row is not called again: each failure may
/// cost a whole deadline.
pub(crate) const PATIENCE: u64 = 3;

/// How many of a plugin's warnings are shown.
const REMARKS: usize = 5;

/// A running plugin in the chain.
pub(crate) struct Stage {
    plugin: Plugin<CatalogPlugin<Shop>>,
    products_in: u64,
    products_out: u64,
    rejected: Unchanged,
    failed: Unchanged,
    failed_in_a_row: u64,
    rank_failed_in_a_row: u64,
    /// Values that it set and that the file has no column for.
    unwritable: u64,
}

/// Batches that passed a plugin unchanged, and the first reason why.
#[derive(Default)]
struct Unchanged {
    batches: u64,
    reason: Option<String>,
}

/// Why a batch was not changed.
#[derive(Debug)]
pub(crate) struct Problem {
    /// One line that names the plugin, the fault and the remedy.
    pub(crate) line: String,
    /// Whether it is the first of its kind from this plugin.
    pub(crate) is_news: bool,
    /// Whether the plugin is not called again.
    pub(crate) gives_up: bool,
}

impl Stage {
    pub(crate) fn new(plugin: Plugin<CatalogPlugin<Shop>>) -> Self {
        Self {
            plugin,
            products_in: 0,
            products_out: 0,
            rejected: Unchanged::default(),
            failed: Unchanged::default(),
            failed_in_a_row: 0,
            rank_failed_in_a_row: 0,
            unwritable: 0,
        }
    }

    /// Lets the plugin work on one batch, which stays as it is where that fails.
    pub(crate) fn apply(&mut self, batch: &mut Batch) -> Result<(), Problem> {
        let products = batch.products();
        let count = products.len() as u64;
        self.products_in += count;
        self.products_out += count;
        if self.is_given_up() {
            self.failed.batches += 1;
            return Ok(());
        }
        let id = Plugin::id(&self.plugin).clone();
        let line = match self.plugin.transform().apply(&products) {
            Ok(Ok(returned)) => {
                let returned_count = returned.len() as u64;
                match batch.apply(returned) {
                    Ok(changes) => {
                        self.products_out += returned_count;
                        self.products_out -= count;
                        self.unwritable += changes.unwritable;
                        self.failed_in_a_row = 0;
                        return Ok(());
                    }
                    Err(fault) => format!(
                        "plugin `{id}`: `transform.apply` {fault}; report this to its author"
                    ),
                }
            }
            Ok(Err(answer)) => {
                self.failed_in_a_row = 0;
                let line = format!("plugin `{id}`: {}", in_words(&answer));
                return Err(self.rejected.add(line));
            }
            Err(error) => error.to_string(),
        };
        self.failed_in_a_row += 1;
        let failed_in_a_row = self.failed_in_a_row;
        Err(self.fail(line, failed_in_a_row))
    }

    /// The plugin's scores of the products, one for each, where it ranks any.
    pub(crate) fn rank(&mut self, products: &[Product]) -> Result<Option<Vec<i64>>, Problem> {
        if self.is_given_up() {
            return Ok(None);
        }
        let id = Plugin::id(&self.plugin).clone();
        let Some(mut ranking) = self.plugin.ranking() else {
            return Ok(None);
        };
        let line = match ranking.rank(products) {
            Ok(Ok(scores)) if scores.len() == products.len() => {
                self.rank_failed_in_a_row = 0;
                return Ok(Some(scores));
            }
            Ok(Ok(scores)) => format!(
                "plugin `{id}`: `ranking.rank` gave {} scores for {} products; report this to its \
                 author",
                scores.len(),
                products.len()
            ),
            Ok(Err(answer)) => {
                let line = format!("plugin `{id}`: it does not rank: {}", safe(&answer));
                return Err(self.rejected.add(line));
            }
            Err(error) => error.to_string(),
        };
        self.rank_failed_in_a_row += 1;
        let failed_in_a_row = self.rank_failed_in_a_row;
        Err(self.fail(line, failed_in_a_row))
    }

    /// Whether the plugin ranks products.
    pub(crate) fn ranks(&mut self) -> bool {
        self.plugin.ranking().is_some()
    }

    fn is_given_up(&self) -> bool {
        self.failed_in_a_row.max(self.rank_failed_in_a_row) >= PATIENCE
    }

    fn fail(&mut self, line: String, in_a_row: u64) -> Problem {
        let mut problem = self.failed.add(line);
        problem.gives_up = in_a_row == PATIENCE;
        problem
    }

    pub(crate) fn name(&self) -> String {
        Plugin::id(&self.plugin).to_string()
    }

    /// What its user should know besides the table: warnings that it logged last,
    /// and values that were lost.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let name = self.name();
        let output = Plugin::output(&self.plugin);
        let warnings = output
            .log
            .iter()
            .rev()
            .filter(|record| record.level <= Level::Warn);
        let warnings: Vec<String> = warnings.map(|w| format!("plugin `{name}`: {w}")).collect();
        let more = warnings.len().saturating_sub(REMARKS) as u64 + output.dropped_records;
        let mut remarks: Vec<String> = warnings.into_iter().take(REMARKS).rev().collect();
        if more > 0 {
            remarks.insert(0, format!("plugin `{name}`: {more} earlier log records"));
        }
        if self.unwritable > 0 {
            remarks.push(format!(
                "plugin `{name}`: {} values were lost, since the file has no column for them",
                self.unwritable
            ));
        }
        remarks
    }

    /// The plugin's row in the table.
    pub(crate) fn row(&self) -> Row {
        let (rejected, failed) = (self.rejected.batches, self.failed.batches);
        let outcome = match (&self.failed.reason, &self.rejected.reason) {
            (Some(reason), _) => Outcome::Failed {
                batches: failed,
                rejected_batches: rejected,
                given_up: self.is_given_up(),
                reason: reason.clone(),
            },
            (None, Some(reason)) => Outcome::RejectedBatches {
                batches: rejected,
                reason: reason.clone(),
            },
            (None, None) => Outcome::Ok,
        };
        Row::ran(
            Plugin::id(&self.plugin),
            Plugin::version(&self.plugin).map(ToString::to_string),
            Plugin::total_usage(&self.plugin),
            (self.products_in, self.products_out),
            outcome,
        )
    }
}

impl Unchanged {
    fn add(&mut self, line: String) -> Problem {
        self.batches += 1;
        let is_news = self.reason.is_none();
        if is_news {
            self.reason = Some(line.clone());
        }
        Problem {
            line,
            is_news,
            gives_up: false,
        }
    }
}

/// What a plugin answered in place of products.
fn in_words(error: &TransformError) -> String {
    match error {
        TransformError::Config(text) => format!(
            "its configuration cannot be used: {}; mend its `--config`",
            safe(text)
        ),
        TransformError::Rejected(Rejection { handle, reason, .. }) => format!(
            "rejected the batch for product `{}`: {}; mend the product, or the plugin's `--config`",
            safe(handle),
            safe(reason)
        ),
    }
}

/// A plugin's own text: escaped, and cut to what fits a line.
fn safe(text: &str) -> String {
    text.chars()
        .take(300)
        .flat_map(char::escape_debug)
        .collect()
}
