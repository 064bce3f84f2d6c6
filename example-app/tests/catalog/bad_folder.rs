//! A plugin folder in which good plugins stand among every kind of bad one.

use crate::program::{BUNDLED, Program};
use std::fs;

/// The vandal under an id of its own, as a plugin folder.
fn vandal(program: &Program, id: &str, more: &str) {
    let asked = "capabilities.config = true";
    let manifest = format!("id = '{id}'\nversion = '1.0.0'\n{asked}\n{more}");
    program.write(&format!("plugins/{id}/plugin.toml"), manifest.as_bytes());
    let component = fs::read(test_guests::VANDAL).expect("the guest was built");
    program.write(&format!("plugins/{id}/vandal.wasm"), &component);
}

/// A folder with the bundled plugins, and options that make them work.
fn good() -> (Program, Vec<String>) {
    let program = Program::new();
    for (name, component) in BUNDLED {
        program.write(&format!("plugins/{name}.wasm"), component);
    }
    let generated = program.run(&["generate", "--products", "250", "--output", "in.csv"]);
    assert_eq!(generated.code, 0);
    let options = "--input in.csv --plugins plugins --config pricing.percent=-10 \
                   --config sanitize.format=text --config validate.require=title \
                   --config validate.on-defect=drop --config search.query=price:5.. \
                   --deadline-ms 1000 --fuel 100000000000";
    (
        program,
        options.split_whitespace().map(str::to_owned).collect(),
    )
}

fn run(program: &Program, options: &[String], more: &[&str]) -> crate::program::Ended {
    let args: Vec<&str> = options
        .iter()
        .map(String::as_str)
        .chain(more.iter().copied())
        .collect();
    program.run(&args)
}

#[test]
fn each_bad_plugin_gets_one_line_and_the_good_ones_work_as_if_alone() {
    let (program, options) = good();
    let alone = run(&program, &options, &["--output", "alone.csv"]);
    assert_eq!(alone.code, 0, "{}", alone.stderr);

    let rogue = fs::read(test_guests::ROGUE).expect("the guest was built");
    program.write("plugins/truncated.wasm", &rogue[..rogue.len() / 2]);
    program.write(
        "plugins/core.wasm",
        &wat::parse_str("(module)").expect("it is a module"),
    );
    program.write("plugins/text.wasm", b"this is a text file\n");
    program.write("plugins/other-world.wasm", &rogue);
    vandal(&program, "too-new", "[host]\ncatalog = '>=9'");
    // Settings for a plugin that turns out to be bad stop nobody else.
    let mut settings: Vec<String> = [
        "--config",
        "truncated.key=value",
        "--config",
        "too-new.do=spin",
    ]
    .map(str::to_owned)
    .into();
    for (id, deed) in [
        ("loop", "spin"),
        ("sleeper", "sleep"),
        ("hog", "hog"),
        ("panic", "panic"),
        ("stack", "overflow"),
        ("twice", "duplicate"),
        ("inventor", "invent"),
    ] {
        vandal(&program, id, "");
        settings.extend(["--config".to_owned(), format!("{id}.do={deed}")]);
    }
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    let ended = run(
        &program,
        &options,
        &[&settings[..], &["--output", "among.csv"]].concat(),
    );
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert!(
        program.read("among.csv") == program.read("alone.csv"),
        "byte for byte"
    );

    let expected = [
        (
            "`plugins/core.wasm`: this is a core WebAssembly module, and a plugin is a component",
            "build it for wasm32-wasip2",
        ),
        (
            "`plugins/text.wasm`: this is not a WebAssembly file",
            "put the built component in its place",
        ),
        (
            "`plugins/truncated.wasm`: the component is damaged, copy or build it again: ",
            ")",
        ),
        (
            "`test.rogue`: it imports `test:rogue/shop@0.1.0`, which this application does not provide",
            "use a plugin made for this application",
        ),
        (
            "`too-new`: it requires catalog >=9, and this is catalog 0.1.0",
            "upgrade the application",
        ),
        (
            "`loop`: `transform.apply` ran past its deadline of 1s",
            "report this to its author, or allow more time",
        ),
        (
            "`sleeper`: `transform.apply` ran past its deadline of 1s",
            "report this to its author, or allow more time",
        ),
        (
            "`hog`: `transform.apply` asked for ",
            "report this to its author, or allow more memory",
        ),
        (
            "`panic`: `transform.apply` panicked at ",
            "vandalism in \\u{1b}[31mred; report this to its author",
        ),
        (
            "`stack`: `transform.apply` overflowed its stack",
            "report this to its author",
        ),
        (
            "`twice`: `transform.apply` handed back row ",
            "report this to its author",
        ),
        (
            "`inventor`: `transform.apply` handed back row ",
            "report this to its author",
        ),
    ];
    let lines: Vec<&str> = ended.stderr.lines().collect();
    for (start, end) in expected {
        let matching: Vec<_> = lines.iter().filter(|line| line.contains(start)).collect();
        let [line] = matching[..] else {
            panic!(
                "{} lines with `{start}` in:\n{}",
                matching.len(),
                ended.stderr
            );
        };
        assert!(
            line.starts_with("error: plugin ") && line.ends_with(end),
            "{line}"
        );
    }
    let errors = lines.iter().filter(|line| line.starts_with("error: "));
    assert_eq!(errors.count(), expected.len(), "{}", ended.stderr);
    let given_up = "failed 3 times in a row and is not called again";
    assert_eq!(
        ended.stderr.matches(given_up).count(),
        7,
        "{}",
        ended.stderr
    );
    for part in ["refused", "failed on 3 batches, passed unchanged; given up"] {
        assert!(
            ended.stdout.contains(part),
            "no `{part}` in:\n{}",
            ended.stdout
        );
    }
}

#[test]
fn a_batch_that_a_plugin_rejects_passes_unchanged_and_the_table_says_so() {
    let (program, options) = good();
    vandal(&program, "critic", "priority = 90");
    let more = ["--config", "critic.do=reject", "--output", "out.csv"];
    let ended = run(&program, &options, &more);
    assert_eq!(ended.code, 3);
    let line = ended.stderr.lines().next().expect("there is a line");
    assert!(
        line.starts_with("error: plugin `critic`: rejected the batch for product `"),
        "{line}"
    );
    let end = "it is not to my taste; mend the product, or the plugin's `--config`";
    assert!(line.ends_with(end), "{line}");
    assert!(
        ended.stdout.contains("rejected 3 batches"),
        "{}",
        ended.stdout
    );
}

#[test]
fn the_first_failure_stops_the_run_where_asked() {
    let (program, options) = good();
    vandal(&program, "panic", "");
    let more = [
        "--config",
        "panic.do=panic",
        "--on-error",
        "stop",
        "--output",
        "out.csv",
    ];
    let ended = run(&program, &options, &more);
    assert_eq!(ended.code, 1);
    assert!(
        ended.stderr.contains("nothing was written"),
        "{}",
        ended.stderr
    );
    assert!(!program.path("out.csv").exists());
}

#[test]
fn list_shows_verdicts_and_runs_nothing() {
    let (program, _) = good();
    vandal(&program, "too-new", "[host]\ncatalog = '>=9'");
    program.write("plugins/text.wasm", b"this is a text file\n");
    let ended = program.run(&["list", "--plugins", "plugins", "--json"]);
    assert_eq!(ended.code, 3);
    let list: serde_json::Value = serde_json::from_str(&ended.stdout).expect("it is JSON");
    let list = list.as_array().expect("it is a list");
    assert_eq!(list.len(), 6);
    let reasons = |plugin: &str| {
        let found = list.iter().find(|item| item["plugin"] == plugin);
        found.expect("it is listed")["reasons"].to_string()
    };
    assert_eq!(reasons("pricing"), "[]");
    assert!(reasons("too-new").contains("upgrade the application"));
    assert!(reasons("text.wasm").contains("this is not a WebAssembly file"));
}
