//! Mistakes of whoever runs the program, and faults of the machine.

use crate::program::Program;

#[test]
fn mistakes_on_the_command_line_exit_with_2() {
    let program = Program::new();
    for (args, words) in [
        (&["--no-such-option"][..], "unexpected argument"),
        (&["--config", "pricing"], "write PLUGIN.KEY=VALUE"),
        (
            &["--config", "Pricing!.percent=1"],
            "plugin id \"Pricing!\"",
        ),
        (
            &["--config", "haggle.percent=1"],
            "there is no plugin `haggle`",
        ),
        (&["--order", "haggle"], "there is no plugin `haggle`"),
        (&["--batch", "0"], "invalid value '0'"),
        (
            &["--json", "--output", "-"],
            "both write to standard output",
        ),
    ] {
        let ended = program.run(args);
        assert_eq!(ended.code, 2, "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(words), "{args:?}: {}", ended.stderr);
    }
    assert!(!program.path("catalog-output.csv").exists());
}

#[test]
fn faults_of_the_program_exit_with_1_and_leave_no_output() {
    let program = Program::new();
    program.write("not-shopify.csv", b"name,price\ntea,3\n");
    program.write("not-utf8.csv", b"Handle,Title\ntea,\xff\n");
    program.write("cut-off.csv", b"Handle,Title\nmug,Mug\ntea,\"Te");
    program.write("plugins/empty.txt", b"");
    for (args, words) in [
        (
            &["--input", "missing.csv"][..],
            "cannot read the input `missing.csv`",
        ),
        (&["--input", "not-shopify.csv"], "Handle"),
        (&["--input", "not-utf8.csv"], "line 2"),
        (
            &["--input", "cut-off.csv", "--batch", "1"],
            "the quote that opens in line 3 never closes: \
             export the file again, or close the quote",
        ),
        (
            &["--output", "no/such/folder.csv"],
            "cannot write to the folder `no/such`",
        ),
        (
            &["--plugins", "plugins"],
            "there are no plugins in `plugins`",
        ),
        (
            &["--plugins", "plugins", "--plugins", "."],
            "there are no plugins in `plugins` or `.`: name another folder",
        ),
        (
            &["--plugins", "plugns"],
            "plugin file `plugns`: cannot read it: ",
        ),
    ] {
        let ended = program.run(args);
        assert_eq!(ended.code, 1, "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(words), "{args:?}: {}", ended.stderr);
    }
    let left: Vec<_> = std::fs::read_dir(program.path(""))
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").file_name())
        .filter(|name| name.to_string_lossy().contains("catalog"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn an_input_that_is_cut_off_leaves_the_output_of_the_last_run_as_it_is() {
    let program = Program::new();
    program.write("cut-off.csv", b"Handle,Title\nmug,Mug\ntea,\"Te\nbag,Bag\n");
    program.write("out.csv", b"the last run's");
    let args = [
        "--input",
        "cut-off.csv",
        "--output",
        "out.csv",
        "--batch",
        "1",
    ];
    let ended = program.run(&args);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_eq!(program.read("out.csv"), "the last run's");
    let files = std::fs::read_dir(program.path("")).expect("the folder is there");
    assert_eq!(files.count(), 2);
}

#[test]
fn help_and_list_need_no_input() {
    let program = Program::new();
    let ended = program.run(&["--help"]);
    assert_eq!(ended.code, 0);
    for option in [
        "--input",
        "--plugins",
        "--on-error",
        "generate",
        "Exit codes",
    ] {
        assert!(ended.stdout.contains(option), "no `{option}`");
    }
    let ended = program.run(&["list"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    // Each asks for settings and is granted them.
    for (words, count) in [(" fits ", 4), (" settings ", 8)] {
        let found = ended.stdout.matches(words).count();
        assert_eq!(found, count, "{words}: {}", ended.stdout);
    }
}

#[test]
fn a_policy_holds_for_the_plugin_that_it_was_written_for() {
    let program = Program::new();
    let ended = program.run(&["list", "--policy", "none.toml"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("none.toml"), "{}", ended.stderr);

    // A grant to a plugin of another digest.
    let policy = format!(
        "[plugins.pricing]\ndigest = 'sha256:{}'\nasked = {{ config = true }}\n\
         granted = {{ config = {{ percent = '-10' }} }}\n",
        "0".repeat(64)
    );
    program.write("policy.toml", policy.as_bytes());
    let ended = program.run(&["--policy", "policy.toml"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    let words = "changed since it was granted capabilities";
    let all = ended.stdout + &ended.stderr;
    assert!(all.contains(words), "{all}");
}

#[cfg(unix)]
#[test]
fn a_device_and_a_link_are_written_to_and_not_replaced() {
    let program = Program::new();
    program.write("real.csv", b"old");
    std::os::unix::fs::symlink("real.csv", program.path("link.csv")).expect("a link");
    let ended = program.run(&["--output", "link.csv"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(program.path("link.csv").is_symlink());
    assert!(program.read("real.csv").starts_with("Handle,"));
    let ended = program.run(&["--output", "/dev/null"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let ended = program.run(&["--output", "/dev/full"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("No space left"), "{}", ended.stderr);
}

#[test]
fn the_name_of_a_file_writes_nothing_else_to_the_terminal() {
    let program = Program::new();
    program.write("plugins/a\u{1b}[2J\nb.wasm", b"no plugin");
    let ended = program.run(&["list", "--plugins", "plugins"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert!(!ended.stdout.contains('\u{1b}'), "{}", ended.stdout);
    assert!(
        ended.stdout.contains("a\\u{1b}[2J\\nb.wasm"),
        "{}",
        ended.stdout
    );
}
