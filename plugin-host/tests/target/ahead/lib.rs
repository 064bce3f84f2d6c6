//! Waits for the crate before it: see `target`.
