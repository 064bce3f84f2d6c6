//! Loads that nobody wants to wait for any more.

use super::{ManyNumber, build, component, with_threads};
use plugin_host::{
    Blame, Cache, Candidate, Error, ErrorKind, Host, HostLimits, LoadCanceller, Progress,
};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

fn candidate(number: u32) -> Candidate {
    let name = format!("p{number}");
    Candidate::from_bytes(&name, component(number)).expect("it is a component")
}

/// A host whose compiles stop before they begin, until they may go on.
struct Slow {
    host: Host,
    compiling: Receiver<String>,
    go_on: Sender<()>,
}

fn slow(cache: Option<&Cache>, compiles: u64) -> Slow {
    let ((tell, compiling), (go_on, wait)) = (channel(), channel());
    let wait = Mutex::new(wait);
    let limits = HostLimits::default().compiles(compiles);
    let mut builder = Host::builder()
        .host_limits(limits)
        .progress(move |progress| {
            if let Progress::Compiling { plugin, .. } = progress {
                tell.send(plugin.to_string()).expect("somebody listens");
                // Ends at the latest with the test.
                let _ = wait.lock().expect("no panic").recv();
            }
        });
    if let Some(cache) = cache {
        builder = builder.cache(cache.clone());
    }
    Slow {
        host: build(builder),
        compiling,
        go_on,
    }
}

fn load(host: &Host, number: u32, canceller: &LoadCanceller) -> Result<(), Error> {
    let loader = host.plugin(&candidate(number)).cancel_with(canceller);
    loader.load::<ManyNumber<()>>().map(|_| ())
}

fn assert_cancelled(outcome: Result<(), Error>) {
    let error = outcome.expect_err("it is cancelled");
    assert_eq!(error.blame(), Blame::Application);
    assert!(matches!(error.kind(), ErrorKind::LoadCancelled));
    let told = error.to_string();
    assert!(
        told.ends_with("`: loading it was cancelled by the application"),
        "{told}"
    );
}

/// Waits for what another thread brings about.
fn until(mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never is");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_load_that_is_not_cancelled_is_as_any_other() {
    let canceller = LoadCanceller::new();
    let host = build(Host::builder());
    load(&host, 1, &canceller).expect("nobody cancelled");
    assert!(!canceller.is_cancelled());
    canceller.clone().cancel();
    assert!(canceller.is_cancelled());
    assert_cancelled(load(&host, 1, &canceller));
    assert_eq!(host.usage().compiled, 1);
}

#[test]
fn who_cancels_a_compile_waits_no_more_and_its_result_is_kept() {
    let parent = tempfile::tempdir().expect("a folder");
    let cache = Cache::folder(parent.path().join("compiled"));
    let slow = slow(Some(&cache), 2);
    let canceller = LoadCanceller::new();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| load(&slow.host, 1, &canceller));
        assert_eq!(slow.compiling.recv().as_deref(), Ok("p1"));
        canceller.cancel();
        // The compile goes on as soon as this thread lets it.
        assert_cancelled(waiting.join().expect("no panic"));
    });
    assert_eq!(cache.usage().expect("it can be used").entries, 0);
    slow.go_on.send(()).expect("the compile waits");
    until(|| cache.usage().expect("it can be used").entries == 1);
    // The next one has it without the compiler.
    load(&slow.host, 1, &LoadCanceller::new()).expect("it is there");
    assert_eq!(slow.host.usage().compiled, 1);
}

#[test]
fn who_waits_for_a_cancelled_compile_of_the_same_bytes_gets_it() {
    let slow = slow(None, 2);
    let canceller = LoadCanceller::new();
    thread::scope(|scope| {
        let cancelled = scope.spawn(|| load(&slow.host, 1, &canceller));
        assert_eq!(slow.compiling.recv().as_deref(), Ok("p1"));
        let other = scope.spawn(|| load(&slow.host, 1, &LoadCanceller::new()));
        canceller.cancel();
        assert_cancelled(cancelled.join().expect("no panic"));
        slow.go_on.send(()).expect("the compile waits");
        // Should it not be in time to share that one, it compiles by itself.
        slow.go_on.send(()).expect("the host is there");
        let loaded = other.join().expect("no panic");
        loaded.expect("nobody cancelled it");
    });
}

#[test]
fn who_is_cancelled_while_it_waits_for_its_turn_is_never_compiled() {
    let slow = slow(None, 1);
    let canceller = LoadCanceller::new();
    thread::scope(|scope| {
        let first = scope.spawn(|| load(&slow.host, 1, &LoadCanceller::new()));
        assert_eq!(slow.compiling.recv().as_deref(), Ok("p1"));
        let second = scope.spawn(|| load(&slow.host, 2, &canceller));
        // It holds its place among the components, and waits for the slot.
        until(|| slow.host.usage().components == 2);
        canceller.cancel();
        assert_cancelled(second.join().expect("no panic"));
        slow.go_on.send(()).expect("the compile waits");
        first
            .join()
            .expect("no panic")
            .expect("nobody cancelled it");
    });
    until(|| slow.host.usage().components == 0);
    assert_eq!(slow.host.usage().compiled, 1);
}

#[test]
fn who_is_cancelled_while_another_host_compiles_the_same_waits_no_more() {
    let parent = tempfile::tempdir().expect("a folder");
    let cache = Cache::folder(parent.path().join("compiled"));
    let (slow, other) = (
        slow(Some(&cache), 1),
        build(Host::builder().cache(cache.clone())),
    );
    let canceller = LoadCanceller::new();
    thread::scope(|scope| {
        let first = scope.spawn(|| load(&slow.host, 1, &LoadCanceller::new()));
        assert_eq!(slow.compiling.recv().as_deref(), Ok("p1"));
        let second = scope.spawn(|| load(&other, 1, &canceller));
        until(|| other.usage().components == 1);
        canceller.cancel();
        assert_cancelled(second.join().expect("no panic"));
        slow.go_on.send(()).expect("the compile waits");
        first
            .join()
            .expect("no panic")
            .expect("nobody cancelled it");
    });
    until(|| other.usage().components == 0);
    assert_eq!(other.usage().compiled, 0);
    assert!(cache.problem().is_none());
}

#[test]
fn one_canceller_ends_all_loads_of_a_folder() {
    let host = build(with_threads(2));
    let canceller = LoadCanceller::new();
    let found = (0..50).map(|number| Ok(candidate(number)));
    let plugins = host.load_all(found, |loader| {
        if loader.candidate().id().as_str() == "p9" {
            canceller.cancel();
        }
        let loader = loader.cancel_with(&canceller);
        loader.load::<ManyNumber<()>>()
    });
    assert_eq!(plugins.len() + plugins.refused().len(), 50);
    assert!((8..=9).contains(&plugins.len()), "{}", plugins.len());
    for error in plugins.refused() {
        assert!(matches!(error.kind(), ErrorKind::LoadCancelled), "{error}");
    }
}
