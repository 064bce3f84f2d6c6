//! Does nothing: see `target`.

fn main() {}
