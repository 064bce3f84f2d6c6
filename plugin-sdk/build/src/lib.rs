//! Builds guest crates of a workspace to components, from a build script.
//!
//! Cargo has no stable way to say that a package needs another one's output
//! for a different target. A build script has one: with it, `cargo run` and
//! `cargo test` on a fresh clone find their plugins built, and build them again
//! when their sources change.
//!
//! ```no_run
//! // build.rs
//! use plugin_sdk_build::Guests;
//!
//! fn main() -> Result<(), plugin_sdk_build::BuildError> {
//!     for component in Guests::new().folders_in("../example-plugins").build()? {
//!         let name = component.name.to_uppercase();
//!         println!("cargo:rustc-env=PLUGIN_{name}={}", component.path.display());
//!     }
//!     Ok(())
//! }
//! ```
//!
//! Nothing is written into the source tree: components are in `guests` below
//! the outer build's target folder, where all packages that ask for a guest
//! share one build of it.

mod environment;
mod error;
mod guests;
mod inputs;
mod package;

pub use error::BuildError;
pub use guests::{Component, Guests};

/// The target that guests are built for.
pub const TARGET: &str = "wasm32-wasip2";
