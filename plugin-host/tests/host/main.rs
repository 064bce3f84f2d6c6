//! Tests of the host with real guests, in one binary: each would link the whole
//! engine.

mod attacks;
mod budgets;
mod calculator;
mod calls;
mod discover;
mod rogue;
mod services;
mod shapes;
mod tree;
mod wasi;
