//! Hostile calls without end take no more memory than a few. In a process of its
//! own, since other tests take memory too.
#![cfg(target_os = "linux")]

#[path = "host/rogue.rs"]
#[expect(dead_code, reason = "shared with the other tests")]
mod rogue;

use plugin_host::{Limits, MIB};
use rogue::{Rogue, rogue};

const ATTACKS: &[&str] = &[
    "spin",
    "hog memory",
    "panic",
    "recurse",
    "abort",
    "index",
    "exit",
    "call the host for ever",
    "flood",
    "log",
];

/// Makes hostile calls up to the given one.
fn attack(plugin: &mut Rogue, calls: std::ops::Range<usize>) {
    for call in calls {
        // Most fail; which way is for other tests.
        let _ = plugin.act(ATTACKS[call % ATTACKS.len()]);
    }
}

/// Pages that this process has in memory.
fn resident_pages() -> f64 {
    let text = std::fs::read_to_string("/proc/self/statm").expect("Linux tells");
    let pages = text.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    pages.expect("the second number")
}

#[test]
fn ten_thousand_hostile_calls_leave_no_more_memory_than_a_thousand() {
    let limits = Limits::default()
        .fuel(300_000)
        .memory(4 * MIB)
        .host_calls(1000);
    let mut plugin = rogue(limits);
    attack(&mut plugin, 0..1000);
    let early = resident_pages();
    attack(&mut plugin, 1000..10_000);
    let late = resident_pages();
    assert_eq!(plugin.act("count").expect("it is well"), "1");
    let growth = late / early - 1.0;
    println!("{early} pages, then {late}: {:+.2} %", growth * 100.0);
    assert!(growth < 0.05, "{early} pages, then {late}");
}
