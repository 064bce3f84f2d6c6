//! A toolchain without the guests' target: scripts stand in for rustc, rustup and
//! Cargo, since the machine's own toolchain has it.
#![cfg(unix)]

mod folder;

use folder::Folder;
use plugin_sdk_build::Guests;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Tells this program that it is the build script.
const BUILD_SCRIPT: &str = "IS_A_BUILD_SCRIPT";

/// What a build script wrote, and which commands it ran.
struct Ran {
    stdout: String,
    commands: String,
}

fn script(folder: &Path, name: &str, body: &str) {
    let path = folder.join(name);
    let log = "echo \"${0##*/} $*\" >> \"${0%/*}/commands\"";
    fs::write(&path, format!("#!/bin/sh\n{log}\n{body}\n")).expect("there is room");
    fs::set_permissions(path, PermissionsExt::from_mode(0o700)).expect("it is ours");
}

/// Runs the test `name` once more, as a build script whose toolchain has no target;
/// `rustup` is what rustup does, if there is one.
fn build(name: &str, rustup: Option<&str>) -> Ran {
    let temporary = Folder::new();
    let folder = temporary.0.as_path();
    script(folder, "rustc", "echo \"${0%/*}/library\"");
    script(folder, "cargo", "exit 1");
    let mut command = Command::new(env::current_exe().expect("it runs"));
    command.args(["--exact", name, "--nocapture"]);
    command.env_remove("RUSTUP_TOOLCHAIN");
    if let Some(body) = rustup {
        script(folder, "rustup", body);
        command.env("RUSTUP_TOOLCHAIN", "1.95.0-here");
    }
    let path = env::join_paths([folder, Path::new("/usr/bin"), Path::new("/bin")]);
    let output = command
        .env(BUILD_SCRIPT, "1")
        .env("PATH", path.expect("no colon in it"))
        .env("RUSTC", folder.join("rustc"))
        .env("CARGO", folder.join("cargo"))
        .env("OUT_DIR", folder.join("out"))
        .env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("it starts");
    Ran {
        stdout: String::from_utf8(output.stdout).expect("it is text"),
        commands: fs::read_to_string(folder.join("commands")).expect("it ran commands"),
    }
}

/// Whether this is the process that [`build`] started; it has then built.
fn was_the_build_script() -> bool {
    let is = env::var_os(BUILD_SCRIPT).is_some();
    if is {
        // The test's own name may stand on the line.
        println!();
        let built = Guests::new().folder("../../example-plugins/search").build();
        println!("\n{:?}", built.expect_err("cargo is a script that fails"));
    }
    is
}

const LOOKS: &str = "rustc --print target-libdir --target wasm32-wasip2\n";
const ADDS: &str = "rustup target add wasm32-wasip2 --toolchain 1.95.0-here\n";

#[test]
fn rustup_adds_the_target_before_anything_is_built() {
    if was_the_build_script() {
        return;
    }
    let name = "rustup_adds_the_target_before_anything_is_built";
    let ran = build(name, Some("mkdir \"${0%/*}/library\""));
    let begin = format!("{LOOKS}{LOOKS}{ADDS}{LOOKS}cargo locate-project --workspace ");
    assert!(ran.commands.starts_with(&begin), "{}", ran.commands);
    let said =
        "\ncargo::warning=added the target wasm32-wasip2 to the Rust toolchain 1.95.0-here\n";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
}

#[test]
fn a_target_that_rustup_cannot_add_is_told_with_the_reason_and_nothing_is_built() {
    if was_the_build_script() {
        return;
    }
    let name = "a_target_that_rustup_cannot_add_is_told_with_the_reason_and_nothing_is_built";
    let ran = build(name, Some("echo 'error: no network' >&2; exit 1"));
    assert_eq!(ran.commands, format!("{LOOKS}{LOOKS}{ADDS}"));
    let line = "run `rustup target add wasm32-wasip2 --toolchain 1.95.0-here` where it can \
                download: the toolchain lacks the target, and adding it failed:";
    let said = format!("\ncargo::error={line}\n\n{line}\nerror: no network\n");
    assert!(ran.stdout.contains(&said), "{}", ran.stdout);
}

#[test]
fn without_rustup_the_first_line_says_what_to_do_and_nothing_is_built() {
    if was_the_build_script() {
        return;
    }
    let name = "without_rustup_the_first_line_says_what_to_do_and_nothing_is_built";
    let ran = build(name, None);
    assert_eq!(ran.commands, format!("{LOOKS}{LOOKS}"));
    let said = "\ncargo::error=install the target wasm32-wasip2 for this Rust toolchain, which \
                lacks it: with rustup by `rustup target add wasm32-wasip2`, ";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
}
