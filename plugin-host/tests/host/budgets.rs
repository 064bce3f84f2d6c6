//! Each budget ends the guest that attacks it, and the plugin works afterwards.

use crate::rogue::{Rogue, RogueRogue, Shop, candidate, host_builder, limits, loader, rogue};
use plugin_host::{Blame, Error, ErrorKind, HostLimits, LimitKind, Limits, MIB, Plugin, Trap};
use std::time::{Duration, Instant};

/// Makes the guest do `what`, which must fail, and then shows that the plugin is
/// well and that it was a fresh instance that answered.
fn fails(plugin: &mut Rogue, what: &str) -> Error {
    plugin.act("count").expect("the plugin is well before");
    let error = plugin.act(what).expect_err("this must not succeed");
    assert_eq!(error.blame(), Blame::Plugin);
    let count = plugin.act("count").expect("the plugin is well after");
    assert_eq!(count, "1", "a fresh instance answers");
    error
}

fn limit(error: &Error) -> Option<(LimitKind, u64)> {
    match error.kind() {
        ErrorKind::Limit { limit, allowed, .. } => Some((*limit, *allowed)),
        _ => None,
    }
}

#[test]
fn a_loop_ends_when_its_fuel_is_used_up() {
    let mut plugin = rogue(limits().fuel(1_000_000));
    let error = fails(&mut plugin, "spin");
    assert_eq!(limit(&error), Some((LimitKind::Fuel, 1_000_000)));
    assert_eq!(
        error.to_string(),
        "plugin `test.rogue`: `act` used up its fuel of 1000000 instructions; \
         it may loop: report this to its author, or allow more fuel"
    );
}

#[test]
fn a_loop_ends_at_the_deadline() {
    let mut plugin = rogue(Limits::default().deadline(Duration::from_millis(50)));
    let error = fails(&mut plugin, "spin");
    assert_eq!(limit(&error), Some((LimitKind::Deadline, 50)));
    assert_eq!(
        error.to_string(),
        "plugin `test.rogue`: `act` ran past its deadline of 50ms; \
         it may loop or wait: report this to its author, or allow more time"
    );
}

/// An hour's sleep under a deadline of 50 ms, in whatever context this is called.
fn sleep_ends_at_the_deadline() {
    let mut plugin = rogue(Limits::default().deadline(Duration::from_millis(50)));
    let start = Instant::now();
    let error = plugin.act("sleep for an hour").expect_err("it is too long");
    println!("an hour's sleep under 50 ms: {:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(2));
    assert_eq!(limit(&error), Some((LimitKind::Deadline, 50)));
    let mut plugin = rogue(limits());
    for _ in 0..200 {
        plugin.act("nap").expect("short sleeps are fine");
    }
    plugin.act("print").expect("printing is fine");
}

#[test]
fn a_sleep_ends_at_the_deadline() {
    sleep_ends_at_the_deadline();
}

#[tokio::test(flavor = "current_thread")]
async fn a_sleep_ends_at_the_deadline_in_a_current_thread_runtime() {
    sleep_ends_at_the_deadline();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sleep_ends_at_the_deadline_in_a_multi_thread_runtime() {
    let task = tokio::spawn(async { sleep_ends_at_the_deadline() });
    task.await.expect("nothing panics");
}

#[test]
fn a_sleeping_call_is_cancelled_from_another_thread() {
    let mut plugin = rogue(Limits::default().deadline(Duration::from_secs(600)));
    let canceller = Plugin::canceller(&plugin);
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        canceller.cancel();
    });
    let start = Instant::now();
    let error = plugin
        .act("sleep for an hour")
        .expect_err("it was cancelled");
    assert!(start.elapsed() < Duration::from_secs(60));
    assert!(
        matches!(error.kind(), ErrorKind::Cancelled { .. }),
        "{error:?}"
    );
    assert_eq!(plugin.act("count").expect("it is well again"), "1");
    thread.join().expect("nothing panics");
}

#[test]
fn reading_stdin_finds_it_empty() {
    let mut plugin = rogue(limits());
    assert_eq!(plugin.act("read stdin").expect("it returns"), "");
}

#[test]
fn memory_ends_at_its_limit() {
    let mut plugin = rogue(limits().memory(8 * MIB));
    let error = fails(&mut plugin, "hog memory");
    assert_eq!(limit(&error), Some((LimitKind::Memory, 8 * MIB)));
    let peak = error.report().expect("there is a report").usage.peak_memory;
    assert!((6 * MIB..=8 * MIB).contains(&peak), "{peak}");
}

#[test]
fn initial_memory_counts_and_fails_the_start() {
    let error = loader(limits().memory(4096))
        .load_with::<crate::rogue::RogueRogue<crate::rogue::Shop>>(crate::rogue::Shop::open)
        .expect_err("there is no room for its first pages");
    assert_eq!(limit(&error), Some((LimitKind::Memory, 4096)));
    assert!(
        error
            .to_string()
            .starts_with("plugin `test.rogue`: `start` asked for ")
    );
}

#[test]
fn a_start_has_a_budget_of_its_own() {
    let start = |limits: Limits| {
        let plugin = loader(limits).load_with::<RogueRogue<Shop>>(Shop::open);
        plugin.map(drop).map_err(|error| error.to_string())
    };
    let poor = limits().start_fuel(1);
    assert_eq!(
        start(poor).expect_err("it takes more than one"),
        "plugin `test.rogue`: `start` used up its fuel of 1 instructions; \
         it may loop: report this to its author, or allow more fuel"
    );
    // A call that may do almost nothing does not keep the guest from starting.
    start(limits().fuel(1).start_fuel(1_000_000)).expect("it starts");
    start(limits().fuel(1)).expect_err("as much as a call, where nothing is said");
}

#[test]
fn memory_over_all_plugins_ends_at_the_hosts_limit() {
    let host = host_builder()
        .limits(limits())
        .host_limits(HostLimits::default().memory(12 * MIB))
        .build()
        .expect("the engine starts");
    let start = || host.load_with::<RogueRogue<Shop>>(&candidate(), Shop::open);
    let (mut first, second) = (start().expect("it starts"), start().expect("it starts"));
    let held = host.usage();
    assert_eq!(held.instances, 2);
    let error = first.act("hog memory").expect_err("it must not succeed");
    assert_eq!(limit(&error), Some((LimitKind::HostMemory, 12 * MIB)));
    assert_eq!(error.blame(), Blame::Application);
    let message = error.to_string();
    assert!(
        message.starts_with("plugin `test.rogue`: `act` would make 1")
            && message.ends_with(
                " bytes of memory over all plugins of this host, and 12582912 are allowed; \
                 drop plugins that are not needed, or allow more in `HostLimits`"
            ),
        "{message}"
    );
    assert!(host.usage().memory < held.memory, "its instance is gone");
    first.act("count").expect("it is well again");
    assert_eq!(host.usage(), held);
    drop((first, second));
    assert_eq!((host.usage().instances, host.usage().memory), (0, 0));
}

#[test]
fn host_calls_end_at_their_limit() {
    let mut plugin = rogue(limits().host_calls(1000));
    let error = fails(&mut plugin, "call the host for ever");
    assert_eq!(limit(&error), Some((LimitKind::HostCalls, 1000)));
    assert_eq!(
        error.report().expect("there is a report").usage.host_calls,
        1000
    );
}

#[test]
fn a_host_function_charges_fuel_and_sees_the_time_left() {
    let mut plugin = rogue(limits());
    let left: u64 = plugin
        .act("cheap work")
        .expect("it is affordable")
        .parse()
        .expect("ms");
    assert!((1..=20_010).contains(&left), "{left}");
    let cheap = Plugin::last_usage(&plugin).fuel.expect("fuel is metered");
    plugin.act("stock").expect("the call succeeds");
    let plain = Plugin::last_usage(&plugin).fuel.expect("fuel is metered");
    assert!(cheap >= plain + 500, "{cheap} against {plain}");

    let error = fails(&mut plugin, "dear work");
    assert_eq!(limit(&error), Some((LimitKind::Fuel, 500_000_000)));
}

#[test]
fn a_panic_is_told_with_its_text_and_place() {
    let mut plugin = rogue(limits());
    let error = fails(&mut plugin, "panic");
    let ErrorKind::Panic { message, place, .. } = error.kind() else {
        panic!("{error:?}");
    };
    assert_eq!(message, "deliberate: 42");
    let (file, line, _) = place.as_ref().expect("the place is known");
    let line_in_source = include_str!("../guests/rogue/src/lib.rs")
        .lines()
        .position(|line| line.contains("deliberate"))
        .expect("it is in the source");
    assert!(file.ends_with("rogue/src/lib.rs"), "{file}");
    assert_eq!(*line as usize, line_in_source + 1);
    assert!(
        error
            .to_string()
            .contains(&format!("`act` panicked at {file}:{line}:"))
    );
}

#[test]
fn other_failures_are_told_apart() {
    let mut plugin = rogue(limits());
    for (what, words) in [
        (
            "recurse",
            "`act` overflowed its stack, it may recurse endlessly; report this to its author",
        ),
        (
            "abort",
            "`act` aborted without saying why; report this to its author",
        ),
        (
            "exit",
            "`act` ended the plugin with success, and a plugin is to return; \
             report this to its author",
        ),
    ] {
        let error = fails(&mut plugin, what);
        assert_eq!(error.to_string(), format!("plugin `test.rogue`: {words}"));
    }
    let error = fails(&mut plugin, "recurse");
    assert!(matches!(
        error.kind(),
        ErrorKind::Trap {
            trap: Trap::StackOverflow,
            ..
        }
    ));
    let error = fails(&mut plugin, "index");
    assert!(
        error
            .to_string()
            .contains("index out of bounds: the len is 0 but the index is 7")
    );
}

#[test]
fn the_report_shows_where_and_what_was_written() {
    let mut plugin = rogue(limits());
    plugin.act("print").expect("printing is fine");
    plugin.act("log").expect("logging is fine");
    let error = plugin.act("recurse").expect_err("it overflows");
    let report = error.report().expect("there is a report").to_string();
    for part in [
        "call: act\n",
        "fuel: up to 500000000 instructions, not counted since it was stopped midway\n",
        "time: about ",
        " of 20s\n",
        " of 67108864 bytes\n",
        " of 100000 elements\n",
        "host calls: 0 of 1000000\n",
        "to services: 0 bytes, at most 16777216 at once\n",
        "rogue::recurse\n",
        "  (for files and lines, build the plugin with `debug = 1` in its profile, and \
         the host with `HostBuilder::source_lines`)\n",
        "stderr: to stderr",
        "stdout: to stdout",
        "log: warn: running low",
    ] {
        assert!(report.contains(part), "no `{part}` in:\n{report}");
    }
}

#[test]
fn a_backtrace_names_files_and_lines_where_both_sides_were_built_for_it() {
    let host = host_builder().limits(limits()).source_lines().build();
    let mut plugin = host
        .expect("the engine starts")
        .load_with::<RogueRogue<Shop>>(&candidate(), Shop::open)
        .expect("the guest fits");
    let error = plugin.act("recurse").expect_err("it overflows");
    let report = error.report().expect("there is a report");
    let recursing = report.backtrace.iter().find(|frame| {
        let function = frame.function.as_deref();
        function.is_some_and(|function| function.ends_with("recurse"))
    });
    let (file, line) = recursing
        .and_then(|frame| frame.place.as_ref())
        .expect("the place is known");
    assert!(file.ends_with("rogue/src/lib.rs"), "{file}");
    let source = include_str!("../guests/rogue/src/lib.rs");
    let function = source.lines().position(|line| line.contains("fn recurse("));
    let first = function.expect("it is there") as u32 + 1;
    assert!((first..first + 9).contains(line), "{line}");
    let text = report.to_string();
    assert!(
        text.contains(&format!("recurse at {file}:{line}\n")),
        "{text}"
    );
    assert!(!text.contains("(for files"), "{text}");
}

#[test]
fn a_guest_finds_nothing_that_was_not_granted() {
    let mut plugin = rogue(limits());
    assert_eq!(
        plugin.act("look around").expect("it may look"),
        "0 0 false false"
    );
}

#[test]
fn a_flood_of_output_keeps_the_newest_and_counts_the_rest() {
    let mut plugin = rogue(limits().output(10_000));
    plugin.act("flood").expect("a flood is no failure");
    let output = Plugin::output(&plugin);
    assert!(output.stdout.ends_with("line 9998\nline 9999\n"));
    assert!(output.stdout.len() <= 10_000);
    let last = output.log.last().expect("there are records");
    assert_eq!(last.message, "record 9999");
    assert_eq!(output.log.len() as u64 + output.dropped_records, 10_000);
    assert!(output.dropped_bytes > 80_000);
}
