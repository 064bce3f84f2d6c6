//! The least plugin that has the calls of `../guest`: without the standard library, and so
//! without WASI, without the SDK's `diagnostics`, and without settings.

#![no_std]

extern crate alloc;

#[path = "../../guest/src/calls.rs"]
mod calls;

/// Not asked for.
fn setting() -> Option<alloc::string::String> {
    None
}
