//! The component model's `realloc`, by which the host allocates what it hands over.
//! With the standard library, there is one already.
#![expect(unsafe_code, reason = "an entry for the host, of raw memory")]

use alloc::alloc::{alloc as allocate, realloc as reallocate};
use core::alloc::Layout;
use core::arch::wasm32::unreachable;
use core::ptr;

/// # Safety
///
/// `block` is one of this function's with these two sizes, or nothing where `length`
/// is zero. The component model's canonical ABI has the host see to that, and that
/// what has a length is not made empty.
#[unsafe(no_mangle)]
unsafe extern "C" fn cabi_realloc(
    block: *mut u8,
    length: usize,
    align: usize,
    new_length: usize,
) -> *mut u8 {
    // What the host wants to hand over may be longer than any block.
    let Ok(new) = Layout::from_size_align(new_length, align) else {
        unreachable();
    };
    let block = match (length, new_length) {
        (0, 0) => return ptr::without_provenance_mut(align),
        // SAFETY: it is not empty.
        (0, _) => unsafe { allocate(new) },
        (_, 0) => unreachable(),
        _ => {
            // SAFETY: the block was made with this layout.
            let old = unsafe { Layout::from_size_align_unchecked(length, align) };
            // SAFETY: it is the caller's, and the new length is that of a layout.
            unsafe { reallocate(block, old, new_length) }
        }
    };
    if block.is_null() {
        unreachable();
    }
    block
}
