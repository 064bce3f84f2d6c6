//! What an application is told while plugins are found and loaded.

use super::{Plugin, Told, build, component, folder, put, unfit, with_threads};
use plugin_host::{Cache, Candidate, Host, HostLimits, Plugins};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn load(host: &Host, folder: &std::path::Path) -> Plugins<Plugin> {
    host.load_all(host.discover(folder), |loader| loader.load())
}

#[test]
fn a_start_is_told_step_by_step() {
    let folder = folder(&[
        ("a.wasm", component(1)),
        ("b.wasm", b"not wasm".to_vec()),
        ("c.wasm", unfit()),
        ("d.wasm", component(1)),
        ("notes.txt", Vec::new()),
    ]);
    let path = folder.path();
    let cache = Cache::folder(path.join("compiled"));
    let told = Told::default();
    let host = |told: &Told| build(told.watch(with_threads(1).cache(cache.clone())));

    let first = host(&told);
    let plugins = load(&first, path);
    assert_eq!((plugins.len(), plugins.refused().len()), (2, 2));
    let not_wasm = format!(
        "refused: plugin file `{}`: this is not a WebAssembly file: remove it, or put \
         the built component in its place",
        path.join("b.wasm").display()
    );
    let unfit = format!("refused: {}", plugins.refused()[1]);
    let common = |a: &[&str]| {
        let mut steps: Vec<String> = (1..=6).map(|n| format!("discovering {n} of 6")).collect();
        steps.push(not_wasm.clone());
        steps.extend(a.iter().map(|step| (*step).to_owned()));
        steps
    };
    let cold = [
        "compiling a",
        "loaded a, compiled",
        "loading 1 of 4",
        "loading 2 of 4",
        &unfit,
        "loading 3 of 4",
        "loaded d, shared",
        "loading 4 of 4",
    ];
    assert_eq!(told.take(), common(&cold));

    // Another process would be told the same.
    let _plugins = load(&host(&told), path);
    let mut warm = cold.to_vec();
    warm[0] = "loaded a, stored";
    warm.remove(1);
    assert_eq!(told.take(), common(&warm));
}

#[test]
fn who_loads_one_plugin_is_told_of_it_and_gets_its_error() {
    let told = Told::default();
    let host = build(told.watch(Host::builder()));
    let fits = Candidate::from_bytes("fits", component(1)).expect("a component");
    let unfit = Candidate::from_bytes("unfit", unfit()).expect("a component");
    host.load::<super::ManyNumber<()>>(&fits).expect("it fits");
    let refused = host.load::<super::ManyNumber<()>>(&unfit);
    refused.expect_err("it does not fit");
    assert_eq!(told.take(), ["compiling fits", "loaded fits, compiled"]);
}

#[test]
fn a_watcher_that_panics_loses_no_plugin() {
    let folder = folder(&[("a.wasm", component(1)), ("b.wasm", component(2))]);
    put(folder.path(), "c.wasm", b"not wasm");
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let host = Host::builder()
        .host_limits(HostLimits::default().threads(2))
        .progress(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            panic!("on purpose");
        });
    let plugins = load(&build(host), folder.path());
    assert_eq!((plugins.len(), plugins.refused().len()), (2, 1));
    // Three are looked at, one is refused, two are compiled and loaded, and
    // three are through.
    assert_eq!(calls.load(Ordering::SeqCst), 11);
}
