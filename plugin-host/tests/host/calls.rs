//! How calls, instances and usage behave when all is well, and when the
//! application itself misbehaves.

use crate::rogue::{RogueRogue, Shop, host_builder, limits, loader, rogue};
use plugin_host::{Blame, ErrorKind, Level, Lifetime, Limits, Plugin, Prepared};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

#[test]
fn an_instance_lives_across_calls() {
    let mut plugin = rogue(limits());
    for count in 1..=3 {
        let answer = plugin.act("count").expect("the call succeeds");
        assert_eq!(answer, count.to_string());
    }
}

#[test]
fn each_call_gets_a_fresh_instance_where_the_lifetime_says_so() {
    let made = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&made);
    let mut plugin = loader(limits())
        .lifetime(Lifetime::OneCall)
        .load_with::<RogueRogue<Shop>>(move |context| {
            counter.fetch_add(1, Ordering::Relaxed);
            Shop::open(context)
        })
        .expect("the guest fits");
    for calls in 1..=3 {
        assert_eq!(plugin.act("count").expect("the call succeeds"), "1");
        assert_eq!(made.load(Ordering::Relaxed), calls, "the first is used too");
    }
    // Calls under one budget share an instance.
    let counts = Plugin::under_one_budget(&mut plugin, |plugin| {
        [plugin.act("count"), plugin.act("count")]
    });
    let counts = counts
        .expect("an instance starts")
        .map(|c| c.expect("the call succeeds"));
    assert_eq!(counts, ["1", "2"]);
    assert_eq!(plugin.act("count").expect("the call succeeds"), "1");
}

#[test]
fn calls_under_one_budget_share_it() {
    let mut plugin = rogue(limits().host_calls(3));
    plugin.act("stock").expect("the call succeeds");
    let calls = |plugin: &mut RogueRogue<Shop>| {
        [(); 5].map(|()| plugin.act("stock").map_err(|error| error.to_string()))
    };
    let outcomes = Plugin::under_one_budget(&mut plugin, calls).expect("an instance is there");
    assert!(outcomes[..3].iter().all(Result::is_ok));
    assert_eq!(
        outcomes[3].as_ref().expect_err("one too many"),
        "plugin `test.rogue`: `act` called the host more than 3 times; \
         it may loop: report this to its author, or allow more calls"
    );
    assert_eq!(
        outcomes[4].as_ref().expect_err("the instance is gone"),
        "plugin `test.rogue`: `act` was not called, since an earlier call under the same \
         budget failed"
    );
    assert_eq!(Plugin::last_usage(&plugin).host_calls, 3);
    assert_eq!(plugin.act("count").expect("a fresh instance answers"), "1");
}

#[test]
fn usage_is_told_for_each_call_and_in_all() {
    let mut plugin = loader(limits())
        .measure_time()
        .load_with::<RogueRogue<Shop>>(Shop::open)
        .expect("the guest fits");
    assert_eq!(Plugin::total_usage(&plugin).calls, 0);
    plugin.act("stock").expect("the call succeeds");
    let first = Plugin::last_usage(&plugin);
    assert_eq!((first.calls, first.host_calls), (1, 1));
    assert!(first.fuel.is_some_and(|fuel| fuel > 100));
    assert!(first.peak_memory > 64 * 1024);
    assert!(first.wall_time.is_some_and(|time| time > Duration::ZERO));
    plugin.act("nothing").expect("the call succeeds");
    let (last, total) = (Plugin::last_usage(&plugin), Plugin::total_usage(&plugin));
    assert_eq!((last.host_calls, total.host_calls, total.calls), (0, 1, 2));
    assert_eq!(
        total.fuel,
        Some(first.fuel.unwrap_or(0) + last.fuel.unwrap_or(0))
    );

    let mut untimed = rogue(Limits::default());
    untimed.act("stock").expect("the call succeeds");
    let usage = Plugin::last_usage(&untimed);
    assert_eq!((usage.fuel, usage.wall_time), (None, None));
}

#[test]
fn settings_reach_the_guest_and_so_do_their_faults() {
    let ask = |entries: &[(&str, &str)]| {
        let mut plugin = loader(limits())
            .config(entries.iter().copied())
            .load_with::<RogueRogue<Shop>>(Shop::open)
            .expect("the guest fits");
        plugin.act("read settings").expect("the call succeeds")
    };
    assert_eq!(
        ask(&[("colour", "red"), ("size", "12"), ("tags", "a, b")]),
        r#"Settings { colour: "red", size: Some(12), tags: ["a", "b"] }"#
    );
    assert!(ask(&[]).contains("colour"), "{}", ask(&[]));
    let wrong = ask(&[("colour", "red"), ("size", "large")]);
    assert!(wrong.contains("size") && wrong.contains("large"), "{wrong}");
}

#[test]
fn what_a_guest_logs_is_kept_as_data() {
    let mut plugin = rogue(limits());
    plugin.act("log").expect("the call succeeds");
    let output = Plugin::output(&plugin);
    let record = output.log.first().expect("there is a record");
    assert_eq!(
        (record.level, record.message.as_str()),
        (Level::Warn, "running low")
    );
    let field = |key: &str| {
        let found = record.fields.iter().find(|(k, _)| k == key);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!((field("item"), field("pieces")), (Some("tea"), Some("3")));
}

#[test]
fn many_plugins_are_made_from_one_that_is_prepared() {
    let prepared: Prepared<RogueRogue<Shop>> = loader(limits())
        .prepare_with(Shop::open)
        .expect("the guest fits");
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let prepared = prepared.clone();
            std::thread::spawn(move || {
                let mut plugin = prepared.start().expect("it starts");
                plugin.act("count").expect("the call succeeds")
            })
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().expect("nothing panics"), "1");
    }
}

#[test]
fn a_state_that_cannot_be_made_is_the_applications_fault() {
    #[derive(Debug, thiserror::Error)]
    #[error("the shop is closed")]
    struct Closed;

    let error = loader(limits())
        .load_with::<RogueRogue<Shop>>(|_| Err(Closed.into()))
        .expect_err("there is no state");
    assert_eq!(error.blame(), Blame::Application);
    assert!(error.application_error::<Closed>().is_some());
    assert_eq!(
        error.to_string(),
        "plugin `test.rogue`: the application could not make the plugin's state"
    );
}

#[test]
fn fuel_asked_of_a_host_that_does_not_meter_is_refused() {
    let host = host_builder().build().expect("the engine starts");
    let error = host
        .plugin(&crate::rogue::candidate())
        .limits(Limits::default().fuel(1))
        .load_with::<RogueRogue<Shop>>(Shop::open)
        .expect_err("this host has no meter");
    assert!(matches!(error.kind(), ErrorKind::FuelNotMetered));
    assert_eq!(
        error.to_string(),
        "plugin `test.rogue`: its limits name fuel, and this host does not meter: \
         name fuel in the limits of `HostBuilder` too"
    );
}

#[test]
fn a_panic_between_calls_ends_the_budget_and_nothing_else() {
    let mut plugin = rogue(limits());
    plugin.act("count").expect("the call succeeds");
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        Plugin::under_one_budget(&mut plugin, |_| panic!("the application's own"))
    }));
    assert!(panicked.is_err());
    assert_eq!(plugin.act("count").expect("the call succeeds"), "2");
}

#[test]
fn a_panic_in_a_host_function_costs_the_instance_and_nothing_else() {
    let mut plugin = rogue(limits());
    plugin.act("count").expect("the call succeeds");
    Plugin::state(&mut plugin)
        .expect("an instance is there")
        .panics = true;
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| plugin.act("stock")));
    assert!(panicked.is_err(), "it is the application's own panic");
    assert_eq!(plugin.act("count").expect("a fresh instance answers"), "1");
    plugin.act("stock").expect("its state is fresh too");
}

#[test]
fn a_plugin_moves_between_threads() {
    fn is_send<T: Send>(_: &T) {}
    fn is_shared<T: Send + Sync + Clone>(_: &T) {}
    is_send(&rogue(limits()));
    let prepared: Prepared<RogueRogue<Shop>> = loader(limits())
        .prepare_with(Shop::open)
        .expect("the guest fits");
    is_shared(&prepared);
}
