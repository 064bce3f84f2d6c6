//! What was granted, used from threads of all kinds, by plugins that wait.

use super::{act, folder, granted, refused, under, with};
use crate::rogue::limits;
use plugin_host::{Access, ErrorKind, Grants, Plugin};
use std::time::{Duration, Instant};

/// Reads a FIFO that nobody writes to, in whatever context this is called.
fn reading_a_fifo_ends_at_once() {
    let folder = folder();
    fifo(&folder.path().join("in/fifo"));
    std::os::unix::fs::symlink("fifo", folder.path().join("in/link")).expect("a link");
    let mut plugin = with(&folder, Access::ReadWrite);
    for what in [
        "read /data/fifo",
        "read /data/fifo/",
        "read /data/./fifo",
        "read /data/link",
        "write /data/fifo x",
        "append /data/fifo x",
        "truncate /data/fifo",
        "stamp /data/fifo",
        "stamp /data/link",
    ] {
        refused(&mut plugin, what);
    }
    assert_eq!(act(&mut plugin, "look /data/fifo"), "0 bytes");
}

fn fifo(path: &std::path::Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.expect("there is a mkfifo").success());
}

/// Files, a sleep, and what is printed, in whatever context this is called.
fn a_plugin_uses_what_it_was_granted() {
    reading_a_fifo_ends_at_once();
    let folder = folder();
    let mut plugin = with(&folder, Access::ReadWrite);
    assert_eq!(act(&mut plugin, "read /data/file"), "inside");
    assert_eq!(act(&mut plugin, "write /data/file new"), "done");
    assert_eq!(act(&mut plugin, "list /data"), "file sub");
    assert_eq!(act(&mut plugin, "look around"), "0 0 false false");
    assert_eq!(act(&mut plugin, "nap"), "done");

    let mut plugin = granted(Grants::none().inherit_stdio());
    assert_eq!(act(&mut plugin, "print"), "done");
    assert_eq!(Plugin::output(&plugin).stdout, "to stdout\n");
    let mut plugin = under(limits().deadline(Duration::from_millis(50)), Grants::none());
    let start = Instant::now();
    let error = plugin.act("sleep for an hour").expect_err("it is too long");
    println!("an hour's sleep under 50 ms: {:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(2));
    assert!(matches!(error.kind(), ErrorKind::Limit { .. }));
}

#[test]
fn grants_work_on_a_plain_thread() {
    a_plugin_uses_what_it_was_granted();
}

#[tokio::test(flavor = "current_thread")]
async fn grants_work_in_a_current_thread_runtime() {
    a_plugin_uses_what_it_was_granted();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn grants_work_in_a_multi_thread_runtime() {
    let task = tokio::spawn(async { a_plugin_uses_what_it_was_granted() });
    task.await.expect("nothing panics");
}

#[test]
fn many_reads_of_a_fifo_starve_no_other_plugin() {
    let folder = folder();
    fifo(&folder.path().join("in/fifo"));
    let mut attacker = with(&folder, Access::ReadOnly);
    assert_eq!(act(&mut attacker, "read-often /data/fifo 600"), "0");
    let mut other = with(&folder, Access::ReadOnly);
    assert_eq!(act(&mut other, "read-often /data/file 100"), "100");
}
