//! Output sorted by what plugins score.

use crate::program::{BUNDLED, Program, rows};
use std::fs;

const INPUT: &str = "\
Handle,Title,Tags,Variant Price
lamp,Lamp,,1
shelf,Shelf,oak,2
table,Oak table,,3
chair,Oak chair,,4
";

/// The handles in the order in which they were written.
fn order(program: &Program, options: &[&str], code: i32) -> (Vec<String>, String) {
    program.write("in.csv", INPUT.as_bytes());
    let options = [&["--input", "in.csv", "--output", "out.csv"], options].concat();
    let ended = program.run(&options);
    assert_eq!(ended.code, code, "{}", ended.stderr);
    let rows = rows(&program.read("out.csv"));
    let handles = rows.iter().map(|row| row["Handle"].clone());
    (handles.collect(), ended.stderr)
}

#[test]
fn products_are_sorted_by_what_plugins_score_when_asked() {
    let program = Program::new();
    let query = ["--config", "search.query=-tag:none oak"];
    let (plain, _) = order(&program, &query, 0);
    assert_eq!(plain, ["shelf", "table", "chair"]);
    // In batches of two, so that the best comes from the last one.
    let (ranked, told) = order(
        &program,
        &[&query[..], &["--rank", "--batch", "2"]].concat(),
        0,
    );
    assert_eq!(ranked, ["table", "chair", "shelf"]);
    assert_eq!(told, "");
}

/// A folder with one bundled plugin, and the vandal twice.
fn folder(program: &Program, bundled: &str) {
    let (name, component) = BUNDLED
        .iter()
        .find(|(name, _)| *name == bundled)
        .expect("it is bundled");
    program.write(&format!("one/{name}.wasm"), component);
    let vandal = fs::read(test_guests::VANDAL).expect("the guest was built");
    for id in ["first", "second"] {
        let manifest = format!("id = '{id}'\nversion = '1.0.0'\ncapabilities.config = true");
        program.write(&format!("two/{id}/plugin.toml"), manifest.as_bytes());
        program.write(&format!("two/{id}/vandal.wasm"), &vandal);
    }
}

#[test]
fn without_a_plugin_that_ranks_the_order_stays_and_that_is_said() {
    let program = Program::new();
    folder(&program, "pricing");
    let (ranked, told) = order(&program, &["--plugins", "one", "--rank"], 0);
    assert_eq!(ranked, ["lamp", "shelf", "table", "chair"]);
    assert_eq!(
        told,
        "note: no plugin ranks products, and their order stays as it is\n"
    );
}

#[test]
fn scores_are_added_up_and_bad_ones_count_for_nothing() {
    let program = Program::new();
    folder(&program, "search");
    let options = "--plugins one --plugins two --rank --config search.query=-tag:none \
                   --config first.do=misrank --config second.do=not-rank";
    let mut options: Vec<&str> = options.split_whitespace().collect();
    options[6] = "search.query=-tag:none oak";
    let (ranked, told) = order(&program, &options, 3);
    assert_eq!(ranked, ["table", "chair", "shelf"]);
    assert_eq!(
        told,
        "error: plugin `first`: `ranking.rank` gave 4 scores for 3 products; report this to its \
         author\n\
         error: plugin `second`: it does not rank: all are\\u{7} equal\n"
    );

    // More than a sum holds.
    let options = "--plugins one --plugins two --rank --config first.do=overrank \
                   --config second.do=overrank";
    let options: Vec<&str> = options.split_whitespace().collect();
    let (ranked, _) = order(&program, &options, 0);
    assert_eq!(ranked, ["lamp", "shelf", "table", "chair"]);
}

#[test]
fn a_plugin_that_fails_to_rank_three_times_in_a_row_is_not_called_again() {
    let program = Program::new();
    folder(&program, "pricing");
    let options = "--plugins two --rank --batch 1 --config first.do=misrank";
    let options: Vec<&str> = options.split_whitespace().collect();
    let (ranked, told) = order(&program, &options, 3);
    assert_eq!(ranked, ["lamp", "shelf", "table", "chair"]);
    let given_up = "note: plugin `first`: it failed 3 times in a row and is not called again\n";
    assert!(told.ends_with(given_up), "{told}");
}
