//! The settings that the application gives to this plugin: a flat map of text.
//!
//! Natively they are what [`testing::set_config`](crate::testing::set_config)
//! set.
//!
//! A plugin is given some where its `plugin.toml` asks for them: `config = true`
//! under `[capabilities]`.

#[cfg(feature = "std")]
mod error;
#[cfg(feature = "std")]
mod map;
#[cfg(feature = "std")]
mod text;

use alloc::string::String;
use alloc::vec::Vec;

#[cfg(feature = "std")]
pub use error::Error;

use crate::host;

/// The settings as a type of the plugin's.
///
/// ```
/// use plugin_sdk::serde::Deserialize;
/// use plugin_sdk::{config, testing};
///
/// #[derive(Deserialize)]
/// #[serde(crate = "plugin_sdk::serde")]
/// #[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
/// # #[derive(Default)]
/// struct Settings {
///     percent: i32,
///     max_price: Option<u64>,
///     require: Vec<String>,
///     on_defect: OnDefect,
/// }
///
/// #[derive(Deserialize, Default, PartialEq, Debug)]
/// #[serde(crate = "plugin_sdk::serde", rename_all = "kebab-case")]
/// enum OnDefect {
///     #[default]
///     Warn,
///     Drop,
/// }
///
/// testing::set_config([("require", "title, price"), ("on-defect", "drop")]);
/// let settings: Settings = config::load()?;
/// assert_eq!(settings.percent, 0);
/// assert_eq!(settings.max_price, None);
/// assert_eq!(settings.require, ["title", "price"]);
/// assert_eq!(settings.on_defect, OnDefect::Drop);
///
/// testing::set_config([("percent", "ten")]);
/// let error = config::load::<Settings>().err().unwrap();
/// assert_eq!(
///     error.to_string(),
///     "config key `percent` cannot be `ten`: cannot parse i32: invalid digit found in string",
/// );
/// # Ok::<(), config::Error>(())
/// ```
///
/// - `crate = "plugin_sdk::serde"` tells the derive where serde is. It can go
///   from a plugin with serde, and serde's feature `derive`, in its own
///   Cargo.toml.
/// - Numbers, `bool`, `char` and unit enums are written as in Rust.
/// - A list is separated by commas; space around its parts and empty parts are
///   left out.
/// - An [`Option`] is `None` for a key that is missing or empty.
/// - A key without a field is passed over, unless the type is marked
///   `#[serde(deny_unknown_fields)]`.
/// - `#[serde(flatten)]` works for text alone: serde hides the other types from
///   the reader.
///
/// There with the feature `std` only.
///
/// # Errors
///
/// When a key is missing, is not known, or has a value that its type does not
/// take. The error names the key, and the text where there is one.
#[cfg(feature = "std")]
pub fn load<T: serde::de::DeserializeOwned>() -> Result<T, Error> {
    map::read(&host::entries())
}

/// The text of one key, or none where the application set none.
#[must_use]
pub fn get(key: &str) -> Option<String> {
    host::get(key)
}

/// All keys and their texts, sorted by key.
#[must_use]
pub fn entries() -> Vec<(String, String)> {
    host::entries()
}
