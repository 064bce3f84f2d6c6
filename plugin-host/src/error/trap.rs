//! How a plugin's code failed, where no budget and no panic explains it.

use super::one_line::one_line;
use std::fmt;

/// How a plugin's code failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trap {
    /// It called functions too deeply.
    StackOverflow,
    /// It aborted without saying why.
    Abort,
    /// It reached outside its memory.
    OutOfBounds,
    /// It divided by zero, or the result does not fit.
    Arithmetic,
    /// Anything else, in the engine's words.
    Other(String),
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StackOverflow => f.write_str("overflowed its stack, it may recurse endlessly"),
            Self::Abort => f.write_str("aborted without saying why"),
            Self::OutOfBounds => f.write_str("reached outside its memory"),
            Self::Arithmetic => f.write_str("divided by zero or overflowed"),
            Self::Other(detail) => write!(f, "failed: {}", one_line(detail)),
        }
    }
}
