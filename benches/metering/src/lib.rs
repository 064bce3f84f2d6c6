//! Code that keeps a processor busy, as a plugin and natively.

#[cfg(target_arch = "wasm32")]
mod guest;
pub mod work;
