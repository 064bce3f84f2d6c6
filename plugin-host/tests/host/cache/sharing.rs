//! Threads and processes that load the same plugin at the same time.

use super::child::{answer, child};
use super::{COMPILED, READ, ask, ask_watched, cache, candidate, host, metered, only_file, usage};
use std::sync::Barrier;

#[test]
fn eight_processes_at_once_compile_once_in_total() {
    let (_parent, cache) = cache();
    let children: Vec<_> = (0..8)
        .map(|_| child("load", &cache).spawn().expect("it starts"))
        .collect();
    let mut answers: Vec<String> = children.into_iter().map(answer).collect();
    answers.sort();
    let mut expected = vec!["7 false "; 7];
    expected.push("7 true ");
    assert_eq!(answers, expected);
    only_file(&cache);
}

#[test]
fn eight_threads_at_once_compile_each_plugin_once() {
    let (_parent, cache) = cache();
    // Hosts, plugins and threads, so that the lock of each plugin is waited for
    // by threads that would take the slots of both hosts.
    let hosts = [host(&cache), host(&cache)];
    let plugins = [1, 2].map(candidate);
    let start = Barrier::new(8);
    let messages: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                let (host, start) = (&hosts[thread / 4], &start);
                let plugin = &plugins[thread % 2];
                scope.spawn(move || {
                    super::watched(|| {
                        start.wait();
                        assert_eq!(ask(host, plugin), thread as u32 % 2 + 1);
                    })
                })
            })
            .collect();
        let threads = threads.into_iter();
        threads
            .flat_map(|thread| thread.join().expect("it does not panic").1)
            .collect()
    });
    let count = |message| messages.iter().filter(|found| *found == message).count();
    // Threads of one host may share what one of them read, or compiled.
    assert_eq!(count(COMPILED), 2, "{messages:?}");
    assert!((2..=6).contains(&count(READ)), "{messages:?}");
}

#[test]
fn one_slot_for_compiling_and_many_plugins_come_to_an_end() {
    let (_parent, cache) = cache();
    let limits = plugin_host::HostLimits::default().compiles(1);
    let host = plugin_host::Host::builder()
        .host_limits(limits)
        .cache(cache.clone())
        .build()
        .expect("the engine starts");
    let plugins: Vec<_> = (0..6).map(candidate).collect();
    std::thread::scope(|scope| {
        for thread in 0..12 {
            let (host, plugins) = (&host, &plugins);
            scope.spawn(move || assert_eq!(ask(host, &plugins[thread % 6]), thread as u32 % 6));
        }
    });
    assert_eq!(usage(&cache).entries, 6);
    assert!(cache.problem().is_none());
}

#[test]
fn who_reads_is_not_disturbed_by_who_clears() {
    let (_parent, cache) = cache();
    let (plain, metered) = (host(&cache), metered(&cache));
    let plugin = candidate(7);
    std::thread::scope(|scope| {
        let readers = [&plain, &metered].map(|host| {
            let plugin = &plugin;
            scope.spawn(move || (0..50).for_each(|_| assert_eq!(ask(host, plugin), 7)))
        });
        let mut cleared = 0;
        while !readers.iter().all(|reader| reader.is_finished()) {
            cleared += usage(&cache).entries;
            cache.clear().expect("it can be cleared");
        }
        assert!(cleared > 0, "something was there to clear");
    });
    assert!(cache.problem().is_none());
    assert_eq!(ask_watched(&cache, &plugin).0, 7);
}
