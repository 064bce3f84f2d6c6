//! The plugin of `../guest` without all that can be left out: the standard library and
//! so WASI, logs and panics for the host to see, and settings.

#![no_std]

extern crate alloc;

#[path = "../../guest/src/calls.rs"]
mod calls;

/// Not asked for.
fn setting() -> Option<alloc::string::String> {
    None
}
