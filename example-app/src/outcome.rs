//! What became of each plugin: one row of the table.

use comfy_table::{CellAlignment, Table, presets};
use plugin_host::{PluginId, Usage};
use serde::Serialize;
use std::time::Duration;

/// One plugin's row.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) plugin: String,
    pub(crate) version: Option<String>,
    pub(crate) calls: u64,
    pub(crate) products_in: u64,
    pub(crate) products_out: u64,
    pub(crate) fuel: u64,
    pub(crate) time_ms: f64,
    pub(crate) peak_memory_bytes: u64,
    #[serde(flatten)]
    pub(crate) outcome: Outcome,
}

/// How a plugin fared.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub(crate) enum Outcome {
    Ok,
    /// It did not run at all.
    Refused {
        reason: String,
    },
    /// It would not accept some batches, which passed it unchanged.
    RejectedBatches {
        batches: u64,
        reason: String,
    },
    /// It failed on some batches, which passed it unchanged.
    Failed {
        batches: u64,
        rejected_batches: u64,
        /// It failed too often in a row, and was not called for the rest.
        given_up: bool,
        reason: String,
    },
}

impl Row {
    /// A row for something that did not become a running plugin.
    pub(crate) fn refused(name: String, version: Option<String>, reason: String) -> Self {
        Self {
            plugin: name,
            version,
            calls: 0,
            products_in: 0,
            products_out: 0,
            fuel: 0,
            time_ms: 0.0,
            peak_memory_bytes: 0,
            outcome: Outcome::Refused { reason },
        }
    }

    pub(crate) fn ran(
        id: &PluginId,
        version: Option<String>,
        usage: Usage,
        products: (u64, u64),
        outcome: Outcome,
    ) -> Self {
        Self {
            plugin: id.to_string(),
            version,
            calls: usage.calls,
            products_in: products.0,
            products_out: products.1,
            fuel: usage.fuel.unwrap_or(0),
            time_ms: usage.wall_time.unwrap_or(Duration::ZERO).as_secs_f64() * 1e3,
            peak_memory_bytes: usage.peak_memory,
            outcome,
        }
    }
}

/// The rows as a table for people.
pub(crate) fn table(rows: &[Row]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header([
        "plugin",
        "version",
        "calls",
        "products in",
        "products out",
        "fuel",
        "time",
        "peak memory",
        "outcome",
    ]);
    for row in rows {
        table.add_row([
            row.plugin.clone(),
            row.version.clone().unwrap_or_else(|| "-".into()),
            row.calls.to_string(),
            row.products_in.to_string(),
            row.products_out.to_string(),
            row.fuel.to_string(),
            format!("{:.1} ms", row.time_ms),
            format!("{:.1} MiB", row.peak_memory_bytes as f64 / (1 << 20) as f64),
            row.outcome.in_words(),
        ]);
    }
    for column in 2..=7 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

impl Outcome {
    fn in_words(&self) -> String {
        match self {
            Self::Ok => "ok".into(),
            Self::Refused { .. } => "refused".into(),
            Self::RejectedBatches { batches, .. } => {
                format!("rejected {batches} batches, passed unchanged")
            }
            Self::Failed {
                batches,
                rejected_batches,
                given_up,
                ..
            } => {
                let mut words = format!("failed on {batches} batches, passed unchanged");
                if *rejected_batches > 0 {
                    words += &format!("; rejected {rejected_batches}");
                }
                if *given_up {
                    words += "; given up";
                }
                words
            }
        }
    }
}
