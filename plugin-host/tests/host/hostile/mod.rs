//! Attacks, each shown to end as it should, to leave the host as it was, and to
//! cost another plugin of the same host nothing.

mod bytes;
mod code;
mod guest;
mod lent;
mod reentry;
mod values;

use plugin_host::{Candidate, Error, ErrorKind, Host, Limits, Trap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

plugin_host::world! {
    inline: "
        package test:bystander;
        world good { export evaluate: func(x: s32, y: s32) -> s32; }",
}

/// Runs an attack once; what the guest answers where it fails to fail.
pub(crate) type Attacker = Box<dyn FnMut() -> Result<String, Error>>;

/// Limits under which an attack is soon over.
pub(crate) fn limits() -> Limits {
    Limits::default()
        .deadline(Duration::from_millis(300))
        .start_deadline(Duration::from_millis(300))
        .memory(10 * 65_536)
        .table_elements(1000)
        .value(100_000)
        .handles(200)
        .host_calls(1000)
}

/// Repeats an attack until another plugin of the same host has made a thousand
/// calls, and says how it ended, which is the same way each time.
pub(crate) fn contained(load: impl Fn(&Host) -> Result<Attacker, Error>) -> String {
    let host = crate::rogue::host_builder().limits(limits()).build();
    let host = host.expect("the engine starts");
    let mut bystander = host
        .plugin(&good())
        // The attacks keep the machine busy.
        .limits(Limits::default().deadline(Duration::from_secs(60)))
        .load::<BystanderGood>()
        .expect("it fits");
    assert_eq!(bystander.evaluate(1, 2).expect("it is well before"), 3);
    let held = || (host.usage().instances, host.usage().memory);
    let before = held();

    let done = AtomicBool::new(false);
    let mut outcomes = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for i in 0..1000 {
                assert_eq!(bystander.evaluate(i, 1).expect("it is well"), i + 1);
            }
            done.store(true, Ordering::Relaxed);
        });
        let mut attacker = None;
        let mut attack = || {
            if attacker.is_none() {
                attacker = Some(load(&host)?);
            }
            attacker.as_mut().expect("it was just loaded")()
        };
        // At least twice: the second time meets what the first left behind.
        while outcomes.len() < 2 || !done.load(Ordering::Relaxed) {
            outcomes.push(describe(attack()));
        }
    });
    assert_eq!(bystander.evaluate(3, 4).expect("it is well after"), 7);
    assert_eq!(held(), before, "nothing is left behind");
    outcomes.dedup();
    assert_eq!(
        outcomes.len(),
        1,
        "it ends the same way each time: {outcomes:?}"
    );
    outcomes.remove(0)
}

/// The exact kind of an outcome, in a few words.
fn describe(outcome: Result<String, Error>) -> String {
    let error = match outcome {
        Ok(answer) => return format!("fine: {answer}"),
        Err(error) => error,
    };
    let line = error.to_string();
    assert!(
        !line.contains(char::is_control),
        "{line:?} is safe to print"
    );
    match error.kind() {
        ErrorKind::Limit { call, limit, .. } => format!("limit: {limit:?} in {call}"),
        ErrorKind::Trap {
            trap: Trap::Other(detail),
            ..
        } => format!("trap: {detail}"),
        ErrorKind::Trap { trap, .. } => format!("trap: {trap:?}"),
        ErrorKind::Panic { message, .. } => format!("panic: {message}"),
        ErrorKind::Exit { .. } => "exit".to_owned(),
        ErrorKind::Component(error) => format!("component: {error:?}"),
        ErrorKind::Compile(detail) => format!("compile: {detail}"),
        ErrorKind::Unfit(reasons) => format!("unfit: {reasons:?}"),
        other => format!("other: {other:?}"),
    }
}

/// A component that adds two numbers.
fn good() -> Candidate {
    let bytes = wat::parse_str(
        r#"(component
            (core module $m (func (export "f") (param i32 i32) (result i32)
                (i32.add (local.get 0) (local.get 1))))
            (core instance $i (instantiate $m))
            (func (export "evaluate") (param "x" s32) (param "y" s32) (result s32)
                (canon lift (core func $i "f"))))"#,
    );
    Candidate::from_bytes("good", bytes.expect("a component")).expect("a component")
}

/// A test for each attack: what it is, and how it ends.
macro_rules! attacks {
    ($($(#[$when:meta])* $name:ident: $load:expr => $ends:expr;)*) => { $(
        $(#[$when])*
        #[test]
        fn $name() {
            let ended = $crate::hostile::contained($load);
            let ends: &str = $ends;
            assert!(ended.starts_with(ends), "{ended}");
        }
    )* };
}
pub(crate) use attacks;
