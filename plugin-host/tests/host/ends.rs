//! What a call is told to have used, however it ended, and which call a canceller ends.

use crate::rogue::{Rogue, RogueRogue, Shop, limits, loader};
use plugin_host::{ErrorKind, LimitKind, Limits, Plugin, Pool, Prepared, Usage};
use std::thread;
use std::time::{Duration, Instant};

fn timed(limits: Limits) -> Rogue {
    loader(limits)
        .measure_time()
        .load_with(Shop::open)
        .expect("the guest fits")
}

/// Makes the guest spin until somebody ends that, and tells how long it took.
fn spin_until_cancelled(plugin: &mut Rogue, after: Duration) -> Duration {
    let canceller = Plugin::canceller(plugin);
    let thread = thread::spawn(move || {
        thread::sleep(after);
        canceller.cancel();
    });
    let start = Instant::now();
    let error = plugin.act("spin").expect_err("it was cancelled");
    let took = start.elapsed();
    thread.join().expect("nothing panics");
    assert!(
        matches!(error.kind(), ErrorKind::Cancelled { .. }),
        "{error}"
    );
    let report = error.report().expect("a call has one");
    assert!(
        report.elapsed >= after && report.elapsed <= took,
        "{report}"
    );
    took
}

#[test]
fn fuel_is_told_in_full_or_not_at_all_however_a_call_ends() {
    let fuel = 500_000_000;
    let mut plugin = timed(limits().fuel(fuel));
    // What it does, and whether what it executed is known.
    let ends = [
        ("count", true),
        ("panic", true),
        ("abort", true),
        ("exit", true),
        // Its stack is in its memory, and it ends outside of that.
        ("recurse", false),
        ("index", true),
        ("call the host for ever", true),
    ];
    let (mut calls, mut known, mut uncounted) = (0, 0, 0);
    for (what, counted) in ends {
        let _ = plugin.act(what);
        let usage = Plugin::last_usage(&plugin);
        assert_eq!(usage.uncounted, u64::from(!counted), "{what}: {usage:?}");
        assert_eq!(usage.fuel.is_some(), counted, "{what}: {usage:?}");
        assert!(usage.fuel.is_none_or(|fuel| fuel > 0), "{what}: {usage:?}");
        calls += 1;
        known += usage.fuel.unwrap_or(0);
        uncounted += usage.uncounted;
    }

    spin_until_cancelled(&mut plugin, Duration::from_millis(60));
    let usage = Plugin::last_usage(&plugin);
    assert_eq!((usage.calls, usage.fuel, usage.uncounted), (1, None, 1));
    let total = Plugin::total_usage(&plugin);
    assert_eq!(
        (total.calls, total.fuel, total.uncounted),
        (calls + 1, Some(known), uncounted + 1)
    );
}

#[test]
fn a_call_that_used_up_its_fuel_used_all_of_it() {
    let mut plugin = timed(limits().fuel(3_000_000));
    plugin.act("spin").expect_err("it loops");
    let Usage {
        fuel, uncounted, ..
    } = Plugin::last_usage(&plugin);
    assert!(fuel.is_some_and(|fuel| fuel >= 2_999_000), "{fuel:?}");
    assert_eq!(uncounted, 0);
}

#[test]
fn wall_time_is_that_of_the_call_when_it_is_cancelled_or_runs_out_of_time() {
    let mut plugin = timed(Limits::default().deadline(Duration::from_secs(60)));
    let mut total = Duration::ZERO;
    for after in [30, 90].map(Duration::from_millis) {
        let took = spin_until_cancelled(&mut plugin, after);
        let told = Plugin::last_usage(&plugin)
            .wall_time
            .expect("it is measured");
        assert!(told >= after && told <= took, "{told:?} of {took:?}");
        total += told;
    }
    assert_eq!(Plugin::total_usage(&plugin).wall_time, Some(total));

    let deadline = Duration::from_millis(70);
    let mut plugin = timed(Limits::default().deadline(deadline));
    let start = Instant::now();
    let error = plugin.act("spin").expect_err("it runs out of time");
    let took = start.elapsed();
    let told = Plugin::last_usage(&plugin)
        .wall_time
        .expect("it is measured");
    assert!(told >= deadline && told <= took, "{told:?} of {took:?}");
    let report = error.report().expect("a call has one");
    assert!(
        report.elapsed >= deadline && report.elapsed <= took,
        "{report}"
    );
}

#[test]
fn a_deadline_is_never_early_and_the_report_tells_the_real_time_on_a_busy_machine() {
    let deadline = Duration::from_millis(100);
    let prepared: Prepared<RogueRogue<Shop>> = loader(Limits::default().deadline(deadline))
        .prepare_with(Shop::open)
        .expect("the guest fits");
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut plugin = prepared.start().expect("it starts");
                let start = Instant::now();
                let error = plugin.act("spin").expect_err("it runs out of time");
                let took = start.elapsed();
                assert!(
                    matches!(
                        error.kind(),
                        ErrorKind::Limit {
                            limit: LimitKind::Deadline,
                            ..
                        }
                    ),
                    "{error}"
                );
                let told = error.report().expect("a call has one").elapsed;
                assert!(took >= deadline && told >= deadline, "{told:?} of {took:?}");
                // A plain call is known to have begun since the tick before it, which
                // may have been a while ago on a machine that has too much to do.
                let late = Duration::from_secs(2);
                assert!(told <= took + late, "{told:?} of {took:?}");
            });
        }
    });
}

#[test]
fn a_canceller_ends_the_call_that_it_was_taken_for_and_no_later_one() {
    let mut plugin = timed(limits());
    let late = Plugin::canceller(&plugin);
    plugin.act("nothing").expect("nobody cancelled");
    late.cancel();
    plugin.act("nothing").expect("that was for the call before");

    let early = Plugin::canceller(&plugin);
    early.cancel();
    let error = plugin.act("spin").expect_err("it was cancelled before");
    assert!(
        matches!(error.kind(), ErrorKind::Cancelled { .. }),
        "{error}"
    );
    assert_eq!(plugin.act("count").expect("and the next one is not"), "1");

    let scope = Plugin::canceller(&plugin);
    let spun = Plugin::under_one_budget(&mut plugin, |plugin| {
        plugin.act("nothing").expect("nobody cancelled yet");
        scope.cancel();
        plugin.act("spin")
    });
    let error = spun
        .expect("it began")
        .expect_err("all of it was cancelled");
    assert!(
        matches!(error.kind(), ErrorKind::Cancelled { .. }),
        "{error}"
    );
    scope.cancel();
    plugin
        .act("nothing")
        .expect("that was for the scope before");
}

#[test]
fn a_canceller_ends_nothing_of_the_next_who_takes_the_plugin_from_a_pool() {
    let prepared: Prepared<RogueRogue<Shop>> = loader(limits())
        .prepare_with(Shop::open)
        .expect("the guest fits");
    let pool = Pool::new(&prepared, 1);
    let kept = Plugin::canceller(&pool.get().expect("there is one"));
    let mut next = pool.get().expect("it was given back");
    kept.cancel();
    next.act("nothing").expect("it is another's call");
}
