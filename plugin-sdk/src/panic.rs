//! Tells the host why a plugin panics.

/// Tells of panics from now on.
#[cfg(feature = "std")]
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| {
        let message = info
            .payload_as_str()
            .unwrap_or("panic with a value that is not text");
        crate::host::report_panic(message, info.location());
    }));
}

#[cfg(not(feature = "std"))]
mod handler {
    use alloc::string::ToString;
    use core::arch::wasm32::unreachable;
    use core::panic::PanicInfo;
    use core::sync::atomic::{AtomicBool, Ordering};

    #[panic_handler]
    fn panicked(info: &PanicInfo<'_>) -> ! {
        /// Telling takes memory: where there is none, that panics, too.
        static TELLING: AtomicBool = AtomicBool::new(false);
        if cfg!(feature = "diagnostics") && !TELLING.swap(true, Ordering::Relaxed) {
            crate::host::report_panic(&info.message().to_string(), info.location());
        }
        unreachable()
    }
}
