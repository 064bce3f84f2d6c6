//! Shows the plugins in a folder and whether each fits. Runs and compiles none.

use crate::args::{ListArgs, PluginArgs};
use crate::bindings::{CatalogPlugin, Shop};
use crate::found::{host, look, name_of, with_settings};
use anyhow::Result;
use comfy_table::{Table, presets};
use plugin_host::{Capabilities, Loader};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Clone, Serialize)]
struct Listed {
    plugin: String,
    version: Option<String>,
    digest: Option<String>,
    /// What it asks to be granted.
    asks: Vec<String>,
    /// What it would be granted by a run.
    granted: Vec<String>,
    /// What speaks against it; empty where it fits and is not locked out.
    reasons: Vec<String>,
}

/// Lists, and says whether every plugin fits.
pub(crate) fn list(args: &ListArgs) -> Result<bool> {
    let host = host(&args.plugins)?;
    // Judged in place of loaded, in the order in which they would run.
    let judged = host.load_all(look(&host, &args.plugins.plugins)?, |loader| {
        Ok(judge(loader, &args.plugins))
    });
    let bad = judged.refused().iter().map(|error| Listed {
        plugin: name_of(error),
        version: None,
        digest: None,
        asks: Vec::new(),
        granted: Vec::new(),
        reasons: vec![error.kind().to_string()],
    });
    let fitting = judged.iter().map(|(_, listed)| listed.clone());
    let listed: Vec<Listed> = fitting.chain(bad).collect();
    let mut stdout = io::stdout().lock();
    if args.json {
        writeln!(stdout, "{}", serde_json::to_string_pretty(&listed)?)?;
    } else {
        writeln!(stdout, "{}", table(&listed))?;
    }
    Ok(listed.iter().all(|listed| listed.reasons.is_empty()))
}

fn judge(loader: Loader, args: &PluginArgs) -> Listed {
    let candidate = loader.candidate().clone();
    let loader = with_settings(loader, args, None);
    let reasons = loader.reasons::<CatalogPlugin<Shop>>();
    let mut reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    let granted = loader.granted().unwrap_or_else(|refused| {
        reasons.insert(0, refused.kind().to_string());
        Capabilities::none()
    });
    let texts = |capabilities: &Capabilities| capabilities.iter().map(|c| c.to_string()).collect();
    Listed {
        plugin: candidate.id().to_string(),
        version: candidate.version().map(ToString::to_string),
        digest: Some(candidate.digest().to_string()),
        asks: texts(candidate.asked()),
        granted: texts(&granted),
        reasons,
    }
}

fn table(listed: &[Listed]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header([
        "plugin", "version", "digest", "asks for", "granted", "verdict",
    ]);
    for row in listed {
        let verdict = match row.reasons.as_slice() {
            [] => "fits".to_owned(),
            reasons => reasons.join("\n"),
        };
        // The start of a digest tells plugins apart; `--json` has all of it.
        let digest = row.digest.as_deref().unwrap_or("-");
        let digest = digest.get(..19).unwrap_or(digest);
        table.add_row([
            &row.plugin,
            row.version.as_deref().unwrap_or("-"),
            digest,
            &row.asks.join("\n"),
            &row.granted.join("\n"),
            &verdict,
        ]);
    }
    table
}
