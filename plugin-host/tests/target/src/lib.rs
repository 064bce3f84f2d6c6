//! Looks, before the engine is built, for the target that plugins are built for: its
//! build script does. Has no code.
//!
//! Of what it can start, Cargo starts first what most units wait for, and little waits
//! for this. So `ahead/` has crates that do nothing but wait, one for the other, each
//! with a build script: without them the target would be looked for after minutes.
