//! What happens before the first call into a plugin. Called by the code that
//! `export!` puts into the author's crate.

/// Installs the logger and, in a plugin, the panic hook.
///
/// `module` is where the author's `export!` stands.
pub fn start(module: &'static str) {
    crate::logging::install(module.split("::").next());
    #[cfg(target_arch = "wasm32")]
    std::panic::set_hook(Box::new(|info| {
        let message = info
            .payload_as_str()
            .unwrap_or("panic with a value that is not text");
        crate::host::report_panic(message, info.location());
    }));
}
