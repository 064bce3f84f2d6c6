//! The default run, on the bundled sample.

use crate::program::{Program, rows};
use std::collections::BTreeMap;

const SAMPLE: &str = include_str!("../../sample/products.csv");

/// A product's first row, by its handle.
fn first_rows(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut first = BTreeMap::new();
    for row in rows(text) {
        if !row["Handle"].is_empty() {
            first.entry(row["Handle"].clone()).or_insert(row);
        }
    }
    first
}

#[test]
fn the_default_run_changes_refuses_and_drops_what_it_is_configured_to() {
    let program = Program::new();
    let ended = program.run(&[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    // Nobody looks at a line of progress.
    assert!(!ended.stderr.contains("compiling"), "{}", ended.stderr);
    let (before, after) = (
        first_rows(SAMPLE),
        first_rows(&program.read("catalog-output.csv")),
    );

    // Pinned one by one, so that a change of the sample or of a plugin shows.
    let changed = "grandmas-wool-sofa-2";
    assert_eq!(before[changed]["Variant Price"], "1248");
    assert_eq!(after[changed]["Variant Price"], "1122.99");
    // Its compare-at price lies below its price, which `validate` refuses.
    let refused = "grandmas-copper-mug-18";
    assert!(before.contains_key(refused) && !after.contains_key(refused));
    // It costs more than `search` asks for.
    let dropped = "nordic-stoneware-sofa-1";
    assert!(before.contains_key(dropped) && !after.contains_key(dropped));

    // Out of stock, so that `pricing` asks the shop and leaves the price.
    let sold_out = "wild-oak-sofa-15";
    assert_eq!(before[sold_out]["Variant Price"], "1362");
    assert_eq!(after[sold_out]["Variant Price"], "1362");
    // And `sanitize` makes text of descriptions.
    assert_eq!(
        before[changed]["Body (HTML)"],
        "<p>Wipe clean with a damp cloth.</p>"
    );
    assert_eq!(
        after[changed]["Body (HTML)"],
        "Wipe clean with a damp cloth."
    );

    for part in ["sanitize", "validate", "pricing", "search", "406 rows in"] {
        assert!(
            ended.stdout.contains(part),
            "no `{part}` in:\n{}",
            ended.stdout
        );
    }
}

#[test]
fn every_row_of_the_input_is_accounted_for() {
    let program = Program::new();
    let ended = program.run(&["--output", "out.csv"]);
    let last = ended.stdout.lines().last().expect("there is a last line");
    let numbers: Vec<usize> = last
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    let [rows_in, removed, written] = numbers[..] else {
        panic!("{last}");
    };
    assert_eq!(rows_in, rows(SAMPLE).len());
    assert_eq!(rows_in, removed + written);
    assert_eq!(written, rows(&program.read("out.csv")).len());
}

#[test]
fn without_settings_a_plugin_changes_nothing_and_drops_nothing() {
    let program = Program::new();
    program.write("in.csv", SAMPLE.as_bytes());
    let ended = program.run(&["--input", "in.csv", "--output", "out.csv"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(program.read("out.csv"), SAMPLE);
}

#[test]
fn input_comes_from_stdin_and_output_goes_to_stdout_where_asked() {
    let program = Program::new();
    let ended = program.run_with_input(&["--input", "-", "--output", "-"], SAMPLE.as_bytes());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(ended.stdout, SAMPLE);
    assert!(
        ended.stderr.contains("sanitize"),
        "the table goes to stderr"
    );
}

#[test]
fn the_table_is_json_where_asked() {
    let program = Program::new();
    let ended = program.run(&["--json"]);
    let table: serde_json::Value = serde_json::from_str(&ended.stdout).expect("it is JSON");
    let plugins: Vec<_> = (0..4)
        .map(|i| table[i]["plugin"].as_str().expect("an id"))
        .collect();
    assert_eq!(plugins, ["sanitize", "validate", "pricing", "search"]);
    let search = &table[3];
    assert_eq!(search["outcome"], "ok");
    assert!(search["products_in"].as_u64() > search["products_out"].as_u64());
    assert!(search["fuel"].as_u64() > Some(1000));
    assert!(search["time_ms"].as_f64() > Some(0.0));
    assert!(search["peak_memory_bytes"].as_u64() > Some(65_536));
}

#[test]
fn plugins_run_in_the_order_that_is_asked_for() {
    let program = Program::new();
    let ended = program.run(&["--json", "--order", "search,pricing"]);
    let table: serde_json::Value = serde_json::from_str(&ended.stdout).expect("it is JSON");
    let plugins: Vec<_> = (0..4)
        .map(|i| table[i]["plugin"].as_str().expect("an id"))
        .collect();
    assert_eq!(plugins, ["search", "pricing", "sanitize", "validate"]);
}

#[test]
fn a_generated_catalogue_of_any_size_runs_through() {
    let program = Program::new();
    let ended = program.run(&["generate", "--products", "1000", "--output", "in.csv"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let ended = program.run(&[
        "--input",
        "in.csv",
        "--output",
        "out.csv",
        "--config",
        "pricing.percent=-20",
        "--config",
        "sanitize.format=safe-html",
        "--json",
    ]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let table: serde_json::Value = serde_json::from_str(&ended.stdout).expect("it is JSON");
    assert_eq!(table[0]["products_in"], 1000);
    assert_eq!(table[0]["calls"], 10);
    assert_eq!(
        rows(&program.read("in.csv")).len(),
        rows(&program.read("out.csv")).len()
    );
}
