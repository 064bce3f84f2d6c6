//! The host's and the application's part in native unit tests. Not there on
//! `wasm32`.
//!
//! Settings, records and fakes belong to the thread, so that tests running at the
//! same time do not mix. The test harness gives each test a thread of its own,
//! except with `--test-threads=1`: a test that must also pass then starts with
//! [`clear`].
//!
//! In a plugin's unit tests the logger is there from the start. An integration
//! test in `tests/` has to call any function of this module before it logs.
//!
//! # What the application answers
//!
//! Beside the functions of each imported interface, [`generate!`](crate::generate)
//! makes a module `fake` with a function of the same name. It takes a closure that
//! answers in this thread from then on. Functions that the world itself imports
//! have theirs in a module `fake` beside them, or `fake_` if the world has a package
//! or an interface of that name.
//!
//! ```
//! # plugin_sdk::generate!({ inline: "package acme:shop;
//! #     interface inventory { stock: func(name: string) -> option<u32>; }
//! #     world plugin { import inventory; import greet: func(name: string) -> string; }" });
//! fn sold_out(name: &str) -> bool {
//!     inventory::stock(name) == Some(0)
//! }
//!
//! fn main() { // stands for #[test]
//!     inventory::fake::stock(|name| (name == "tea").then_some(0));
//!     assert!(sold_out("tea"));
//!     assert!(!sold_out("gold"));
//!
//!     fake::greet(|name| format!("Hello, {name}!"));
//!     assert_eq!(greet("Ann"), "Hello, Ann!");
//! }
//! ```
//!
//! An imported function that is called without one panics, and the message names
//! its fake.
//!
//! A resource of the application's is made of any Rust value, with [`resource`].
//! Its methods, its constructor and its static functions are faked in a module
//! named after it, and [`value_of`] hands them the value:
//!
//! ```
//! # plugin_sdk::generate!({ inline: "package acme:shop;
//! #     interface orders {
//! #         resource basket { constructor(owner: string); add: func(item: string) -> u32; }
//! #     }
//! #     world plugin { import orders; }" });
//! use std::cell::RefCell;
//!
//! use orders::{Basket, fake};
//! use plugin_sdk::testing;
//!
//! fn fill(owner: &str, items: &[&str]) -> u32 {
//!     let basket = Basket::new(owner);
//!     items.iter().map(|item| basket.add(item)).last().unwrap_or(0)
//! }
//!
//! fn main() { // stands for #[test]
//!     type Items = RefCell<Vec<String>>;
//!
//!     fake::basket::new(|_owner| testing::resource(Items::default()));
//!     fake::basket::add(|basket, item| {
//!         let items = testing::value_of::<Items>(basket);
//!         items.borrow_mut().push(item.to_owned());
//!         items.borrow().len() as u32
//!     });
//!     assert_eq!(fill("Ann", &["tea", "gold"]), 2);
//! }
//! ```
//!
//! The plugin's own resources work as they are, in the thread that made them. A
//! test lends one to an exported function with [`lend`].

mod import;
mod imported;
mod one_type;
mod own;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::host::native;

pub use imported::Imported;

/// For the macros' output, and for no one else.
#[doc(hidden)]
pub mod __ {
    pub use super::import::Import;
    pub use super::one_type::OneType;
    /// The application's resources.
    pub mod imported {
        pub use crate::testing::imported::drop;
    }
    /// The plugin's own resources.
    pub mod own {
        pub use crate::testing::own::{drop, find, keep};
    }
}

/// One record that the plugin logged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// How much it matters.
    pub level: log::Level,
    /// The message, formatted.
    pub message: String,
    /// The fields in their order, with values as text.
    pub fields: Vec<(String, String)>,
}

/// Sets what [`config`](crate::config) reads in this thread, in place of all
/// that was set before.
///
/// ```
/// use plugin_sdk::{config, testing};
///
/// testing::set_config([("percent", "10")]);
/// assert_eq!(config::get("percent").as_deref(), Some("10"));
/// ```
pub fn set_config<K, V>(entries: impl IntoIterator<Item = (K, V)>)
where
    K: Into<String>,
    V: Into<String>,
{
    crate::logging::install();
    let entries = entries
        .into_iter()
        .map(|(key, value)| (key.into(), value.into()));
    native::set_config(entries.collect());
}

/// What was logged in this thread since it began or since [`clear`], oldest
/// first.
///
/// Empty where another logger was installed for the process.
#[must_use]
pub fn logs() -> Vec<Record> {
    crate::logging::install();
    native::logs()
}

/// Forgets this thread's settings, records and fakes.
pub fn clear() {
    crate::logging::install();
    native::set_config(BTreeMap::new());
    native::clear_logs();
    import::clear();
}

/// Makes a resource of the application's out of a value, which is dropped with it.
///
/// The module's documentation shows one.
#[must_use]
pub fn resource<R: Imported>(value: impl Sized + 'static) -> R {
    R::from_handle(imported::keep(value))
}

/// The value that a resource of the application's was made of.
///
/// # Panics
///
/// When it was made of a value of another type, or in another thread.
#[must_use]
#[track_caller]
pub fn value_of<T: 'static>(resource: &impl Imported) -> Rc<T> {
    imported::find(resource.handle())
}

/// A resource that lives in the plugin.
pub trait Own {
    /// One that is lent.
    type Borrow<'a>
    where
        Self: 'a;
    #[doc(hidden)]
    fn lend(&self) -> Self::Borrow<'_>;
}

/// Lends a resource of the plugin's to an exported function, as the host does.
///
/// ```
/// # plugin_sdk::generate!({ inline: "package acme:shop;
/// #     interface carts {
/// #         resource cart { constructor(items: u32); }
/// #         count: func(cart: borrow<cart>) -> u32;
/// #     }
/// #     world plugin { export carts; }" });
/// use carts::{Cart, CartBorrow};
///
/// struct Items(u32);
///
/// impl carts::GuestCart for Items {
///     fn new(items: u32) -> Self {
///         Self(items)
///     }
/// }
///
/// struct Plugin;
///
/// impl carts::Guest for Plugin {
///     type Cart = Items;
///
///     fn count(cart: CartBorrow<'_>) -> u32 {
///         cart.get::<Items>().0
///     }
/// }
///
/// fn main() { // stands for #[test]
///     use carts::Guest;
///     use plugin_sdk::testing;
///
///     let cart = Cart::new(Items(3));
///     assert_eq!(Plugin::count(testing::lend(&cart)), 3);
/// }
/// ```
///
/// # Panics
///
/// When it was made in another thread.
#[must_use]
pub fn lend<R: Own>(resource: &R) -> R::Borrow<'_> {
    resource.lend()
}
