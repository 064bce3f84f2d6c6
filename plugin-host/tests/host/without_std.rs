//! Plugins without the standard library.

use plugin_host::{Candidate, ErrorKind, Host, LimitKind, Limits, MIB, Plugin};

plugin_host::world! { path: "tests/wit/frugal", world: "frugal" }

fn candidate() -> Candidate {
    let bytes = std::fs::read(test_guests::FRUGAL).expect("the guest was built");
    Candidate::from_bytes("frugal", bytes).expect("it is a component")
}

fn plugin() -> Plugin<FrugalFrugal<()>> {
    let host = Host::builder().limits(Limits::default().memory(8 * MIB));
    let host = host.build().expect("the engine starts");
    let loader = host.plugin(&candidate()).config([("greeting", "Good day")]);
    loader.load(|_| Ok(())).expect("it fits")
}

#[test]
fn it_imports_nothing_of_wasi() {
    let candidate = candidate();
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
    let mut plugin = plugin();
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
    let mut plugin = plugin();
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
        let error = plugin().work().fail(reason).expect_err("it panics");
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
        let error = plugin().work().hoard(least).expect_err("there is no more");
        let ErrorKind::Limit { limit, .. } = error.kind() else {
            panic!("{least}: {error}");
        };
        assert_eq!(*limit, LimitKind::Memory, "{least}: {error}");
    }
}
