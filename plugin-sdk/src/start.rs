//! What happens before the first call into a plugin. Called by the code that
//! `export!` puts into the author's crate.

use crate::logging::Logger;

/// Installs the logger and, in a plugin, the panic hook.
pub fn start(logger: &'static Logger) {
    logger.install();
    #[cfg(all(target_arch = "wasm32", feature = "std"))]
    crate::panic::install();
}
