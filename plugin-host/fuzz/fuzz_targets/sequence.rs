//! Fuzzes the life of plugins: loads, calls that end well and badly, budgets
//! shared and replaced, against a model of what must come of each.

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use plugin_host_fuzz::{Call, Mood, Seat, Setup};

/// Steps of one sequence, and calls under one budget.
const STEPS: usize = 32;
const CALLS: usize = 12;

/// One step of a sequence.
#[derive(Debug, Arbitrary)]
enum Step {
    /// Loads a plugin into a seat. What sat there is dropped afterwards.
    Load { seat: bool, setup: Setup },
    /// Drops what sits there.
    Drop { seat: bool },
    /// Makes a call.
    Call { seat: bool, call: Call },
    /// Makes several under one budget.
    Calls { seat: bool, calls: Vec<Call> },
    /// Asks for the application's state.
    State { seat: bool },
    /// Sets how instances start from here on.
    Mood(Mood),
}

// Compiles the guests first: no sequence is to look slow for that.
fuzz_target!(init: Setup::warm_up(), |steps: Vec<Step>| {
    let mut seats = [None, None];
    let mut mood = Mood::Good;
    mood.set();
    for step in steps.iter().take(STEPS) {
        match step {
            Step::Load { seat, setup } => {
                if let Some(loaded) = Seat::load(*setup, mood) {
                    seats[usize::from(*seat)] = Some(loaded);
                }
            }
            Step::Drop { seat } => seats[usize::from(*seat)] = None,
            Step::Call { seat, call } => {
                if let Some(seat) = &mut seats[usize::from(*seat)] {
                    seat.call(call, mood);
                }
            }
            Step::Calls { seat, calls } => {
                if let Some(seat) = &mut seats[usize::from(*seat)] {
                    seat.calls(&calls[..calls.len().min(CALLS)], mood);
                }
            }
            Step::State { seat } => {
                if let Some(seat) = &mut seats[usize::from(*seat)] {
                    seat.state(mood);
                }
            }
            Step::Mood(next) => {
                mood = *next;
                mood.set();
            }
        }
    }
    // Whatever came before, a plugin that may start answers.
    Mood::Good.set();
    for mut seat in seats.into_iter().flatten() {
        seat.call(&Call::Add(40, 2), Mood::Good);
    }
});
