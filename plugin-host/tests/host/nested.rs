//! Plugins whose host functions call plugins, and calls that are cancelled.

use plugin_host::{
    Blame, Canceller, Candidate, Error, ErrorKind, Host, HostLimits, LimitKind, Limits, Meter,
    Plugin, Prepared,
};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

plugin_host::world! {
    inline: "
        package test:nest;
        world guest {
            import inner: func();
            export outer: func();
            export spin: func();
        }",
    fallible: ["*"],
    error: crate::nested::Failed,
}

/// What the host function fails with: the inner call's error.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Failed(Error);

/// What the host function does.
#[derive(Clone, Copy, PartialEq)]
enum Does {
    /// Starts the same plugin again and has it do the same.
    Recurses,
    /// Has another plugin spin, and hands on how that ended.
    Spins,
    /// Has another plugin spin, and says nothing of it.
    Hides,
    /// Waits until its time is over.
    Waits,
}

struct State {
    does: Does,
    prepared: Arc<OnceLock<Prepared<NestGuest<State>>>>,
    meter: Meter,
    errors: Arc<Mutex<Vec<String>>>,
}

impl NestGuestImports for State {
    fn inner(&mut self) -> Result<(), Failed> {
        if self.does == Does::Waits {
            while !self.meter.time_left().is_zero() {
                std::thread::sleep(Duration::from_millis(1));
            }
            return Ok(());
        }
        let prepared = self.prepared.get().expect("it is set before any call");
        let outcome = prepared.start().and_then(|mut plugin| match self.does {
            Does::Recurses => plugin.outer(),
            _ => plugin.spin(),
        });
        if let Err(error) = &outcome {
            let mut errors = self.errors.lock().expect("nothing panicked");
            errors.push(error.to_string());
        }
        match self.does {
            Does::Hides => Ok(()),
            _ => outcome.map_err(Failed),
        }
    }
}

fn candidate() -> Candidate {
    let bytes = wat::parse_str(
        r#"(component
            (import "inner" (func $inner))
            (core func $inner (canon lower (func $inner)))
            (core module $m
                (import "" "inner" (func $inner))
                (func (export "outer") (call $inner))
                (func (export "spin") (loop (br 0))))
            (core instance $i (instantiate $m
                (with "" (instance (export "inner" (func $inner))))))
            (func (export "outer") (canon lift (core func $i "outer")))
            (func (export "spin") (canon lift (core func $i "spin"))))"#,
    );
    Candidate::from_bytes("nest", bytes.expect("the text is a component")).expect("a component")
}

struct Nest {
    plugin: Plugin<NestGuest<State>>,
    errors: Arc<Mutex<Vec<String>>>,
    host: Host,
}

/// A plugin whose host function does `does`. Its calls have `outer` to run, and
/// those that its host function makes have a minute.
fn nest(does: Does, outer: Duration) -> Nest {
    let host = Host::builder()
        .host_limits(HostLimits::default().instances(10))
        .build()
        .expect("the engine starts");
    let errors = Arc::new(Mutex::new(Vec::new()));
    let again = Arc::new(OnceLock::new());
    let prepare = |deadline| {
        let (again, errors) = (Arc::clone(&again), Arc::clone(&errors));
        host.plugin(&candidate())
            .limits(Limits::default().deadline(deadline))
            .prepare_with::<NestGuest<State>>(move |context| {
                Ok(State {
                    does,
                    prepared: Arc::clone(&again),
                    meter: context.meter,
                    errors: Arc::clone(&errors),
                })
            })
            .expect("the guest fits")
    };
    let plugin = prepare(outer).start().expect("it starts");
    again
        .set(prepare(Duration::from_secs(60)))
        .expect("it was empty");
    Nest {
        plugin,
        errors,
        host,
    }
}

/// Cancels after a while, from another thread.
fn cancel_soon(canceller: Canceller) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        canceller.cancel();
    })
}

fn is_cancelled(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Cancelled { .. })
}

#[test]
fn a_plugin_that_a_host_function_calls_runs_under_what_is_left() {
    let start = Instant::now();
    let mut nest = nest(Does::Spins, Duration::from_millis(200));
    let error = nest.plugin.outer().expect_err("the inner call spins");
    assert!(start.elapsed() < Duration::from_secs(20));
    let Some(Failed(inner)) = error.application_error() else {
        panic!("{error:?}");
    };
    let ErrorKind::Limit {
        limit: LimitKind::Deadline,
        allowed,
        ..
    } = inner.kind()
    else {
        panic!("{inner:?}");
    };
    assert!(*allowed <= 200, "what was left, not a minute");
    assert!(nest.host.usage().instances <= 1, "the inner plugin is gone");
}

#[test]
fn a_host_function_that_hides_the_inner_failure_does_not_outlive_the_deadline() {
    let mut nest = nest(Does::Hides, Duration::from_millis(100));
    // The guest returns right after, before the next tick looks.
    let outcome = nest.plugin.outer();
    if let Err(error) = outcome {
        assert!(error.to_string().contains("deadline"), "{error}");
    }
    let errors = nest.errors.lock().expect("nothing panicked");
    assert!(
        errors[0].contains("`spin` ran past its deadline of "),
        "{errors:?}"
    );
}

#[test]
fn calls_nest_three_deep_and_no_deeper() {
    let mut nest = nest(Does::Recurses, Duration::from_secs(20));
    nest.plugin.outer().expect_err("it recurses");
    let errors = nest.errors.lock().expect("nothing panicked");
    assert_eq!(
        errors[0],
        "plugin `nest`: `start` was not called, since functions of the application call \
         plugins more than three deep: have them call fewer, or on a thread of their own"
    );
    assert_eq!(errors.len(), 3, "{errors:?}");
}

#[test]
fn a_spinning_call_is_cancelled_from_another_thread() {
    let mut nest = nest(Does::Spins, Duration::from_secs(60));
    let start = Instant::now();
    let thread = cancel_soon(Plugin::canceller(&nest.plugin));
    let error = nest.plugin.spin().expect_err("it was cancelled");
    assert!(is_cancelled(&error), "{error:?}");
    assert_eq!(error.blame(), Blame::Application);
    assert_eq!(
        error.to_string(),
        "plugin `nest`: `spin` was cancelled by the application"
    );
    assert!(start.elapsed() < Duration::from_secs(20));
    thread.join().expect("nothing panics");
}

#[test]
fn cancelling_reaches_a_call_within_a_host_function() {
    let mut nest = nest(Does::Spins, Duration::from_secs(60));
    let thread = cancel_soon(Plugin::canceller(&nest.plugin));
    let error = nest.plugin.outer().expect_err("it was cancelled");
    let Some(Failed(inner)) = error.application_error() else {
        panic!("{error:?}");
    };
    assert!(is_cancelled(inner), "{inner:?}");
    thread.join().expect("nothing panics");
}

#[test]
fn a_host_function_sees_that_its_call_was_cancelled() {
    let mut nest = nest(Does::Waits, Duration::from_secs(60));
    let start = Instant::now();
    let thread = cancel_soon(Plugin::canceller(&nest.plugin));
    // It returns early; whether the guest is stopped before it returns, too,
    // is a matter of the tick.
    let _ = nest.plugin.outer();
    assert!(start.elapsed() < Duration::from_secs(20));
    thread.join().expect("nothing panics");
}

#[test]
fn cancelling_while_an_instance_starts_ends_the_call() {
    let canceller: Arc<Mutex<Option<Canceller>>> = Arc::default();
    let cancels = Arc::clone(&canceller);
    let host = Host::builder().build().expect("the engine starts");
    let mut plugin = host
        .plugin(&candidate())
        .limits(Limits::default().deadline(Duration::from_secs(60)))
        .load_with::<NestGuest<State>>(move |context| {
            // As another thread would, at this moment.
            if let Some(canceller) = &*cancels.lock().expect("nothing panicked") {
                canceller.cancel();
            }
            Ok(State {
                does: Does::Waits,
                prepared: Arc::default(),
                meter: context.meter,
                errors: Arc::default(),
            })
        })
        .expect("the guest fits");
    let thread = cancel_soon(Plugin::canceller(&plugin));
    plugin.spin().expect_err("it was cancelled");
    thread.join().expect("nothing panics");

    *canceller.lock().expect("nothing panicked") = Some(Plugin::canceller(&plugin));
    let error = plugin
        .spin()
        .expect_err("its instance's start was cancelled");
    assert!(is_cancelled(&error), "{error:?}");
    *canceller.lock().expect("nothing panicked") = None;
}

#[test]
fn a_canceller_ends_the_next_call_and_no_later_one() {
    let mut nest = nest(Does::Waits, Duration::from_millis(50));
    let canceller = Plugin::canceller(&nest.plugin);
    canceller.cancel();
    let error = nest.plugin.spin().expect_err("it was cancelled beforehand");
    assert!(is_cancelled(&error), "{error:?}");
    canceller.cancel();
    let error = nest.plugin.spin().expect_err("it spins");
    assert!(error.to_string().contains("past its deadline of 50ms"));
}

#[test]
fn more_instances_than_the_host_may_have_are_refused() {
    let nest = nest(Does::Waits, Duration::from_secs(1));
    let prepared = {
        let plugin = &nest.plugin;
        assert_eq!(Plugin::id(plugin).as_str(), "nest");
        nest.host
            .plugin(&candidate())
            .prepare_with::<NestGuest<State>>(|_| Err("no state".into()))
            .expect("the guest fits")
    };
    assert!(prepared.start().is_err(), "it gives its place back");
    assert_eq!(nest.host.usage().instances, 1);
    let again = nest_again(&nest);
    let full: Vec<_> = (0..9)
        .map(|_| again.start().expect("there is room"))
        .collect();
    let error = again.start().expect_err("ten are alive");
    assert_eq!(error.blame(), Blame::Application);
    assert_eq!(
        error.to_string(),
        "plugin `nest`: `start` would make 11 instances alive in this host, and 10 are \
         allowed; drop plugins that are not needed, or allow more in `HostLimits`"
    );
    drop(full);
    assert_eq!(nest.host.usage().instances, 1);
}

fn nest_again(nest: &Nest) -> Prepared<NestGuest<State>> {
    let errors = Arc::clone(&nest.errors);
    nest.host
        .plugin(&candidate())
        .prepare_with::<NestGuest<State>>(move |context| {
            Ok(State {
                does: Does::Waits,
                prepared: Arc::default(),
                meter: context.meter,
                errors: Arc::clone(&errors),
            })
        })
        .expect("the guest fits")
}
