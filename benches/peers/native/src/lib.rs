//! The calls as a shared library, with the C ABI.

use std::slice;

/// Bytes that the library owns, until they are given back to [`free`].
#[repr(C)]
pub struct Bytes {
    start: *mut u8,
    length: usize,
    capacity: usize,
}

/// Does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn nothing() {}

/// Adds.
#[unsafe(no_mangle)]
pub extern "C" fn add(a: u32, b: u32) -> u32 {
    a.wrapping_add(b)
}

/// Copies what it is given, as a guest has bytes of its own.
///
/// # Safety
///
/// There are `length` bytes at `start`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn echo(start: *const u8, length: usize) -> Bytes {
    // SAFETY: the caller says so.
    let mut copy = unsafe { slice::from_raw_parts(start, length) }.to_vec();
    let bytes = Bytes {
        start: copy.as_mut_ptr(),
        length: copy.len(),
        capacity: copy.capacity(),
    };
    std::mem::forget(copy);
    bytes
}

/// Takes bytes back.
///
/// # Safety
///
/// They came from [`echo`], and are given back once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn free(bytes: Bytes) {
    // SAFETY: they are the parts of a vector that `echo` took apart.
    drop(unsafe { Vec::from_raw_parts(bytes.start, bytes.length, bytes.capacity) });
}

/// Calls the application so often.
#[unsafe(no_mangle)]
pub extern "C" fn pings(times: u32, ping: extern "C" fn(u32) -> u32) -> u32 {
    (0..times).fold(0, |sum, i| sum ^ ping(i))
}
