#![doc = include_str!("../README.md")]

mod environment;
mod error;
mod groups;
mod guests;
mod inputs;
mod package;
mod target;

pub use error::BuildError;
pub use guests::{Component, Guests};
pub use target::require_target;

/// The target that guests are built for.
pub const TARGET: &str = "wasm32-wasip2";
