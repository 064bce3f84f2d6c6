//! Tests of the host with real guests, in one binary: each would link the whole
//! engine.

mod budgets;
mod cache;
mod calculator;
mod calls;
mod discover;
mod grants;
mod guest_resources;
mod handle_types;
mod hostile;
mod lock;
mod matrix;
mod nested;
mod optional;
mod plugins;
mod policy;
mod pool;
mod rogue;
mod section;
mod security;
mod services;
mod shapes;
mod tree;
mod verdict;
mod versions;
mod wasi;
