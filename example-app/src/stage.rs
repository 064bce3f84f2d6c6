//! One plugin's place in the chain: hands it batches and keeps account of them.

use crate::bindings::CatalogPlugin;
use crate::bindings::Shop;
use crate::bindings::transform::{Rejection, TransformError};
use crate::catalogue::Batch;
use crate::outcome::{Outcome, Row};
use plugin_host::Plugin;

/// A plugin that fails this often in a row is not called again: each failure may
/// cost a whole deadline.
const PATIENCE: u64 = 3;

/// A running plugin in the chain.
pub(crate) struct Stage {
    plugin: Plugin<CatalogPlugin<Shop>>,
    products_in: u64,
    products_out: u64,
    /// Batches that passed unchanged, and the first reason why.
    failed: u64,
    rejected: u64,
    reason: Option<String>,
    failed_in_a_row: u64,
}

/// Why a batch was not changed.
#[derive(Debug)]
pub(crate) struct Problem {
    /// One line that names the plugin, the fault and the remedy.
    pub(crate) line: String,
    /// Whether the line was not said before.
    pub(crate) is_news: bool,
}

impl Stage {
    pub(crate) fn new(plugin: Plugin<CatalogPlugin<Shop>>) -> Self {
        Self {
            plugin,
            products_in: 0,
            products_out: 0,
            failed: 0,
            rejected: 0,
            reason: None,
            failed_in_a_row: 0,
        }
    }

    /// Lets the plugin work on one batch, which stays as it is where that fails.
    pub(crate) fn apply(&mut self, batch: &mut Batch) -> Result<(), Problem> {
        let products = batch.products();
        let count = products.len() as u64;
        self.products_in += count;
        if self.failed_in_a_row >= PATIENCE {
            self.failed += 1;
            self.products_out += count;
            return Ok(());
        }
        let id = Plugin::id(&self.plugin).clone();
        let problem = match self.plugin.transform().apply(&products) {
            Ok(Ok(returned)) => {
                let returned_count = returned.len() as u64;
                match batch.apply(returned) {
                    Ok(_) => {
                        self.products_out += returned_count;
                        self.failed_in_a_row = 0;
                        return Ok(());
                    }
                    Err(fault) => {
                        self.failed += 1;
                        format!(
                            "plugin `{id}`: `transform.apply` {fault}; report this to its author"
                        )
                    }
                }
            }
            Ok(Err(error)) => {
                self.rejected += 1;
                self.failed_in_a_row = 0;
                format!("plugin `{id}`: {}", in_words(&error))
            }
            Err(error) => {
                self.failed += 1;
                self.failed_in_a_row += 1;
                error.to_string()
            }
        };
        self.products_out += count;
        let is_news = self.reason.is_none();
        if is_news {
            self.reason = Some(problem.clone());
        }
        Err(Problem {
            line: problem,
            is_news,
        })
    }

    /// The plugin's row in the table.
    pub(crate) fn row(&self) -> Row {
        let reason = self.reason.clone().unwrap_or_default();
        let outcome = if self.failed > 0 {
            Outcome::Failed {
                batches: self.failed,
                reason,
            }
        } else if self.rejected > 0 {
            Outcome::RejectedBatches {
                batches: self.rejected,
                reason,
            }
        } else {
            Outcome::Ok
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

/// What a plugin answered in place of products, escaped: it is the plugin's text.
fn in_words(error: &TransformError) -> String {
    match error {
        TransformError::Config(text) => {
            format!(
                "its configuration cannot be used: {}; mend its `--config`",
                text.escape_debug()
            )
        }
        TransformError::Rejected(Rejection { handle, reason, .. }) => format!(
            "rejected the batch for product `{}`: {}; mend the product, or the plugin's `--config`",
            handle.escape_debug(),
            reason.escape_debug()
        ),
    }
}
