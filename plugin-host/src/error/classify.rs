//! Tells from what the engine returned, and from what was seen meanwhile, why a
//! call failed. The one place that looks into the engine's errors.

use super::BoxError;
use super::kind::{ErrorKind, is_shortage};
use super::limit_kind::LimitKind;
use super::report::Frame;
use super::trap::Trap;
use crate::limiter::{Refused, Resource};
use crate::limits::Limits;
use crate::meter::{TooManyHostCalls, ValueTooLarge};
use crate::services::{DeadlineReached, Panic};
use std::fmt;
use std::time::Duration;
use wasmtime::component::ResourceTableError;
use wasmtime::{PoolConcurrencyLimitError, WasmBacktrace};
use wasmtime_wasi::I32Exit;

/// What a start is called among the calls.
pub(crate) const START: &str = "start";

/// What loading is called among the calls.
pub(crate) const LOAD: &str = "load";

/// What several calls under one budget are called before the first is made.
pub(crate) const SCOPE: &str = "under_one_budget";

/// What was seen while the call ran.
pub(crate) struct Evidence<'a> {
    pub(crate) call: &'a str,
    pub(crate) limits: &'a Limits,
    /// Whether somebody ended the call from outside.
    pub(crate) cancelled: bool,
    /// The deadline where a call around this one set it.
    pub(crate) inherited: Option<Duration>,
    /// How many instances the host may have.
    pub(crate) instances: u64,
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
        cancelled,
        inherited,
        instances,
        refused,
        panic,
    } = evidence;
    let starting = call == START;
    let call = call.to_owned();
    let limit_asked = |limit, allowed, asked| ErrorKind::Limit {
        call: call.clone(),
        limit,
        allowed,
        asked,
    };
    let limit = |kind, allowed| limit_asked(kind, allowed, None);
    let out_of_time = || {
        if cancelled {
            return ErrorKind::Cancelled { call: call.clone() };
        }
        let own = if starting {
            limits.start_deadline
        } else {
            limits.deadline
        };
        limit(LimitKind::Deadline, millis(inherited.unwrap_or(own)))
    };
    let fuel = || {
        let own = if starting {
            limits.start_fuel.or(limits.fuel)
        } else {
            limits.fuel
        };
        limit(LimitKind::Fuel, own.unwrap_or(u64::MAX))
    };

    if error.is::<DeadlineReached>() {
        return out_of_time();
    }
    if error.is::<TooManyHostCalls>() {
        return limit(LimitKind::HostCalls, limits.host_calls);
    }
    if error.is::<FuelCharged>() {
        return fuel();
    }
    if let Some(ValueTooLarge { asked }) = error.downcast_ref() {
        return limit_asked(LimitKind::Value, limits.value, Some(*asked));
    }
    if let Some(kind) = refused_by_engine(&error) {
        let allowed = match kind {
            LimitKind::Value => limits.value,
            LimitKind::Handles => limits.handles,
            LimitKind::Memories => limits.memories,
            _ => limits.instances,
        };
        return limit(kind, allowed);
    }
    if error.is::<PoolConcurrencyLimitError>() {
        return limit(LimitKind::HostPool, instances);
    }
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        return ErrorKind::Exit {
            call,
            success: exit.0 == 0,
        };
    }
    let trap = error.downcast_ref::<wasmtime::Trap>();
    match trap {
        Some(wasmtime::Trap::Interrupt) => return out_of_time(),
        Some(wasmtime::Trap::OutOfFuel) => return fuel(),
        _ => {}
    }
    if let Some(Panic { message, place }) = panic
        && !(refused.is_some() && is_out_of_memory(&message))
    {
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
        return match error.raw_os_error() {
            Some(code) if is_shortage(code) => {
                ErrorKind::Descriptors(std::io::Error::from_raw_os_error(code))
            }
            _ => ErrorKind::Engine(error.to_string()),
        };
    }
    // An allocation that fails ends a guest as an abort or a panic, and a start
    // whose first pages are refused ends without any trap.
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
                Resource::HostMemory => LimitKind::HostMemory,
                Resource::TableElements => LimitKind::TableElements,
            },
            allowed: limit,
            asked: Some(asked),
        };
    }
    // What a plugin does wrong while it starts is a trap, or was told by now.
    if starting && trap.is_none() {
        return ErrorKind::Engine(error.root_cause().to_string());
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
        Some(other) => {
            let words = other.to_string();
            let words = words.strip_prefix("wasm trap: ").unwrap_or(&words);
            Trap::Other(words.to_owned())
        }
    };
    ErrorKind::Trap { call, trap }
}

/// Whether a panic is the one of Rust's crate `alloc` for an allocation that fails,
/// where a guest has no standard library, which aborts.
fn is_out_of_memory(message: &str) -> bool {
    message.starts_with("memory allocation of ") && message.ends_with(" bytes failed")
}

/// Which limit the engine refused by, where it has no type for that: the one
/// place that reads its words.
fn refused_by_engine(error: &wasmtime::Error) -> Option<LimitKind> {
    if let Some(ResourceTableError::Full) = error.downcast_ref() {
        return Some(LimitKind::Handles);
    }
    let text = error.root_cause().to_string();
    if text.ends_with("fuel allocated for hostcalls has been exhausted") {
        Some(LimitKind::Value)
    } else if text.ends_with("store handle limit exceeded") {
        Some(LimitKind::Handles)
    } else if text.starts_with("resource limit exceeded: memory count ") {
        Some(LimitKind::Memories)
    } else if text.starts_with("resource limit exceeded: ") {
        Some(LimitKind::Instances)
    } else {
        None
    }
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
    // The guest's debug information says how many functions were inlined.
    const MOST: usize = 100;
    let frames = backtrace.frames().iter().flat_map(|frame| {
        let function = frame.func_name().map(demangled);
        let mut inlined: Vec<Frame> = frame
            .symbols()
            .iter()
            .take(MOST)
            .map(|symbol| Frame {
                function: symbol.name().map(demangled).or_else(|| function.clone()),
                place: symbol.file().map(cut_short).zip(symbol.line()),
            })
            .collect();
        if inlined.is_empty() {
            inlined.push(Frame {
                function,
                place: None,
            });
        }
        inlined
    });
    frames.take(MOST).collect()
}

/// A function's name as its author wrote it. The guest chose its length.
fn demangled(name: &str) -> String {
    let name = cut_short(name);
    cut_short(&format!("{:#}", rustc_demangle::demangle(&name)))
}

fn cut_short(text: &str) -> String {
    const LONGEST: usize = 1000;
    text[..text.floor_char_boundary(LONGEST)].to_owned()
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
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
