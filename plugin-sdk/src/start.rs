//! What happens before the first call into a plugin: nothing without `diagnostics`.
//! Called by the code that `export!` puts into the author's crate.

use crate::logging::Logger;

/// Stands for what is in it where something is installed at the start.
#[cfg(feature = "diagnostics")]
#[doc(hidden)]
#[macro_export]
macro_rules! __at_start {
    ($($item:item)*) => { $($item)* };
}

/// Stands for nothing. What is installed imports functions with texts, for which a
/// component has two core instances more.
#[cfg(not(feature = "diagnostics"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __at_start {
    ($($item:item)*) => {};
}

/// Installs the logger and, in a plugin, the panic hook.
pub fn start(logger: &'static Logger) {
    logger.install();
    #[cfg(all(target_arch = "wasm32", feature = "std"))]
    crate::panic::install();
}
