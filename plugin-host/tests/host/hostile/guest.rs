//! Attacks by a guest in Rust, as any author would write them.

use super::{Attacker, attacks, limits};
use crate::rogue::{RogueRogue, Shop, candidate};
use plugin_host::{Access, Error, Grants, Host, Limits, MIB};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Limits that a guest with a standard library can live with.
fn roomy() -> Limits {
    limits()
        .memory(4 * MIB)
        .start_deadline(Duration::from_secs(20))
}

/// The guest does this, granted nothing.
fn does(what: &'static str) -> impl Fn(&Host) -> Result<Attacker, Error> {
    under(roomy(), what)
}

fn under(limits: Limits, what: &'static str) -> impl Fn(&Host) -> Result<Attacker, Error> {
    move |host| {
        let loader = host.plugin(&candidate()).limits(limits.clone());
        let mut plugin = loader.load_with::<RogueRogue<Shop>>(Shop::open)?;
        Ok(Box::new(move || plugin.act(what)))
    }
}

/// Limits that leave time, so that something else is used up.
fn patient() -> Limits {
    roomy().deadline(Duration::from_secs(60))
}

/// The guest does this where `/data` is a folder of the host's, in which it may
/// write, and beside which there is the file `secret`.
fn with_files(what: &'static str) -> impl Fn(&Host) -> Result<Attacker, Error> {
    let folder = Arc::new(TempDir::new().expect("a temporary folder"));
    let inside = folder.path().join("in");
    std::fs::create_dir(&inside).expect("a folder");
    std::fs::write(inside.join("file"), "inside").expect("a file");
    std::fs::write(folder.path().join("secret"), "outside").expect("a file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink("../secret", inside.join("up")).expect("a link");
        symlink("/", inside.join("root")).expect("a link");
    }
    move |host| {
        let grants = Grants::none()
            .grant_directory("/data", folder.path().join("in"), Access::ReadWrite)
            .expect("the path is one");
        let mut plugin = host
            .plugin(&candidate())
            .limits(patient())
            .grants(grants)
            .load_with::<RogueRogue<Shop>>(Shop::open)?;
        let folder = Arc::clone(&folder);
        Ok(Box::new(move || {
            let answer = plugin.act(what);
            let secret = folder.path().join("secret");
            let secret = std::fs::read_to_string(secret).expect("it is there");
            assert_eq!(secret, "outside", "it was not written");
            let beside = std::fs::read_dir(folder.path()).expect("it is there");
            assert_eq!(beside.count(), 2, "nothing was made beside it");
            answer
        }))
    }
}

const REFUSED: &str = "fine: error: ";

attacks! {
    spins_in_rust: does("spin") => "limit: Deadline in act";
    calls_the_host_for_ever: under(patient(), "call the host for ever")
        => "limit: HostCalls in act";
    asks_the_time_for_ever: under(patient(), "ask the time for ever") => "limit: HostCalls in act";
    recurses: under(patient(), "recurse") => "trap: StackOverflow";
    hogs_memory: under(patient(), "hog memory") => "limit: Memory in act";
    sleeps_for_an_hour: does("sleep for an hour") => "limit: Deadline in act";
    polls_on_nothing: under(patient(), "poll on nothing") => "trap: empty poll list";
    panics: under(patient(), "panic") => "panic: deliberate: 42";
    panics_with_a_megabyte: under(patient(), "panic at length") => "limit: Value in act";
    exits: under(patient(), "exit") => "exit";
    aborts: under(patient(), "abort") => "trap: Abort";
    floods_stdout_and_log: under(patient().host_calls(1_000_000), "flood") => "fine: done";
    returns_a_huge_string: under(patient(), "return a megabyte") => "limit: Value in act";
    logs_a_megabyte: under(patient(), "log a megabyte") => "limit: Value in act";
    drives_the_terminal_from_the_log: under(patient(), "log escapes") => "fine: done";
    asks_for_gigabytes_of_random: under(patient(), "ask for gigabytes of random")
        => "limit: Value in act";
    leaks_handles_of_wasi: under(patient(), "leak pollables") => "limit: Handles in act";
    probes_the_environment: under(patient(), "environment") => "fine: ";
    probes_the_clock: under(patient(), "clock") => "fine: 0";
    times_itself: under(patient(), "time a nap") => "fine: 0";
    looks_around: under(patient(), "look around") => "fine: 0 0 false false";
    resolves_a_name: under(patient(), "resolve") => REFUSED;

    climbs_out_of_a_directory: with_files("read /data/../secret") => REFUSED;
    writes_out_of_a_directory: with_files("write /data/../secret x") => REFUSED;
    names_an_absolute_path: with_files("read /etc/passwd") => REFUSED;
    reads_proc: with_files("read /proc/self/environ") => REFUSED;
    reads_a_device: with_files("read /dev/zero") => REFUSED;
    follows_a_link_out: with_files("read /data/up") => REFUSED;
    follows_a_link_out_with_a_slash: with_files("read /data/up/") => REFUSED;
    // Where there is no link, it writes a file of its own.
    #[cfg(unix)]
    writes_through_a_link: with_files("write /data/up x") => REFUSED;
    follows_a_link_to_the_root: with_files("read /data/root/etc/passwd") => REFUSED;
    makes_a_link_out: with_files("link ../secret /data/link") => REFUSED;
    makes_an_absolute_link: with_files("link /etc/passwd /data/link") => REFUSED;
    makes_a_hard_link_out: with_files("hard-link /data/file /data/../file") => REFUSED;
    renames_out_of_a_directory: with_files("rename /data/file /data/../file") => REFUSED;
    opens_a_thousand_files: with_files("open /data/file 1000") => "fine: 12";
}

#[test]
fn what_drives_a_terminal_is_escaped_wherever_it_is_printed() {
    let mut plugin = crate::rogue::rogue(crate::rogue::limits());
    plugin.act("log escapes").expect("logging is fine");
    let error = plugin.act("panic with escapes").expect_err("it panics");
    let report = error.report().expect("there is a report").to_string();
    for text in [error.to_string(), report, format!("{error:?}")] {
        let harmless = |c: char| !c.is_control() || c == '\n' || c == '\t';
        assert!(text.chars().all(harmless), "{text:?}");
        assert!(text.contains("\\u{1b}[2J"), "{text}");
    }
}
