//! Handles to things of the application's that plugins hold.
//!
//! A resource of a world's WIT becomes a [`Resource`] in the import traits: a
//! number that the application gave out, typed. [`ResourceTable`] keeps what
//! the numbers stand for; the application puts one into its state.
//!
//! These two types are the engine's own, so a new major version of the engine
//! is a new major version of this crate.

pub use wasmtime::component::{Resource, ResourceTable};
