//! Plugins without the standard library, and without what else can be left out.

use plugin_host::{Candidate, ErrorKind, Host, LimitKind, Limits, MIB, Plugin, Trap};

plugin_host::world! { path: "tests/wit/frugal", world: "frugal" }

fn candidate(guest: &str) -> Candidate {
    let bytes = std::fs::read(guest).expect("the guest was built");
    Candidate::from_bytes("plugin", bytes).expect("it is a component")
}

fn host() -> Host {
    let host = Host::builder().limits(Limits::default().memory(8 * MIB));
    host.build().expect("the engine starts")
}

fn frugal() -> Plugin<FrugalFrugal<()>> {
    let (host, candidate) = (host(), candidate(test_guests::FRUGAL));
    let loader = host.plugin(&candidate).config([("greeting", "Good day")]);
    loader.load().expect("it fits")
}

/// The one without diagnostics.
fn terse() -> Plugin<FrugalFrugal<()>> {
    let (host, candidate) = (host(), candidate(test_guests::TERSE));
    host.load(&candidate).expect("it fits")
}

#[test]
fn it_imports_nothing_of_wasi() {
    let candidate = candidate(test_guests::FRUGAL);
    let imports: Vec<_> = candidate.imports().map(|(name, _)| name).collect();
    assert!(!imports.is_empty());
    assert!(
        imports
            .iter()
            .all(|name| name.starts_with("plugin-host:base/")),
        "{imports:?}"
    );
}

#[test]
fn texts_settings_and_logs_go_to_and_fro() {
    let mut plugin = frugal();
    for name in ["Ann".to_owned(), "Bob ".repeat(10_000)] {
        let greeted = plugin.work().greet(&name).expect("the call succeeds");
        assert_eq!(greeted, format!("Good day, {name}"));
    }
    let log = Plugin::output(&plugin).log;
    assert_eq!(log[0].message, "greeted");
    assert_eq!(log[0].fields, [("name".to_owned(), "Ann".to_owned())]);
}

#[test]
fn memory_is_aligned_as_asked_and_given_back() {
    let mut plugin = frugal();
    for (size, align) in [
        (4, 4),
        (20, 8),
        (900, 8),
        (3_000, 8),
        (8, 16),
        (5_000, 4096),
    ] {
        let sum = plugin.work().sum(1_000, size, align);
        let sum = sum.expect("the call succeeds");
        assert_eq!(sum, 499_500, "{size} bytes aligned to {align}");
    }
}

#[test]
fn a_panic_is_told_with_its_place() {
    // Nothing was refused here, whatever the second one says.
    for reason in ["no such row", "memory allocation of 20 bytes failed"] {
        let error = frugal().work().fail(reason).expect_err("it panics");
        let ErrorKind::Panic { message, place, .. } = error.kind() else {
            panic!("{reason}: {error}");
        };
        assert_eq!(message, reason);
        let (file, ..) = place.as_ref().expect("a place");
        assert!(file.ends_with("lib.rs"), "{place:?}");
    }
}

#[test]
fn where_memory_is_used_up_the_error_says_so() {
    for least in [100_000, 1] {
        let error = frugal().work().hoard(least).expect_err("there is no more");
        let ErrorKind::Limit { limit, .. } = error.kind() else {
            panic!("{least}: {error}");
        };
        assert_eq!(*limit, LimitKind::Memory, "{least}: {error}");
    }
}

#[test]
fn without_diagnostics_it_imports_nothing_and_is_one_core_instance() {
    let terse = candidate(test_guests::TERSE);
    assert_eq!(terse.imports().count(), 0);
    let host = Host::builder().limits(Limits::default().instances(1));
    let host = host.build().expect("the engine starts");
    let start = |candidate: &Candidate| {
        let plugin = host.load::<FrugalFrugal<()>>(candidate);
        plugin.map(drop)
    };
    start(&terse).expect("it is one");
    let error = start(&candidate(test_guests::FRUGAL)).expect_err("it is three");
    let ErrorKind::Limit { limit, .. } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!(*limit, LimitKind::Instances, "{error}");
}

#[test]
fn without_diagnostics_the_host_hears_nothing_and_still_knows_who_failed() {
    let mut plugin = terse();
    let greeted = plugin.work().greet("Ann").expect("the call succeeds");
    assert_eq!(greeted, "Good day, Ann");
    let sum = plugin.work().sum(100, 2_000, 1);
    assert_eq!(sum.expect("the call succeeds"), 200_000);
    assert!(Plugin::output(&plugin).log.is_empty());

    let error = plugin.work().fail("no such row").expect_err("it panics");
    let ErrorKind::Trap { call, trap } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!((call.as_str(), trap), ("work.fail", &Trap::Abort));
    assert!(error.to_string().contains("`terse`"), "{error}");
    let again = plugin.work().greet("Bob").expect("a new instance");
    assert_eq!(again, "Good day, Bob");
}

#[test]
fn without_diagnostics_memory_that_is_used_up_is_still_told() {
    let error = terse().work().hoard(10_000).expect_err("there is no more");
    let ErrorKind::Limit { limit, .. } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!(*limit, LimitKind::Memory, "{error}");
}
