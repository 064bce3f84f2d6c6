//! Plugins that are judged now and loaded when they are first needed.

use super::{ManyNumber, Plugin, Told, build, component, folder, put, unfit, with_threads};
use plugin_host::{
    AnyPlugin, Candidate, Error, ErrorKind, Grants, Host, Lazy, Limits, LoadCanceller, Plugins,
    Versions,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn candidate(bytes: Vec<u8>) -> Candidate {
    Candidate::from_bytes("a", bytes).expect("it is a component")
}

fn lazy(host: &Host, candidate: &Candidate) -> Result<Lazy<Plugin>, Error> {
    host.plugin(candidate).lazy()
}

#[test]
fn a_lazy_plugin_is_compiled_at_its_first_call() {
    let folder = folder(&[
        ("a.wasm", component(1)),
        ("b.wasm", component(2)),
        ("c.wasm", unfit()),
    ]);
    let told = Told::default();
    let host = build(told.watch(with_threads(1)));
    let found = host.discover(folder.path());
    let mut plugins: Plugins<Lazy<Plugin>> = host.load_all(found, |loader| loader.lazy());
    // What can be told without compiling is told now.
    assert_eq!((plugins.len(), plugins.refused().len()), (2, 1));
    assert_eq!((host.usage().compiled, host.usage().components), (0, 0));
    told.take();
    for _ in 0..2 {
        let first = plugins.first_answer(|plugin| plugin.get()?.number().map(Some));
        assert_eq!(first.answer, Some(1));
    }
    assert_eq!(told.take(), ["compiling a", "loaded a, compiled"]);
    let loaded = plugins.iter().map(|(_, plugin)| plugin.loaded().is_some());
    assert_eq!(loaded.collect::<Vec<_>>(), [true, false]);
}

#[test]
fn what_can_be_told_without_compiling_is_told_at_once() {
    let host = build(Host::builder());
    let error = lazy(&host, &candidate(unfit())).expect_err("it does not fit");
    assert!(matches!(error.kind(), ErrorKind::Unfit(_)), "{error}");
    let fits = candidate(component(1));
    let with = |loader: plugin_host::Loader| loader.lazy::<ManyNumber<()>>();
    let error = with(host.plugin(&fits).limits(Limits::default().fuel(1))).expect_err("no meter");
    assert!(matches!(error.kind(), ErrorKind::FuelNotMetered), "{error}");
    let grants = Grants::none().grant_config([("key", "value")]);
    let error = with(host.plugin(&fits).grants(grants)).expect_err("it asks for nothing");
    assert!(matches!(error.kind(), ErrorKind::NotAsked(_)), "{error}");
    let locked = build(Host::builder().locked());
    let error = lazy(&locked, &fits).expect_err("it is not locked");
    assert!(matches!(error.kind(), ErrorKind::NotLocked), "{error}");
}

#[test]
fn a_lazy_plugin_whose_file_changed_is_refused_until_it_is_back() {
    let folder = folder(&[("a.wasm", component(1))]);
    let host = build(Host::builder());
    let found = host.discover(folder.path()).remove(0);
    let mut plugin = lazy(&host, &found.expect("it is a plugin")).expect("it fits");
    assert_eq!(plugin.id().as_str(), "a");
    put(folder.path(), "a.wasm", &component(2));
    for _ in 0..2 {
        let error = plugin.get().expect_err("it changed");
        assert!(matches!(error.kind(), ErrorKind::Changed { .. }), "{error}");
    }
    put(folder.path(), "a.wasm", &component(1));
    let answer = plugin.get().and_then(|plugin| plugin.number());
    assert_eq!(answer.expect("it is as it was"), 1);
}

#[test]
fn a_lazy_plugin_whose_state_cannot_be_made_is_tried_again() {
    let host = build(Host::builder());
    let ready = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&ready);
    let make_state = move |_| match asked.load(Ordering::Relaxed) {
        true => Ok(()),
        false => Err("the database is not there".into()),
    };
    let loader = host.plugin(&candidate(component(1)));
    let mut plugin = loader
        .lazy_with::<ManyNumber<()>>(make_state)
        .expect("it fits");
    let error = plugin.get().expect_err("it is not ready");
    assert!(matches!(error.kind(), ErrorKind::State(_)), "{error}");
    assert!(plugin.loaded().is_none());
    ready.store(true, Ordering::Relaxed);
    assert_eq!(
        plugin.get().expect("it is").number().expect("it answers"),
        1
    );
}

#[test]
fn a_lazy_plugin_that_is_unloaded_holds_nothing_and_loads_again() {
    let host = build(Host::builder());
    let mut plugin = lazy(&host, &candidate(component(1))).expect("it fits");
    for compiled in 1..=2 {
        plugin
            .get()
            .expect("it loads")
            .number()
            .expect("it answers");
        let usage = host.usage();
        assert_eq!(
            (usage.instances, usage.components, usage.compiled),
            (1, 1, compiled)
        );
        plugin.unload();
        assert_eq!((host.usage().instances, host.usage().components), (0, 0));
    }
    assert_eq!(
        format!("{plugin:?}"),
        "Lazy { id: PluginId(\"a\"), loaded: None, .. }"
    );
}

#[test]
fn a_lazy_plugin_can_be_cancelled_and_of_several_versions() {
    trait Number: Send {
        fn of(&mut self) -> Result<u32, Error>;
    }
    impl Number for ManyNumber<()> {
        fn of(&mut self) -> Result<u32, Error> {
            self.number()
        }
    }
    let versions = Versions::<dyn Number>::newest::<ManyNumber<()>>(|plugin| plugin);
    let host = build(Host::builder());
    let fits = candidate(component(5));
    let mut plugin: Lazy<AnyPlugin<dyn Number>> =
        versions.lazy(host.plugin(&fits)).expect("it fits");
    assert_eq!(host.usage().compiled, 0);
    assert_eq!(
        plugin
            .get()
            .expect("it loads")
            .calls()
            .of()
            .expect("it answers"),
        5
    );
    let error = versions.lazy(host.plugin(&candidate(unfit())));
    let error = error.expect_err("it does not fit");
    assert!(matches!(error.kind(), ErrorKind::Unfit(_)), "{error}");

    let canceller = LoadCanceller::new();
    let loader = host.plugin(&fits).cancel_with(&canceller);
    let mut plugin = versions.lazy(loader).expect("it fits");
    canceller.cancel();
    let error = plugin.get().expect_err("it is cancelled");
    assert!(matches!(error.kind(), ErrorKind::LoadCancelled), "{error}");
}
