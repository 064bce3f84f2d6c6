//! Whether a call's fuel was counted up to where it failed. Counts nothing.

use wasmtime::Trap;

/// How far the fuel of a call was counted.
///
/// Compiled code keeps it in a register, and writes it to the store before it calls,
/// returns, aborts (`unreachable`) or asks for more fuel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    InFull,
    /// Up to some call before the end.
    InPart,
}

impl Counted {
    /// How far, where a call failed with this error.
    pub(crate) fn of(error: &wasmtime::Error) -> Self {
        match error.downcast_ref::<Trap>() {
            // The host's own errors come from functions that the guest called.
            None
            | Some(
                Trap::UnreachableCodeReached
                | Trap::OutOfFuel
                // Looked for as a function is entered.
                | Trap::StackOverflow
                | Trap::IndirectCallToNull
                | Trap::BadSignature
                | Trap::CannotLeaveComponent
                | Trap::CannotEnterComponent,
            ) => Self::InFull,
            // Anything else may come from the middle of a function.
            Some(_) => Self::InPart,
        }
    }
}
