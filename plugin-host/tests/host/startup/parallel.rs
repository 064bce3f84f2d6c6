//! On however many threads: the same result.

use super::{Plugin, build, component, folder, unfit, with_threads};
use plugin_host::{Candidate, Error};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::thread;

#[test]
fn what_is_found_and_loaded_is_the_same_on_however_many_threads() {
    let mut files: Vec<(String, Vec<u8>)> = (0..40)
        .map(|number| (format!("p{number:02}.wasm"), component(number)))
        .collect();
    files[7].1 = b"not wasm".to_vec();
    files[20].1 = unfit();
    files.push(("notes.txt".to_owned(), Vec::new()));
    let files: Vec<(&str, Vec<u8>)> = files.iter().map(|(n, b)| (&**n, b.clone())).collect();
    let (folder, other) = (folder(&files), folder(&files[..3]));
    let started = |threads| {
        let host = build(with_threads(threads));
        let folders = [folder.path(), "/no/such/folder".as_ref(), other.path()];
        let found = host.discover_in(folders);
        let name = |found: &Result<Candidate, Error>| match found {
            Ok(candidate) => candidate.id().to_string(),
            Err(error) => error.to_string(),
        };
        let names: Vec<String> = found.iter().map(name).collect();
        let mut plugins = host.load_all(found, |loader| loader.load());
        let refused: Vec<String> = plugins.refused().iter().map(Error::to_string).collect();
        let numbers = plugins.iter_mut().map(|(id, plugin): (_, &mut Plugin)| {
            let number = plugin.number().expect("it answers");
            (id.to_string(), number)
        });
        (names, refused, numbers.collect::<Vec<_>>())
    };
    let alone = started(1);
    assert_eq!((alone.0.len(), alone.1.len(), alone.2.len()), (44, 6, 38));
    assert_eq!(alone.2[0], ("p00".to_owned(), 0));
    for threads in [0, 2, 8, 1000] {
        assert_eq!(started(threads), alone, "{threads}");
    }
}

#[test]
fn plugins_are_loaded_at_the_same_time() {
    let folder = folder(&[("a.wasm", component(1)), ("b.wasm", component(2))]);
    let host = build(with_threads(2));
    let met = Barrier::new(2);
    let plugins = host.load_all(host.discover(folder.path()), |loader| {
        // Alone, each would wait for ever.
        met.wait();
        loader.load::<super::ManyNumber<()>>()
    });
    assert_eq!(plugins.len(), 2);
}

#[test]
fn with_one_thread_all_is_done_on_the_callers() {
    let folder = folder(&[("a.wasm", component(1)), ("b.wasm", component(2))]);
    let host = build(with_threads(1));
    let threads = host.load_all(host.discover(folder.path()), |_| Ok(thread::current().id()));
    for (_, thread) in threads.iter() {
        assert_eq!(*thread, thread::current().id());
    }
}

#[test]
fn a_panic_of_the_applications_while_it_loads_reaches_it() {
    let folder = folder(&[("a.wasm", component(1)), ("b.wasm", component(2))]);
    for threads in [1, 2] {
        let host = build(with_threads(threads));
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            host.load_all::<()>(host.discover(folder.path()), |loader| {
                panic!("no {}", loader.candidate().id())
            })
        }));
        let panic = outcome.expect_err("it panics");
        let text: &String = panic.downcast_ref().expect("it has a text");
        assert!(["no a", "no b"].contains(&text.as_str()), "{text}");
        assert_eq!(host.usage().components, 0);
    }
}
