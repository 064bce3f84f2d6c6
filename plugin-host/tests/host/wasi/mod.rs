//! What of WASI reaches a plugin: nothing without a grant, and with a grant just
//! that.

mod directories;
#[cfg(unix)]
mod runtimes;

use crate::rogue::{Rogue, RogueRogue, Shop, limits, loader};
use plugin_host::{Access, ErrorKind, Grants, Lifetime, LimitKind, Limits, Prepared};
use std::fs;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The guest with these grants.
fn granted(grants: Grants) -> Rogue {
    under(limits(), grants)
}

fn under(limits: Limits, grants: Grants) -> Rogue {
    let loader = loader(limits).grants(grants);
    loader.load_with(Shop::open).expect("the guest fits")
}

/// A folder with the file `in/file`, the folder `in/sub` and a secret outside.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path();
    fs::create_dir_all(path.join("in/sub")).expect("a folder");
    fs::write(path.join("in/file"), "inside").expect("a file");
    fs::write(path.join("secret"), "outside").expect("a file");
    folder
}

/// The guest with that folder's `in` at `/data`.
fn with(folder: &TempDir, access: Access) -> Rogue {
    granted(directory(folder, access))
}

fn directory(folder: &TempDir, access: Access) -> Grants {
    let granted = Grants::none().grant_directory("/data", folder.path().join("in"), access);
    granted.expect("the path is one")
}

fn act(plugin: &mut Rogue, what: &str) -> String {
    plugin
        .act(what)
        .unwrap_or_else(|error| panic!("`{what}`: {error:?}"))
}

/// Does what must come to nothing.
fn refused(plugin: &mut Rogue, what: &str) {
    let answer = act(plugin, what);
    assert!(answer.starts_with("error: "), "`{what}`: {answer}");
}

#[test]
fn nothing_is_there_without_a_grant() {
    let mut plugin = granted(Grants::none());
    assert_eq!(act(&mut plugin, "environment"), "");
    assert_eq!(act(&mut plugin, "look around"), "0 0 false false");
    assert_eq!(act(&mut plugin, "read stdin"), "");
    assert_eq!(act(&mut plugin, "clock"), "0");
    assert_eq!(act(&mut plugin, "time a nap"), "0");
    refused(&mut plugin, "resolve");
    for what in [
        "read /etc/passwd",
        "list /",
        "list .",
        "write /tmp/x y",
        "make x",
    ] {
        refused(&mut plugin, what);
    }
}

#[test]
fn granted_variables_are_seen_and_no_others() {
    let mut plugin = granted(
        Grants::none()
            .grant_environment("TEA", "green")
            .and_then(|grants| grants.grant_environment("CUPS", "2"))
            .expect("the names are names"),
    );
    assert_eq!(act(&mut plugin, "environment"), "CUPS=2 TEA=green");
}

#[test]
fn a_granted_clock_tells_the_time() {
    let mut plugin = granted(Grants::none().grant_real_clock());
    let now: u64 = act(&mut plugin, "clock").parse().expect("seconds");
    assert!(now > 1_700_000_000, "{now}");
    let nap: u64 = act(&mut plugin, "time a nap").parse().expect("ms");
    assert!((20..10_000).contains(&nap), "{nap}");
}

#[test]
fn random_numbers_are_the_same_in_every_run_and_others_in_every_instance() {
    let numbers = || {
        let prepared: Prepared<RogueRogue<Shop>> = loader(limits())
            .prepare_with(Shop::open)
            .expect("the guest fits");
        [(); 3].map(|()| {
            let mut plugin = prepared.start().expect("it starts");
            plugin.act("hash").expect("the call succeeds")
        })
    };
    let [first, second, third] = numbers();
    assert!(first != second && second != third && first != third);
    assert_eq!(numbers(), [first.clone(), second.clone(), third]);

    let mut plugin = loader(limits())
        .lifetime(Lifetime::OneCall)
        .load_with::<RogueRogue<Shop>>(Shop::open)
        .expect("the guest fits");
    assert_eq!(act(&mut plugin, "hash"), first);
    assert_eq!(act(&mut plugin, "hash"), second);
}

#[test]
fn asking_the_time_counts_as_a_host_call() {
    let mut plugin = under(limits().host_calls(1000), Grants::none());
    let error = plugin.act("ask the time for ever").expect_err("too often");
    let ErrorKind::Limit { limit, allowed, .. } = error.kind() else {
        panic!("{error:?}");
    };
    assert_eq!((*limit, *allowed), (LimitKind::HostCalls, 1000));
}

/// Run by the test below in a process of its own, whose stdout nobody reads.
#[test]
fn fills_stdout() {
    let Ok(answer) = std::env::var("ANSWER_OF_FILLS_STDOUT") else {
        return;
    };
    let limits = limits().deadline(Duration::from_millis(200));
    let mut flooded = under(limits.clone(), Grants::none().inherit_stdio());
    let mut calm = under(limits, Grants::none());
    let start = Instant::now();
    let error = flooded.act("flood").expect_err("nobody reads");
    let flood = start.elapsed();
    let count = calm.act("count");
    fs::write(answer, format!("{error}\n{count:?}\n{}", flood.as_millis())).expect("a file");
    std::process::exit(0);
}

#[test]
fn stdout_that_nobody_reads_ends_a_call_at_its_deadline() {
    let folder = folder();
    let answer = folder.path().join("answer");
    let mut child = std::process::Command::new(std::env::current_exe().expect("a path"))
        .args(["--exact", "wasi::fills_stdout", "--nocapture"])
        .env("ANSWER_OF_FILLS_STDOUT", &answer)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    assert!(child.wait().expect("it ends").success());
    let answer = fs::read_to_string(answer).expect("it answers");
    let lines: Vec<&str> = answer.lines().collect();
    assert!(
        lines[0].contains("ran past its deadline of 200ms"),
        "{answer}"
    );
    assert_eq!(lines[1], "Ok(\"1\")");
    assert!(lines[2].parse::<u64>().expect("ms") < 2000, "{answer}");
}
