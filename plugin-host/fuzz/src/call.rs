//! One call of a guest: how it is made, and what came of it.

use crate::application::{Application, Boom, SequenceGuest};
use plugin_host::Error;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// One call of a guest.
#[derive(Clone, Debug, arbitrary::Arbitrary)]
#[expect(missing_docs, reason = "the world's functions, by their names")]
pub enum Call {
    Add(u32, u32),
    Count,
    Echo(String),
    Garble { at: u32, length: u32 },
    Abort,
    Divide(u32, u32),
    Load(u32),
    Spin,
    Recurse,
    Grow(u16),
    Hoard(u16),
    Ping(u8),
    Work(u64),
    Refuse,
    Boom,
    Say(u8),
    Panic,
}

/// What came of a call, or of a start.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It answered with nothing.
    Nothing,
    /// It answered with a number.
    Number(i64),
    /// It answered with a text.
    Text(String),
    /// It failed.
    Failed(Error),
    /// The application's own function panicked.
    Panicked,
}

impl Call {
    /// Makes the call.
    pub(crate) fn make(&self, guest: &mut SequenceGuest<Application>) -> Outcome {
        Outcome::of(|| {
            Ok(match self {
                Self::Add(a, b) => number(guest.add(*a, *b)?),
                Self::Count => number(guest.count()?),
                Self::Echo(text) => Outcome::Text(guest.echo(text)?),
                Self::Garble { at, length } => Outcome::Text(guest.garble(*at, *length)?),
                Self::Abort => nothing(guest.abort()?),
                Self::Divide(a, b) => number(guest.divide(*a, *b)?),
                Self::Load(at) => number(guest.load(*at)?),
                Self::Spin => nothing(guest.spin()?),
                Self::Recurse => nothing(guest.recurse()?),
                Self::Grow(pages) => number(guest.grow(u32::from(*pages))?),
                Self::Hoard(pages) => nothing(guest.hoard(u32::from(*pages))?),
                Self::Ping(times) => number(guest.ping(u32::from(*times))?),
                Self::Work(fuel) => nothing(guest.work(*fuel)?),
                Self::Refuse => nothing(guest.refuse()?),
                Self::Boom => nothing(guest.boom()?),
                Self::Say(times) => nothing(guest.say(u32::from(*times))?),
                Self::Panic => nothing(guest.panic()?),
            })
        })
    }
}

impl Outcome {
    /// Runs `action`, in which the application may panic on purpose.
    pub(crate) fn of(action: impl FnOnce() -> Result<Self, Error>) -> Self {
        match catch_unwind(AssertUnwindSafe(action)) {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => Self::Failed(error),
            Err(panic) if panic.is::<Boom>() => Self::Panicked,
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Whether it was an answer.
    #[must_use]
    pub(crate) fn is_answer(&self) -> bool {
        !matches!(self, Self::Failed(_) | Self::Panicked)
    }
}

fn number(number: impl Into<i64>) -> Outcome {
    Outcome::Number(number.into())
}

fn nothing((): ()) -> Outcome {
    Outcome::Nothing
}
