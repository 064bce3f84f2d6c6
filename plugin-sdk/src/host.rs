//! The one edge to the host: its imports in a plugin, memory natively.

#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod native;
#[cfg(target_arch = "wasm32")]
mod wasm;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::{entries, get, log};
#[cfg(target_arch = "wasm32")]
pub(crate) use wasm::{entries, get, log, report_panic};
