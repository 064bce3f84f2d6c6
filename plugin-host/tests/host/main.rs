//! Tests of the host with real guests, in one binary: each would link the whole
//! engine.

mod attacks;
mod budgets;
mod calculator;
mod calls;
mod discover;
mod grants;
mod policy;
mod rogue;
mod shapes;
mod tree;
