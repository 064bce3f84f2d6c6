#![doc = include_str!("../README.md")]

mod environment;
mod error;
mod guests;
mod inputs;
mod package;

pub use error::BuildError;
pub use guests::{Component, Guests};

/// The target that guests are built for.
pub const TARGET: &str = "wasm32-wasip2";
