//! Plugins of one host that have the same bytes share their code.

use super::{Plugin, Told, build, component, folder, put, with_threads};
use plugin_host::{
    Blame, Cache, Candidate, ErrorKind, Host, HostLimits, LimitKind, Limits, Loader,
};
use std::sync::Barrier;

fn load(loader: Loader) -> Result<Plugin, plugin_host::Error> {
    loader.load()
}

fn candidate(name: &str, number: u32) -> Candidate {
    Candidate::from_bytes(name, component(number)).expect("it is a component")
}

#[test]
fn plugins_of_the_same_bytes_share_their_code_while_one_is_loaded() {
    let told = Told::default();
    let host = build(told.watch(Host::builder()));
    let (a, b, c) = (candidate("a", 1), candidate("b", 1), candidate("c", 2));
    let first = load(host.plugin(&a)).expect("it loads");
    // Each has an instance, a state and limits of its own.
    let limits = Limits::default().memory(65_536);
    let mut second = load(host.plugin(&b).limits(limits)).expect("it loads");
    let third = load(host.plugin(&c)).expect("it loads");
    let usage = host.usage();
    assert_eq!(
        (usage.components, usage.compiled, usage.instances),
        (2, 2, 3)
    );
    drop(first);
    assert_eq!(second.number().expect("it answers"), 1);
    assert_eq!(host.usage().components, 2);
    drop((second, third));
    assert_eq!(host.usage().components, 0, "nothing is kept");
    load(host.plugin(&a)).expect("it loads");
    assert_eq!(
        told.take(),
        [
            "compiling a",
            "loaded a, compiled",
            "loaded b, shared",
            "compiling c",
            "loaded c, compiled",
            "compiling a",
            "loaded a, compiled"
        ]
    );
    // Another host's settings may be others.
    let other = build(Host::builder());
    let (_here, _there) = (load(host.plugin(&a)), load(other.plugin(&a)));
    assert_eq!(other.usage().compiled, 1);
}

#[test]
fn a_prepared_plugin_keeps_its_code_to_be_shared() {
    let host = build(Host::builder());
    let loader = host.plugin(&candidate("a", 1));
    let prepared = loader.prepare::<super::ManyNumber<()>>();
    let prepared = prepared.expect("it fits");
    load(host.plugin(&candidate("b", 1))).expect("it loads");
    assert_eq!((host.usage().components, host.usage().compiled), (1, 1));
    drop(prepared);
    assert_eq!(host.usage().components, 0);
}

#[test]
fn a_file_that_changed_is_refused_though_its_code_is_there() {
    let folder = folder(&[("a.wasm", component(1))]);
    let host = build(Host::builder());
    let found = host.discover(folder.path()).remove(0);
    let candidate = found.expect("it is a plugin");
    let _loaded = load(host.plugin(&candidate)).expect("it loads");
    put(folder.path(), "a.wasm", &component(2));
    let error = load(host.plugin(&candidate)).expect_err("it changed");
    assert!(matches!(error.kind(), ErrorKind::Changed { .. }), "{error}");
    put(folder.path(), "a.wasm", &component(1));
    load(host.plugin(&candidate)).expect("it is as it was");
    assert_eq!(host.usage().compiled, 1);
}

#[test]
fn threads_that_load_the_same_bytes_compile_them_once() {
    let host = build(with_threads(8));
    let start = Barrier::new(8);
    let found = (0..8).map(|number| Ok(candidate(&format!("p{number}"), 7)));
    let mut plugins = host.load_all(found, |loader| {
        start.wait();
        load(loader)
    });
    for turn in plugins.broadcast(|plugin| plugin.number()) {
        assert!(turn.failure().is_none());
    }
    assert_eq!((plugins.len(), host.usage().compiled), (8, 1));
}

#[test]
fn no_more_components_are_loaded_than_the_host_allows() {
    let limits = HostLimits::default().components(2).threads(1);
    let host = build(Host::builder().host_limits(limits));
    let [a, b, c] = [("a", 1), ("b", 2), ("c", 3)].map(|(name, n)| candidate(name, n));
    let (_first, second) = (load(host.plugin(&a)), load(host.plugin(&b)));
    let error = load(host.plugin(&c)).expect_err("two are loaded");
    assert_eq!(error.blame(), Blame::Application);
    let limit = LimitKind::HostComponents;
    assert!(matches!(error.kind(), ErrorKind::Limit { limit: found, .. } if *found == limit));
    assert_eq!(
        error.to_string(),
        "plugin `c`: `load` would make 3 components loaded in this host, and 2 are allowed; \
         drop plugins that are not needed, load them when they are, with `Loader::lazy`, or \
         allow more in `HostLimits`"
    );
    // One more of the same bytes is no further component.
    load(host.plugin(&candidate("again", 1))).expect("it loads");
    drop(second);
    load(host.plugin(&c)).expect("there is room again");
}

#[test]
fn code_that_was_compiled_fast_is_code_of_its_own() {
    let parent = tempfile::tempdir().expect("a folder");
    let cache = Cache::folder(parent.path().join("compiled"));
    let candidate = candidate("a", 3);
    let builder = || Host::builder().cache(cache.clone());
    for host in [build(builder()), build(builder().fast_compile())] {
        let answer = load(host.plugin(&candidate)).and_then(|mut plugin| plugin.number());
        assert_eq!(answer.expect("it answers"), 3);
        assert_eq!(host.usage().compiled, 1);
    }
    assert_eq!(cache.usage().expect("it can be used").entries, 2);
}
