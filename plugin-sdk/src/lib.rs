//! Write plugins for applications that use `plugin-host`.
//!
//! A plugin is a library crate with the application's WIT in a folder, this
//! crate as its one dependency, and `crate-type = ["cdylib"]`:
//!
//! ```
//! # plugin_sdk::generate!({ inline: r#"
//! # package acme:catalog@0.1.0;
//! # interface transform {
//! #     record product { title: string, price: option<u64> }
//! #     variant transform-error { config(string) }
//! #     apply: func(batch: list<product>) -> result<list<product>, transform-error>;
//! # }
//! # world plugin { export transform; }
//! # "#, world: "plugin" });
//! # const _: &str = stringify! {
//! plugin_sdk::generate!({ path: "wit", world: "plugin" });
//! # };
//!
//! use plugin_sdk::{config, log};
//! use transform::{Guest, Product, TransformError};
//!
//! struct Discount;
//!
//! impl Guest for Discount {
//!     fn apply(mut batch: Vec<Product>) -> Result<Vec<Product>, TransformError> {
//!         let percent: u64 = match config::get("percent").map(|text| text.parse()) {
//!             None => return Ok(batch),
//!             Some(Ok(percent)) => percent,
//!             Some(Err(e)) => return Err(TransformError::Config(format!("percent: {e}"))),
//!         };
//!         for product in &mut batch {
//!             product.price = product.price.map(|cents| cents * percent / 100);
//!         }
//!         log::info!(products = batch.len(); "prices changed");
//!         Ok(batch)
//!     }
//! }
//!
//! plugin_sdk::export!(Discount);
//!
//! fn main() { // stands for #[test]
//!     use plugin_sdk::testing;
//!
//!     testing::set_config([("percent", "80")]);
//!     let lamp = Product { title: "Lamp".into(), price: Some(1000) };
//!     let batch = Discount::apply(vec![lamp]).unwrap();
//!     assert_eq!(batch[0].price, Some(800));
//!     assert_eq!(testing::logs()[0].message, "prices changed");
//! }
//! ```
//!
//! `cargo build --release --target wasm32-wasip2` makes the plugin, and
//! `cargo test` tests the same source natively.
//!
//! # What a plugin has without a line for it
//!
//! - Its **manifest**, from Cargo.toml and, where there is one, from
//!   `plugin.toml` beside it: see [`export!`].
//! - Its **panics** tell the host message, file, line and column, and what it **logs**
//!   through the [`log`] crate reaches the host with level and key-value fields: see
//!   [`logging`]. That is the feature `diagnostics`.
//! - Its **settings** are in [`config`], as text or, with [`serde`], as a type
//!   of its own.
//!
//! - Its **allocator** keeps small blocks for the next of their size, up to a
//!   mebibyte in all: each string that is handed over is a block of its own, and
//!   batches of records with texts cost a fifth less. A plugin that brings a
//!   `#[global_allocator]` leaves the feature `allocator` out:
//!   `default-features = false, features = ["diagnostics", "std"]`.
//!
//! Standard output and error work where the application grants them; the
//! others work wherever `plugin-host` does.
//!
//! # Without the standard library
//!
//! The standard library brings a part of WASI into each plugin, used or not. A
//! plugin without it imports nothing but what it calls, is smaller by 30 KB, and
//! starts faster. It leaves the feature `std` out, but for its unit tests,
//!
//! ```toml
//! [dependencies]
//! plugin-sdk = { version = "0.1", default-features = false, features = ["allocator", "diagnostics"] }
//!
//! [dev-dependencies]
//! plugin-sdk = "0.1"
//! ```
//!
//! and says so at the top of its lib.rs:
//!
//! ```
//! # const _: &str = stringify! {
//! #![cfg_attr(not(test), no_std)]
//! extern crate alloc;
//! # };
//! ```
//!
//! - Not there are [`config::load`], `plugin_sdk::serde`, and standard output and
//!   error. Fields of log records take a `&str` or `name:% = name` in place of a
//!   `String`.
//! - A compiler's error of a duplicate `panic_impl` says that the plugin, or a crate
//!   that it uses, has the standard library after all, and the SDK has not.
//! - Built together with a plugin that has the standard library, by one run of Cargo,
//!   it has that, too: build it with `--package` and its name.
//!
//! # The fastest start
//!
//! Where an application makes a new instance for each call, a plugin can leave out
//! `diagnostics`, too:
//!
//! ```toml
//! [dependencies]
//! plugin-sdk = { version = "0.1", default-features = false, features = ["allocator"] }
//! ```
//!
//! If it reads no [`config`], exports no resource, and all that it imports takes and
//! returns a few plain numbers, the engine makes one core instance for it in place of
//! three: it starts with less than half of the instructions of a plugin that has all.
//!
//! - What it logs goes nowhere. Of a panic, the host knows the call that aborted, and the
//!   names of the functions on the way there.
//! - In its unit tests, with the `[dev-dependencies]` above, the diagnostics are there.
//! - Another crate in the same build that has `diagnostics` turns them on here.
//!
//! With the standard library and without `diagnostics`, a panic is written to standard
//! error, as Rust does by itself.

#![cfg_attr(all(target_arch = "wasm32", not(feature = "std")), no_std)]

extern crate alloc;

#[cfg(any(all(target_arch = "wasm32", feature = "allocator"), test))]
mod allocator;
#[cfg(target_arch = "wasm32")]
mod ctors;
mod host;
#[cfg(target_arch = "wasm32")]
mod panic;
#[cfg(all(target_arch = "wasm32", not(feature = "std")))]
mod realloc;
mod start;

pub mod config;
pub mod logging;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;

pub use log;
#[cfg(feature = "std")]
pub use serde;

/// Turns a WIT world into Rust traits and types, in the module that it stands
/// in.
///
/// ```
/// # const _: &str = stringify! {
/// plugin_sdk::generate!({ path: "wit", world: "plugin" });
/// # };
/// ```
///
/// - `path`: the folder of WIT, or a list of them, relative to Cargo.toml;
///   `wit` when left out. Packages that it uses are in its `deps` folder.
/// - `world`: the world to implement; may be left out where there is only one.
/// - `inline`: WIT as text instead, or on top of `path`.
/// - Every other option is one of [`wit_bindgen::generate!`]'s and means the
///   same here, except that `generate_all` is always on, `runtime_path` and
///   `export_macro_name` are taken, and there is no `debug`. The bindings are in a module of their own:
///   a path in `with` starts with `crate::` or the name of a crate.
///
/// Exported interfaces are modules below `exports`, imported ones are beside
/// it: `exports::example::catalog::transform`, `example::catalog::inventory`.
/// Each also has a short name, `transform` and `inventory`, unless two
/// interfaces would share it. An item of your own by that name comes first. A
/// *crate* of that name has to be written with leading colons, `::inventory`.
///
/// All that a plugin exports comes from this macro: wit-bindgen's own, used beside it,
/// runs once more what runs before the first call.
///
/// Natively, there is no application behind an imported function: a test says what
/// it answers, with the function of the same name in the module `fake` beside it, as
/// in `inventory::fake::stock(|name| Some(12))`. See [`testing`].
///
/// [`wit_bindgen::generate!`]: https://docs.rs/wit-bindgen/0.61/wit_bindgen/macro.generate.html
///
/// # Errors
///
/// WIT that cannot be read is a compile error with file and line.
pub use plugin_sdk_macros::generate;

/// Makes a type the plugin: the world's exports, with the manifest and, with the
/// feature `diagnostics`, the panic hook and the logger.
///
/// ```
/// # const _: &str = stringify! {
/// plugin_sdk::export!(Discount);
/// plugin_sdk::export!(Discount with_types_in bindings);
/// plugin_sdk::export!(Discount with_types_in second, manifest: none);
/// # };
/// ```
///
/// The second form is for [`generate!`] in another module. The third is for a
/// crate that implements two worlds: one plugin has one manifest, and a second
/// one is an error.
///
/// In a plugin this is unsafe code, as wit-bindgen's entry points are. A crate
/// that denies `unsafe_code` may do this; one that forbids it cannot.
///
/// # The manifest
///
/// `plugin.toml` in the folder of Cargo.toml is read at compile time. Without
/// it, or without some of its keys, Cargo's own values stand in:
///
/// ```toml
/// id = "acme.pricing"        # else Cargo's package name
/// version = "1.2.0"          # else Cargo's
/// name = "Acme pricing"      # for people
/// description = "…"          # else Cargo's
/// authors = ["…"]            # else Cargo's
/// license = "MIT"            # else Cargo's
/// priority = 10              # else 0; the lower runs first
///
/// [host]
/// catalog = ">=0.1"          # an application's name and its versions
///
/// [limits]
/// fuel = 50_000_000          # instructions for one call
/// memory-mib = 32
/// deadline-ms = 100          # for one call
///
/// [capabilities]             # what it asks to be allowed; else nothing
/// config = true              # settings
/// clock = "real"             # else frozen
/// random = "secure"          # else seeded
/// stdio = "traced"           # or inherited; else captured
/// environment = ["LANG"]
/// directories = { "/data" = "read-only" }    # or read-write
/// ```
///
/// `[host]` is checked where the application states its name and version.
/// `[limits]` is a wish that an application may read; no host applies it by
/// itself yet. `[capabilities]` grants nothing: the application does, and never
/// more than is asked.
///
/// An edited file makes Cargo build the crate again; a new one does not, until
/// something else changes.
///
/// # Errors
///
/// A mistake in `plugin.toml` is a compile error with file and line, and so is
/// a package name that is no plugin id: then set `id`.
pub use plugin_sdk_macros::export;

/// For the macros' output, and for no one else.
#[doc(hidden)]
pub mod __ {
    pub use crate::logging::Logger;
    pub use crate::start::start;
    #[cfg(not(target_arch = "wasm32"))]
    pub use crate::testing::__::*;
    pub use alloc::boxed::Box;

    /// What generated code runs on: wit-bindgen's, but for what stands here.
    pub mod rt {
        #[cfg(target_arch = "wasm32")]
        pub use crate::ctors::run_ctors_once;
        pub use wit_bindgen::rt::*;
    }
}
