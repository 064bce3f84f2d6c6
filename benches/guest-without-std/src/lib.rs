//! The plugin of `../guest` without the standard library, and so without WASI.

#![no_std]

extern crate alloc;

#[path = "../../guest/src/calls.rs"]
mod calls;
