//! What a guest must answer, and how it must fail. Pure: knows what was asked of
//! one instance, and runs nothing.

use crate::application::{FUEL, HOST_CALLS, MEMORY, Mood, PAGE, Refused, Setup};
use crate::call::{Call, Outcome};
use plugin_host::{Error, ErrorKind, LimitKind, Trap};

/// More fuel than the guests' own instructions use under one budget.
const SLACK: u64 = 500_000;

/// The pages that a memory without a maximum may have.
const MOST_PAGES: u64 = 65_536;

/// One instance, as it should be.
#[derive(Debug)]
pub(crate) struct Model {
    setup: Setup,
    /// Pages of the memory that answers, and of all.
    own_pages: u64,
    all_pages: u64,
    counter: i64,
    /// What was used of the budget.
    host_calls: u64,
    charged: u64,
    /// Whether growth was refused under the budget.
    refused: bool,
    /// Whether the fuel, or the time, ran out somewhere in a call.
    interrupted: bool,
}

impl Model {
    /// An instance that has just started.
    #[must_use]
    pub(crate) fn started(setup: Setup) -> Self {
        Self {
            setup,
            own_pages: 1,
            all_pages: setup.guest.pages(),
            counter: 0,
            host_calls: 0,
            charged: 0,
            refused: false,
            interrupted: false,
        }
    }

    /// A call or several begin, under a budget.
    pub(crate) fn arm(&mut self) {
        self.host_calls = 0;
        self.charged = 0;
        self.refused = false;
        self.interrupted = false;
    }

    /// The most memory that the instance has held.
    #[must_use]
    pub(crate) fn peak_memory(&self) -> u64 {
        // It never shrinks.
        self.all_pages * PAGE
    }

    /// The host calls under this budget, where nothing interrupted one.
    #[must_use]
    pub(crate) fn host_calls(&self) -> Option<u64> {
        (!self.interrupted).then_some(self.host_calls)
    }

    /// Checks what came of a call.
    pub(crate) fn check(&mut self, call: &Call, outcome: &Outcome) {
        if let Outcome::Failed(error) = outcome
            && self.out_of_time(call, error)
        {
            self.interrupted = true;
            return;
        }
        let right = self.expects(call, outcome);
        assert!(right, "{call:?}: {outcome:?} of {self:?}");
    }

    /// Whether fuel or time was used up, where it may be.
    fn out_of_time(&mut self, call: &Call, error: &Error) -> bool {
        match error.kind() {
            ErrorKind::Limit { limit, .. } if *limit == LimitKind::Fuel => {
                if let Call::Work(fuel) = call {
                    self.charged = self.charged.saturating_add(*fuel);
                }
                assert!(self.setup.metered, "{error:?}");
                let used = self.charged.saturating_add(SLACK);
                assert!(matches!(call, Call::Spin) || used >= FUEL, "{error:?}");
                true
            }
            ErrorKind::Limit { limit, .. } if *limit == LimitKind::Deadline => {
                // A busy machine may end any call whose deadline is short.
                assert!(!self.setup.metered, "{error:?}");
                true
            }
            _ => false,
        }
    }

    fn expects(&mut self, call: &Call, outcome: &Outcome) -> bool {
        let traps = |expected: Trap| match outcome {
            Outcome::Failed(error) => trap(error) == Some(&expected),
            _ => false,
        };
        let number = |expected: i64| matches!(outcome, Outcome::Number(n) if *n == expected);
        let within = |at: u32, length: u64, pages: u64| u64::from(at) + length <= pages * PAGE;
        match call {
            Call::Add(a, b) => number(a.wrapping_add(*b).into()),
            Call::Count => {
                self.counter += 1;
                number(self.counter)
            }
            Call::Echo(text) => matches!(outcome, Outcome::Text(t) if t == text),
            Call::Garble { at, length } => match outcome {
                Outcome::Text(text) => {
                    text.len() as u64 == u64::from(*length)
                        && within(*at, u64::from(*length), self.own_pages)
                }
                // Out of bounds, or not UTF-8.
                Outcome::Failed(error) => matches!(trap(error), Some(Trap::Other(_))),
                _ => false,
            },
            Call::Abort if self.refused => limit(outcome, LimitKind::Memory),
            Call::Abort => traps(Trap::Abort),
            Call::Divide(_, 0) => traps(Trap::Arithmetic),
            Call::Divide(a, b) => number((a / b).into()),
            Call::Load(at) if within(*at, 4, self.own_pages) => {
                matches!(outcome, Outcome::Number(_))
            }
            Call::Load(_) => traps(Trap::OutOfBounds),
            Call::Recurse => traps(Trap::StackOverflow),
            Call::Grow(pages) => {
                let before = self.own_pages;
                let grown = self.grow(u64::from(*pages));
                number(grown.map_or(-1, |()| before.cast_signed()))
            }
            Call::Hoard(pages) => match self.grow(u64::from(*pages)) {
                Some(()) => matches!(outcome, Outcome::Nothing),
                None if self.refused => limit(outcome, LimitKind::Memory),
                None => traps(Trap::Abort),
            },
            Call::Ping(times) => {
                self.calls_host(u64::from(*times), outcome, || number(i64::from(*times)))
            }
            Call::Say(times) => self.calls_host(u64::from(*times), outcome, || {
                matches!(outcome, Outcome::Nothing)
            }),
            Call::Work(fuel) => {
                let charged = self.charged.saturating_add(*fuel);
                let affordable = !self.setup.metered || charged <= FUEL;
                let right = self.calls_host(1, outcome, || {
                    affordable && matches!(outcome, Outcome::Nothing)
                });
                self.charged = charged;
                right
            }
            Call::Refuse => self.calls_host(1, outcome, || refused(outcome)),
            Call::Boom => self.calls_host(1, outcome, || matches!(outcome, Outcome::Panicked)),
            Call::Panic => self.calls_host(1, outcome, || panicked(outcome)),
            Call::Spin => false,
        }
    }

    /// The memory that answers grows, or does not.
    fn grow(&mut self, pages: u64) -> Option<()> {
        if self.own_pages + pages > MOST_PAGES {
            return None;
        }
        if (self.all_pages + pages) * PAGE > MEMORY {
            self.refused = true;
            return None;
        }
        self.own_pages += pages;
        self.all_pages += pages;
        Some(())
    }

    /// The guest calls the host so often, and the rest holds where it may.
    fn calls_host(&mut self, times: u64, outcome: &Outcome, rest: impl FnOnce() -> bool) -> bool {
        self.host_calls += times;
        if self.host_calls > HOST_CALLS {
            // The last one was refused.
            self.host_calls = HOST_CALLS;
            return limit(outcome, LimitKind::HostCalls);
        }
        rest()
    }
}

/// Checks what came of a start in a mood, which is not good.
pub(crate) fn check_start(mood: Mood, setup: Setup, outcome: &Outcome) {
    if let Outcome::Failed(error) = outcome
        && let ErrorKind::Limit { limit, .. } = error.kind()
        && *limit == LimitKind::Deadline
    {
        assert!(!setup.metered, "{error:?}");
        return;
    }
    let right = match mood {
        Mood::Good => false,
        Mood::Abort => {
            matches!(outcome, Outcome::Failed(error) if trap(error) == Some(&Trap::Abort))
        }
        Mood::Spin => setup.metered && limit(outcome, LimitKind::Fuel),
        Mood::Hoard => limit(outcome, LimitKind::Memory),
        Mood::Refuse => refused(outcome),
        Mood::Ping => limit(outcome, LimitKind::HostCalls),
        Mood::Boom => matches!(outcome, Outcome::Panicked),
        Mood::Stateless => matches!(outcome, Outcome::Failed(error)
            if matches!(error.kind(), ErrorKind::State(_))
                && error.application_error::<Refused>().is_some()),
    };
    assert!(right, "{mood:?}: {outcome:?} of {setup:?}");
}

fn trap(error: &Error) -> Option<&Trap> {
    match error.kind() {
        ErrorKind::Trap { trap, .. } => Some(trap),
        _ => None,
    }
}

fn limit(outcome: &Outcome, expected: LimitKind) -> bool {
    matches!(outcome, Outcome::Failed(error)
        if matches!(error.kind(), ErrorKind::Limit { limit, .. } if *limit == expected))
}

fn refused(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(error)
        if matches!(error.kind(), ErrorKind::HostFunction(_))
            && error.application_error::<Refused>().is_some())
}

fn panicked(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(error)
        if matches!(error.kind(), ErrorKind::Panic { place: Some((file, 7, 3)), .. }
            if file == "guest.wat"))
}
