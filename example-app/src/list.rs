//! Shows the plugins in a folder and whether each fits. Runs and compiles none.

use crate::args::ListArgs;
use crate::bindings::{CatalogPlugin, Shop};
use crate::chain::{host, place};
use crate::outcome::file_name;
use anyhow::Result;
use comfy_table::{Table, presets};
use serde::Serialize;

#[derive(Serialize)]
struct Listed {
    plugin: String,
    version: Option<String>,
    digest: Option<String>,
    file: String,
    /// What speaks against it; empty where it fits.
    reasons: Vec<String>,
}

/// Lists, and says whether every plugin fits.
pub(crate) fn list(args: &ListArgs) -> Result<bool> {
    let host = host(&args.plugins)?;
    let (mut candidates, mut listed) = (Vec::new(), Vec::new());
    for candidate in host.discover(args.plugins.folder()) {
        match candidate {
            Ok(candidate) => candidates.push(candidate),
            Err(error) => listed.push(Listed {
                plugin: error
                    .plugin_id()
                    .map_or_else(|| "-".into(), ToString::to_string),
                version: None,
                digest: None,
                file: file_name(error.path()),
                reasons: vec![error.kind().to_string()],
            }),
        }
    }
    candidates.sort_by_key(|candidate| place(candidate, &[]));
    let fitting = candidates.iter().map(|candidate| Listed {
        plugin: candidate.id().to_string(),
        version: candidate.version().map(ToString::to_string),
        digest: Some(candidate.digest().to_string()),
        file: file_name(candidate.path()),
        reasons: host
            .plugin(candidate)
            .reasons::<CatalogPlugin<Shop>>()
            .iter()
            .map(ToString::to_string)
            .collect(),
    });
    let listed: Vec<Listed> = fitting.chain(listed).collect();
    if args.json {
        println!("{}", serde_json::to_string_pretty(&listed)?);
    } else {
        println!("{}", table(&listed));
    }
    Ok(listed.iter().all(|listed| listed.reasons.is_empty()))
}

fn table(listed: &[Listed]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_header(["plugin", "version", "file", "digest", "verdict"]);
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
            &row.file,
            digest,
            &verdict,
        ]);
    }
    table
}
