//! Plugins that are locked to what they were.

use crate::program::{BUNDLED, Ended, Program};
use plugin_host::{Candidate, Digest};
use std::fs;

/// Whatever component, as plugin `shelf` of this version.
fn shelf(program: &Program, version: &str, component: &[u8]) {
    let manifest = format!("id = 'shelf'\nversion = '{version}'\ncapabilities.config = true");
    program.write("plugins/shelf/plugin.toml", manifest.as_bytes());
    program.write("plugins/shelf/shelf.wasm", component);
}

fn vandal() -> Vec<u8> {
    fs::read(test_guests::VANDAL).expect("the guest was built")
}

/// The same with other bytes: a custom section at its end.
fn vandal_rebuilt() -> Vec<u8> {
    [&vandal()[..], &[0, 2, 1, b'x']].concat()
}

/// A folder with `shelf` and the bundled `search`, locked.
fn locked() -> Program {
    let program = Program::new();
    let (name, component) = BUNDLED
        .iter()
        .find(|(name, _)| *name == "search")
        .expect("it is bundled");
    program.write(&format!("plugins/{name}.wasm"), component);
    shelf(&program, "1.2.0", &vandal());
    let ended = lock(&program, &[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    program
}

fn lock(program: &Program, ids: &[&str]) -> Ended {
    let options = ["lock", "--plugins", "plugins", "--policy", "policy.toml"];
    program.run(&[&options[..], ids].concat())
}

/// What `list` shows of `shelf`.
fn listed(program: &Program, more: &[&str]) -> (i32, serde_json::Value) {
    let options = [
        "list",
        "--json",
        "--plugins",
        "plugins",
        "--policy",
        "policy.toml",
    ];
    let ended = program.run(&[&options[..], more].concat());
    let list: serde_json::Value = serde_json::from_str(&ended.stdout).expect("it is JSON");
    let list = list.as_array().expect("it is a list");
    let shelf = list.iter().find(|one| one["plugin"] == "shelf");
    (ended.code, shelf.expect("it is listed").clone())
}

#[test]
fn what_is_locked_runs_and_another_release_is_refused_until_it_is_locked_by_name() {
    let program = locked();
    let run = [
        "--plugins",
        "plugins",
        "--policy",
        "policy.toml",
        "--locked",
    ];
    let ended = program.run(&run);
    assert_eq!(ended.code, 0, "{}", ended.stderr);

    shelf(&program, "1.2.0", &vandal_rebuilt());
    let (a, b) = (Digest::of(&vandal()), Digest::of(&vandal_rebuilt()));
    let reason = format!(
        "it is not the locked one: locked is version 1.2.0, {a}, found is version 1.2.0, {b}; it \
         has other bytes under the same version, so it was rebuilt or tampered with: find out \
         which, then lock it again, or put the locked one back"
    );
    let error = format!("error: plugin `shelf`: {reason}\n");
    // A lock that is there holds without `--locked`, too.
    for options in [&run[..], &run[..4]] {
        let ended = program.run(options);
        assert_eq!(ended.code, 3, "{}", ended.stderr);
        assert_eq!(ended.stderr, error);
        assert!(ended.stdout.contains("refused"), "{}", ended.stdout);
    }
    let (code, shelf) = listed(&program, &[]);
    assert_eq!(code, 3);
    assert_eq!(shelf["reasons"], serde_json::json!([reason]));
    assert_eq!(shelf["granted"], serde_json::json!([]));

    let before = program.read("policy.toml");
    let ended = lock(&program, &[]);
    assert_eq!((ended.code, ended.stderr), (3, error));
    assert_eq!(
        program.read("policy.toml"),
        before,
        "no lock is moved by the way"
    );

    let ended = lock(&program, &["shelf"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(ended.stdout, format!("shelf is locked to 1.2.0, {b}\n"));
    let (code, shelf) = listed(&program, &["--locked"]);
    assert_eq!((code, &shelf["reasons"]), (0, &serde_json::json!([])));
    // A policy says all that is granted beside `--config`.
    assert_eq!(shelf["granted"], serde_json::json!([]));
}

#[test]
fn what_is_not_locked_is_refused_where_locks_are_required() {
    let program = locked();
    program.write("policy.toml", b"");
    assert_eq!(listed(&program, &[]).0, 0);
    let (code, shelf) = listed(&program, &["--locked"]);
    assert_eq!(code, 3);
    assert_eq!(
        shelf["reasons"],
        serde_json::json!([
            "it is not locked, and this host loads locked plugins alone: look at it, then lock it \
             in the host's policy"
        ])
    );
    let ended = program.run(&["--locked"]);
    assert_eq!(ended.code, 2, "there is no policy to hold locks");
    assert!(ended.stderr.contains("--policy"), "{}", ended.stderr);
}

#[test]
fn locking_leaves_what_people_wrote_and_list_shows_what_is_granted() {
    let program = locked();
    let path = program.path("plugins/shelf/shelf.wasm");
    let component = Candidate::from_file(path, &plugin_host::Limits::default());
    let digest = *component.expect("it is a component").digest();
    let manifest = b"id = 'shelf'\nversion = '1.2.0'\n\
                     capabilities = { config = true, clock = 'real', environment = ['LANG'] }";
    program.write("plugins/shelf/plugin.toml", manifest);
    let written = format!(
        "# Ask Jane.\n[plugins.shelf] # since May\ndigest = '{digest}'\n\
         asked = {{ config = true, clock = 'real', environment = ['LANG'] }}\n\
         granted = {{ clock = 'real' }} # no more\n"
    );
    program.write("policy.toml", written.as_bytes());
    let ended = lock(&program, &["shelf"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(
        program.read("policy.toml"),
        written + "version = \"1.2.0\"\nlocked = true\n"
    );
    let (_, shelf) = listed(&program, &[]);
    assert_eq!(
        shelf["asks"],
        serde_json::json!([
            "the environment variable `LANG`",
            "the real clock",
            "settings"
        ])
    );
    assert_eq!(shelf["granted"], serde_json::json!(["the real clock"]));

    // To lock is not to consent to what another release is granted.
    program.write("plugins/shelf/shelf.wasm", &vandal_rebuilt());
    let before = program.read("policy.toml");
    let ended = lock(&program, &["shelf"]);
    assert_eq!(ended.code, 3);
    let words = "it changed since it was granted capabilities, from sha256:";
    assert!(ended.stderr.contains(words), "{}", ended.stderr);
    assert_eq!(program.read("policy.toml"), before);
}

#[test]
fn a_bad_plugin_is_one_line_and_the_others_are_locked() {
    let program = locked();
    program.write("plugins/text.wasm", b"this is a text file\n");
    program.write("policy.toml", b"");
    let ended = lock(&program, &[]);
    assert_eq!(ended.code, 3);
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("this is not a WebAssembly file"),
        "{}",
        ended.stderr
    );
    assert_eq!(
        program.read("policy.toml").matches("locked = true").count(),
        2
    );
}

#[test]
fn what_cannot_be_locked_is_one_error_and_nothing_is_written() {
    let program = locked();
    let half = "[plugins.shelf]\ndigest = 'sha256:00";
    program.write("half.toml", half.as_bytes());
    let run = |plugins: &str, policy: &str, ids: &[&str]| {
        let options = ["lock", "--plugins", plugins, "--policy", policy];
        let ended = program.run(&[&options[..], ids].concat());
        assert_eq!(ended.stdout, "");
        (ended.code, ended.stderr)
    };
    let (code, error) = run("plugins", "half.toml", &[]);
    assert_eq!(code, 1);
    assert!(
        error.starts_with("error: policy file `half.toml`: invalid TOML in line 2: "),
        "{error}"
    );
    assert_eq!(program.read("half.toml"), half);

    let unwritable = if cfg!(target_os = "linux") {
        "/sys/policy.toml"
    } else {
        "plugins/shelf/shelf.wasm/policy.toml"
    };
    for policy in ["no/such/folder/policy.toml", unwritable] {
        let (code, error) = run("plugins", policy, &[]);
        let start = format!("error: policy file `{policy}`: cannot ");
        assert_eq!(code, 1);
        assert!(error.starts_with(&start), "{error}");
    }
    let (code, error) = run("plugns", "new.toml", &[]);
    assert_eq!(code, 1);
    assert!(
        error.starts_with("error: plugin file `plugns`: cannot read it: "),
        "{error}"
    );
    let (code, error) = run("plugins", "new.toml", &["shelv"]);
    assert_eq!(code, 2);
    assert!(
        error.starts_with("error: there is no plugin `shelv` in the plugin folder"),
        "{error}"
    );
    assert!(!program.path("new.toml").exists());
    let ended = program.run(&["lock"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("--policy <FILE>"), "{}", ended.stderr);
}
