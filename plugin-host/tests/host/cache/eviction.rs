//! Which entries go when there are too many, and what does not depend on clocks.

use super::{COMPILED, READ, ask, ask_watched, cache, candidate, files, host, only_file, usage};
use plugin_host::{Cache, Candidate};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const HOUR: Duration = Duration::from_secs(3600);

fn set_used(file: &Path, time: SystemTime) {
    let file = File::open(file).expect("it is ours");
    file.set_modified(time).expect("it is ours");
}

/// Loads plugins one after the other; the files of their entries.
fn fill(cache: &Cache, plugins: &[Candidate]) -> Vec<PathBuf> {
    let host = host(cache);
    let mut before = files(cache);
    let file_of = |plugin| {
        ask(&host, plugin);
        let mut new = files(cache);
        new.retain(|file| !before.contains(file));
        before.extend(new.clone());
        new.remove(0)
    };
    plugins.iter().map(file_of).collect()
}

fn size(file: &Path) -> u64 {
    fs::metadata(file).expect("it is there").len()
}

#[test]
fn what_was_used_longest_ago_is_evicted_first() {
    let (_parent, cache) = cache();
    let plugins = [1, 2, 3].map(candidate);
    let entries = fill(&cache, &plugins);
    let now = SystemTime::now();
    for (entry, hours) in entries.iter().zip([3, 2, 1]) {
        set_used(entry, now - hours * HOUR);
    }
    // The oldest is used again.
    assert_eq!(ask_watched(&cache, &plugins[0]).1, [READ]);

    let room_for_three = cache.clone().limit(entries.iter().map(|e| size(e)).sum());
    let host = host(&room_for_three);
    assert_eq!(ask(&host, &candidate(4)), 4);
    assert_eq!(usage(&cache).entries, 3);
    let there = |entry: &PathBuf| entry.exists();
    assert_eq!(
        entries.iter().map(there).collect::<Vec<_>>(),
        [true, false, true]
    );
    assert_eq!(ask(&host, &candidate(5)), 5);
    assert_eq!(
        entries.iter().map(there).collect::<Vec<_>>(),
        [true, false, false]
    );
    assert!(cache.problem().is_none());
}

#[test]
fn many_plugins_stay_within_the_limit() {
    let (_parent, cache) = cache();
    let one = size(&fill(&cache, &[candidate(0)])[0]);
    let cache = cache.limit(3 * one + one / 2);
    let host = host(&cache);
    for number in 1..20 {
        assert_eq!(ask(&host, &candidate(number)), number);
        let held = usage(&cache);
        assert!(held.bytes <= 3 * one + one / 2, "{held:?}");
        assert!(held.entries >= 1, "{held:?}");
        // What was just written is there.
        assert_eq!(ask_watched(&cache, &candidate(number)).1, [READ]);
    }
}

#[test]
fn a_plugin_larger_than_the_limit_is_compiled_each_time() {
    let (_parent, cache) = cache();
    let one = size(&fill(&cache, &[candidate(1)])[0]);
    cache.clear().expect("it can be cleared");
    let small = cache.limit(one - 1);
    let host = host(&small);
    for _ in 0..2 {
        assert_eq!(ask(&host, &candidate(1)), 1);
        assert!(files(&small).is_empty());
    }
    assert_eq!(
        small.problem().expect("it is told").to_string(),
        format!(
            "a compiled plugin has {one} bytes, and the cache may hold {}: raise `Cache::limit`",
            one - 1
        )
    );
}

#[test]
fn a_clock_that_was_set_back_makes_no_entry_immortal() {
    let (_parent, cache) = cache();
    let plugins = [1, 2].map(candidate);
    let entries = fill(&cache, &plugins);
    let tomorrow = SystemTime::now() + 24 * HOUR;
    entries.iter().for_each(|entry| set_used(entry, tomorrow));
    // Used since then, so that it is not one of the future any more.
    assert_eq!(ask_watched(&cache, &plugins[1]).1, [READ]);
    let room_for_two = cache.clone().limit(entries.iter().map(|e| size(e)).sum());
    assert_eq!(ask_watched(&room_for_two, &candidate(3)).1, [COMPILED]);
    assert!(!entries[0].exists() && entries[1].exists());
    assert_eq!(ask_watched(&room_for_two, &candidate(3)).1, [READ]);
}

#[test]
fn what_a_killed_writer_left_is_swept_whatever_its_time() {
    let (_parent, cache) = cache();
    let entry = fill(&cache, &[candidate(1)]).remove(0);
    let now = SystemTime::now();
    for time in [now - 24 * HOUR, now, now + 24 * HOUR] {
        let left = entry.with_extension("new");
        // By the next host,
        fs::write(&left, "half an ent").expect("there is room");
        set_used(&left, time);
        host(&cache);
        assert_eq!(only_file(&cache), entry);
        // by whoever clears,
        fs::write(&left, "half an ent").expect("there is room");
        set_used(&left, time);
        cache.clear().expect("it can be cleared");
        assert!(files(&cache).is_empty());
        // and by who writes the same entry, or another one.
        for number in [1, 2] {
            let host = host(&cache);
            fs::write(&left, "half an ent").expect("there is room");
            set_used(&left, time);
            assert_eq!(ask(&host, &candidate(number)), number);
            assert!(!left.exists(), "{number}");
        }
        fs::remove_file(
            files(&cache)
                .into_iter()
                .find(|f| *f != entry)
                .expect("two"),
        )
        .expect("it is there");
    }
}
