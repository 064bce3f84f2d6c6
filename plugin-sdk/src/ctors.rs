//! Runs what is to run before a plugin's first call.
#![expect(unsafe_code, reason = "the linker makes the function that does it")]

use core::sync::atomic::{AtomicBool, Ordering};

/// Aligned, so that both are in one page.
#[repr(align(2))]
struct Flags {
    /// Nobody reads it.
    written: AtomicBool,
    ran: AtomicBool,
}

/// Has the linker's function run once. Generated code calls this at the beginning of
/// each call into the plugin, in place of the same function of wit-bindgen.
///
/// That one reads first. In a fresh instance, the system then hands out the page twice,
/// once to be read and once to be written, which takes a sixth of its first call.
pub fn run_ctors_once() {
    static FLAGS: Flags = Flags {
        written: AtomicBool::new(false),
        ran: AtomicBool::new(false),
    };
    // SAFETY: the byte is a static's, and a plugin has one thread. No compiler leaves out
    // what is volatile.
    unsafe { FLAGS.written.as_ptr().write_volatile(true) };
    if !FLAGS.ran.load(Ordering::Relaxed) {
        unsafe extern "C" {
            fn __wasm_call_ctors();
        }
        // SAFETY: the linker makes it for whoever calls it, to be called once.
        unsafe { __wasm_call_ctors() };
        FLAGS.ran.store(true, Ordering::Relaxed);
    }
}
