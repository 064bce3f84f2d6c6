//! Tells from what the engine returned, and from what was seen meanwhile, why a
//! call failed. The one place that looks into the engine's errors.

use super::BoxError;
use super::kind::{ErrorKind, LimitKind, Trap};
use super::report::Frame;
use crate::limiter::{Refused, Resource};
use crate::limits::Limits;
use crate::meter::TooManyHostCalls;
use crate::services::{DeadlineReached, Panic};
use std::fmt;
use wasmtime::WasmBacktrace;
use wasmtime_wasi::I32Exit;

/// What a start is called among the calls.
pub(crate) const START: &str = "start";

/// What was seen while the call ran.
pub(crate) struct Evidence<'a> {
    pub(crate) call: &'a str,
    pub(crate) limits: &'a Limits,
    pub(crate) refused: Option<Refused>,
    pub(crate) panic: Option<Panic>,
}

/// A function of the application that may fail did; travels through the engine.
pub(crate) struct HostFunctionFailed(pub(crate) BoxError);

/// A host function charged more fuel than there was left.
#[derive(Debug)]
pub(crate) struct FuelCharged;

/// The kind of error, and where in the plugin it happened.
pub(crate) fn classify(error: wasmtime::Error, evidence: Evidence<'_>) -> (ErrorKind, Vec<Frame>) {
    let frames = error
        .downcast_ref::<WasmBacktrace>()
        .map(frames)
        .unwrap_or_default();
    (kind(error, evidence, &frames), frames)
}

fn kind(error: wasmtime::Error, evidence: Evidence<'_>, frames: &[Frame]) -> ErrorKind {
    let error = match error.downcast::<HostFunctionFailed>() {
        Ok(HostFunctionFailed(error)) => return ErrorKind::HostFunction(error),
        Err(error) => error,
    };
    let Evidence {
        call,
        limits,
        refused,
        panic,
    } = evidence;
    let call = call.to_owned();
    let limit = |limit, allowed| ErrorKind::Limit {
        call: call.clone(),
        limit,
        allowed,
        asked: None,
    };
    let deadline = || limit(LimitKind::Deadline, millis(limits));
    let fuel = || limit(LimitKind::Fuel, limits.fuel.unwrap_or(u64::MAX));

    if error.is::<DeadlineReached>() {
        return deadline();
    }
    if error.is::<TooManyHostCalls>() {
        return limit(LimitKind::HostCalls, limits.host_calls);
    }
    if error.is::<FuelCharged>() {
        return fuel();
    }
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        return ErrorKind::Exit {
            call,
            success: exit.0 == 0,
        };
    }
    let trap = error.downcast_ref::<wasmtime::Trap>();
    match trap {
        Some(wasmtime::Trap::Interrupt) => return deadline(),
        Some(wasmtime::Trap::OutOfFuel) => return fuel(),
        _ => {}
    }
    if let Some(Panic { message, place }) = panic {
        return ErrorKind::Panic {
            call,
            message,
            place,
        };
    }
    if let Some(error) = error
        .chain()
        .find_map(|e| e.downcast_ref::<std::io::Error>())
    {
        return ErrorKind::Engine(error.to_string());
    }
    // An allocation that fails ends a guest as an abort, and a start whose
    // first pages are refused ends without any trap.
    let starting = call == START;
    if let Some(Refused {
        resource,
        limit,
        asked,
    }) = refused
        && (trap == Some(&wasmtime::Trap::UnreachableCodeReached) || trap.is_none() && starting)
    {
        return ErrorKind::Limit {
            call,
            limit: match resource {
                Resource::Memory => LimitKind::Memory,
                Resource::TableElements => LimitKind::TableElements,
            },
            allowed: limit,
            asked: Some(asked),
        };
    }
    use wasmtime::Trap as T;
    let trap = match trap {
        None => Trap::Other(error.root_cause().to_string()),
        Some(T::StackOverflow) => Trap::StackOverflow,
        // A Rust guest's own stack lies in its memory and runs out of bounds.
        Some(T::MemoryOutOfBounds) if recurses(frames) => Trap::StackOverflow,
        Some(T::MemoryOutOfBounds | T::TableOutOfBounds | T::ArrayOutOfBounds) => Trap::OutOfBounds,
        Some(T::UnreachableCodeReached) => Trap::Abort,
        Some(T::IntegerDivisionByZero | T::IntegerOverflow) => Trap::Arithmetic,
        Some(other) => Trap::Other(other.to_string()),
    };
    ErrorKind::Trap { call, trap }
}

/// Whether the innermost frames show nothing but a few functions in turn, as
/// many as the engine records at most.
fn recurses(frames: &[Frame]) -> bool {
    const RECORDED: usize = 20;
    const IN_TURN: usize = 4;
    if frames.len() < RECORDED {
        return false;
    }
    let mut functions: Vec<_> = frames[..RECORDED].iter().map(|f| &f.function).collect();
    functions.sort();
    functions.dedup();
    functions.len() <= IN_TURN
}

fn frames(backtrace: &WasmBacktrace) -> Vec<Frame> {
    backtrace
        .frames()
        .iter()
        .map(|frame| Frame {
            function: frame
                .func_name()
                .map(|name| format!("{:#}", rustc_demangle::demangle(name))),
            place: frame
                .symbols()
                .iter()
                .find_map(|symbol| Some((symbol.file()?.to_owned(), symbol.line()?))),
        })
        .collect()
}

fn millis(limits: &Limits) -> u64 {
    u64::try_from(limits.deadline.as_millis()).unwrap_or(u64::MAX)
}

impl fmt::Debug for HostFunctionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for HostFunctionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for HostFunctionFailed {}

impl fmt::Display for FuelCharged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a host function charged more fuel than was left")
    }
}

impl std::error::Error for FuelCharged {}
