//! Writers that are killed at any moment. The usual run kills a few; that of all
//! is `PLUGIN_HOST_CACHE_KILLS=1000 cargo test -p plugin-host --test host kills`.

use super::child::{child, is_answer, written};
use super::{ask, cache, component, files, host, only_file, watched};
use plugin_host::Candidate;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::time::Duration;

/// The longest that a writer lives after it began to write, in microseconds:
/// about what writing takes.
const LIFE: u64 = 6_000;

#[test]
fn writers_killed_at_any_moment_leave_nothing_that_is_wrong() {
    let kills: u32 = match std::env::var("PLUGIN_HOST_CACHE_KILLS") {
        Ok(kills) => kills.parse().expect("a number"),
        Err(_) => 30,
    };
    let (_parent, cache) = cache();
    // Of an entry that takes some milliseconds to write.
    let bytes = component(7, 1_000_000);
    fs::write(written(&cache), &bytes).expect("there is room");
    let plugin = Candidate::from_bytes("number", bytes).expect("it is a component");
    // How often which files were left.
    let mut left: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..kills {
        let mut child = child("write", &cache).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        assert!(lines.any(|line| is_answer(&line.expect("it is text"))));
        let life = getrandom::u64().expect("there are random numbers") % LIFE;
        std::thread::sleep(Duration::from_micros(life));
        child.kill().expect("it runs");
        child.wait().expect("it ends");

        let found = files(&cache);
        for file in &found {
            let unfinished = file.extension().is_some();
            let empty = file.metadata().expect("it is there").len() == 0;
            let kind = match (unfinished, empty) {
                (true, true) => "unfinished and empty",
                (true, false) => "unfinished",
                (false, _) => "entry",
            };
            *left.entry(kind).or_default() += 1;
        }
        // Whatever there is, it loads right; and what was left is swept.
        let host = host(&cache);
        assert!(files(&cache).iter().all(|file| file.extension().is_none()));
        let (answer, told) = watched(|| ask(&host, &plugin));
        assert_eq!(answer, 7);
        // An entry that has its name is whole.
        let anew = told
            .iter()
            .find(|message| message.contains("compiled anew"));
        assert_eq!(anew, None);
        only_file(&cache);
        assert!(cache.problem().is_none());
    }
    println!("{kills} kills left {left:?}");
    let count = |kind| left.get(kind).copied().unwrap_or_default();
    let unfinished = count("unfinished") + count("unfinished and empty");
    assert!(unfinished >= kills / 5, "{left:?}");
}
