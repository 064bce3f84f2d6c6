//! What of WASI reaches a plugin: nothing without a grant, and with a grant just
//! that.

use crate::rogue::{Rogue, RogueRogue, Shop, limits, loader};
use plugin_host::{
    Access, Blame, ErrorKind, Grants, Lifetime, LimitKind, Limits, Plugin, Prepared,
};
use std::fs;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The guest with these grants.
fn granted(grants: Grants) -> Rogue {
    under(limits(), grants)
}

fn under(limits: Limits, grants: Grants) -> Rogue {
    let loader = loader(limits).grants(grants);
    loader.load(Shop::open).expect("the guest fits")
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
            .prepare(Shop::open)
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
        .load::<RogueRogue<Shop>>(Shop::open)
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

#[test]
fn a_directory_for_reading_is_read_and_not_written() {
    let folder = folder();
    let mut plugin = with(&folder, Access::ReadOnly);
    assert_eq!(act(&mut plugin, "read /data/file"), "inside");
    assert_eq!(act(&mut plugin, "list /data"), "file sub");
    assert_eq!(act(&mut plugin, "look /data/file"), "6 bytes");
    for what in [
        "write /data/file x",
        "write /data/new x",
        "append /data/file x",
        "truncate /data/file",
        "shorten /data/file",
        "touch /data/file",
        "stamp /data/file",
        "make /data/new",
        "remove /data/file",
        "remove-folder /data/sub",
        "rename /data/file /data/new",
        "hard-link /data/file /data/new",
        "link file /data/new",
    ] {
        refused(&mut plugin, what);
    }
    assert_eq!(act(&mut plugin, "list /data"), "file sub");
    assert_eq!(act(&mut plugin, "read /data/file"), "inside");
}

#[test]
fn a_directory_for_writing_is_written() {
    let folder = folder();
    let mut plugin = with(&folder, Access::ReadWrite);
    for what in [
        "write /data/new one",
        "append /data/new two",
        "hard-link /data/new /data/sub/same",
        "rename /data/new /data/sub/moved",
        "make /data/folder",
        "remove-folder /data/folder",
        "link sub/moved /data/link",
        "remove /data/file",
        "touch /data/sub/same",
        "stamp /data/link",
        "stamp /data/sub",
    ] {
        assert_eq!(act(&mut plugin, what), "done", "{what}");
    }
    assert_eq!(act(&mut plugin, "read /data/link"), "onetwo");
    assert_eq!(act(&mut plugin, "read-link /data/link"), "sub/moved");
    let inside = |name| fs::read_to_string(folder.path().join("in").join(name));
    assert_eq!(inside("sub/moved").expect("it is there"), "onetwo");
    assert_eq!(inside("sub/same").expect("it is there"), "onetwo");
}

#[test]
fn a_directory_that_is_not_there_fails_the_start() {
    let folder = folder();
    let missing = folder.path().join("missing");
    let granted = Grants::none().grant_directory("/data", &missing, Access::ReadOnly);
    let error = loader(limits())
        .grants(granted.expect("the path is one"))
        .load::<RogueRogue<Shop>>(Shop::open)
        .expect_err("there is nothing to open");
    assert_eq!(error.blame(), Blame::Environment);
    assert_eq!(
        error.to_string(),
        format!(
            "plugin `test.rogue`: cannot open the directory `{}` that it was granted as \
             `/data`: No such file or directory (os error 2)",
            missing.display()
        )
    );
}

#[test]
fn granted_numbers_of_files_are_open_at_once() {
    let folder = folder();
    let mut plugin = with(&folder, Access::ReadOnly);
    let open: usize = act(&mut plugin, "open /data/file 1000")
        .parse()
        .expect("a number");
    assert!((100..=128).contains(&open), "{open}");
    assert_eq!(act(&mut plugin, "read-often /data/file 1000"), "1000");
}

#[cfg(unix)]
#[test]
fn no_path_leads_out_of_a_directory() {
    use std::os::unix::fs::symlink;

    let folder = folder();
    let inside = folder.path().join("in");
    let secret = folder.path().join("secret");
    let link = |target: &std::path::Path, name: &str| {
        symlink(target, inside.join(name)).expect("a link");
    };
    link(&secret, "absolute");
    link("../secret".as_ref(), "up");
    link("sub/../../secret".as_ref(), "winding");
    link("..".as_ref(), "parent");
    link("up".as_ref(), "chained");
    link("/".as_ref(), "root");
    link("/proc/self/root".as_ref(), "proc");

    for access in [Access::ReadOnly, Access::ReadWrite] {
        let mut plugin = with(&folder, access);
        for path in [
            "/data/../secret",
            "/data/sub/../../secret",
            "/data/./../in/../secret",
            "/data//../secret",
            "/data/file/../../secret",
            "../secret",
            "/secret",
            "/data/absolute",
            "/data/absolute/",
            "/data/up",
            "/data/up/",
            "/data/up/.",
            "/data/winding",
            "/data/chained",
            "/data/parent/secret",
            "/data/parent/in/../secret",
            "/data/root/etc/passwd",
            "/data/proc/etc/passwd",
            "/proc/self/environ",
            "/dev/zero",
            "/etc/passwd",
            "/data/proc/self/environ",
        ] {
            for verb in [
                "read",
                "look",
                "list",
                "append-x",
                "truncate",
                "remove-folder",
            ] {
                let what = match verb {
                    "append-x" => format!("append {path} x"),
                    _ => format!("{verb} {path}"),
                };
                refused(&mut plugin, &what);
            }
            refused(&mut plugin, &format!("write {path} x"));
            // A link itself may get another name, which leads nowhere either.
            act(&mut plugin, &format!("hard-link {path} /data/out"));
            refused(&mut plugin, "read /data/out");
            let _ = fs::remove_file(inside.join("out"));
            refused(&mut plugin, &format!("rename /data/file {path}/x"));
        }
        for path in [
            "/data/..",
            "/data/../",
            "/data/parent",
            "/data/parent/",
            "/data/root/",
        ] {
            refused(&mut plugin, &format!("list {path}"));
            refused(&mut plugin, &format!("make {path}/made"));
            refused(&mut plugin, &format!("write {path}/made x"));
        }
        // Out by a new name.
        refused(&mut plugin, "rename /data/file /data/../file");
        refused(&mut plugin, "rename /data/file /data/parent/file");
        refused(&mut plugin, "hard-link /data/file /data/../file");
        refused(&mut plugin, "hard-link /data/file /data/parent/file");
    }
    let names = fs::read_dir(folder.path()).expect("it is there").count();
    assert_eq!(names, 2, "only `in` and `secret`");
    assert_eq!(fs::read_to_string(secret).expect("it is there"), "outside");
}

#[cfg(unix)]
#[test]
fn a_guest_makes_no_link_that_leads_out() {
    let folder = folder();
    let mut plugin = with(&folder, Access::ReadWrite);
    for target in [
        "../secret",
        "..",
        "/etc/passwd",
        "sub/../../secret",
        "sub/..",
    ] {
        refused(&mut plugin, &format!("link {target} /data/link"));
    }
    assert_eq!(act(&mut plugin, "link sub /data/link"), "done");
    assert_eq!(act(&mut plugin, "rename /data/link /data/sub/link"), "done");
    refused(&mut plugin, "read /data/sub/link/file");
}

#[test]
fn what_is_only_read_is_not_reached_through_another_directory() {
    let folder = folder();
    fs::create_dir(folder.path().join("out")).expect("a folder");
    let mut plugin = granted(
        Grants::none()
            .grant_directory("/in", folder.path().join("in"), Access::ReadOnly)
            .and_then(|grants| {
                grants.grant_directory("/out", folder.path().join("out"), Access::ReadWrite)
            })
            .expect("the paths are some"),
    );
    for what in [
        "rename /in/file /out/file",
        "hard-link /in/file /out/file",
        "write /out/../in/file x",
        "link ../in/file /out/file",
        "link /in/file /out/file",
    ] {
        refused(&mut plugin, what);
    }
    assert_eq!(act(&mut plugin, "write /out/file mine"), "done");
    refused(&mut plugin, "rename /out/file /in/file");
    refused(&mut plugin, "hard-link /out/file /in/other");
    assert_eq!(act(&mut plugin, "read /in/file"), "inside");
}

/// Reads a FIFO that nobody writes to, in whatever context this is called.
#[cfg(unix)]
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

#[cfg(unix)]
fn fifo(path: &std::path::Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.expect("there is a mkfifo").success());
}

/// Files, a sleep, and what is printed, in whatever context this is called.
#[cfg(unix)]
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

#[cfg(unix)]
#[test]
fn grants_work_on_a_plain_thread() {
    a_plugin_uses_what_it_was_granted();
}

#[cfg(unix)]
#[tokio::test(flavor = "current_thread")]
async fn grants_work_in_a_current_thread_runtime() {
    a_plugin_uses_what_it_was_granted();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn grants_work_in_a_multi_thread_runtime() {
    let task = tokio::spawn(async { a_plugin_uses_what_it_was_granted() });
    task.await.expect("nothing panics");
}

#[cfg(unix)]
#[test]
fn many_reads_of_a_fifo_starve_no_other_plugin() {
    let folder = folder();
    fifo(&folder.path().join("in/fifo"));
    let mut attacker = with(&folder, Access::ReadOnly);
    assert_eq!(act(&mut attacker, "read-often /data/fifo 600"), "0");
    let mut other = with(&folder, Access::ReadOnly);
    assert_eq!(act(&mut other, "read-often /data/file 100"), "100");
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
