//! The C library's allocator, which the standard library's `System` is, too.

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::c_void;

use super::ALIGN;

#[link(name = "c")]
unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn calloc(count: usize, size: usize) -> *mut c_void;
    fn aligned_alloc(align: usize, size: usize) -> *mut c_void;
    fn realloc(block: *mut c_void, size: usize) -> *mut c_void;
    fn free(block: *mut c_void);
}

pub(crate) struct Library;

// SAFETY: the C library's blocks are the caller's alone until they are freed, and
// those with more than its own alignment come from `aligned_alloc`.
unsafe impl GlobalAlloc for Library {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let block = if layout.align() <= ALIGN {
            // SAFETY: any size will do.
            unsafe { malloc(layout.size()) }
        } else {
            // SAFETY: it is a power of two; the C library takes any size.
            unsafe { aligned_alloc(layout.align(), layout.size()) }
        };
        block.cast()
    }

    unsafe fn dealloc(&self, block: *mut u8, _layout: Layout) {
        // SAFETY: it is one of the C library's.
        unsafe { free(block.cast()) };
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout.align() <= ALIGN {
            // SAFETY: any size will do.
            return unsafe { calloc(1, layout.size()) }.cast();
        }
        // SAFETY: as the caller's.
        let block = unsafe { self.alloc(layout) };
        if !block.is_null() {
            // SAFETY: it has as many bytes.
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    unsafe fn realloc(&self, block: *mut u8, old: Layout, size: usize) -> *mut u8 {
        if old.align() <= ALIGN {
            // SAFETY: it is one of the C library's.
            return unsafe { realloc(block.cast(), size) }.cast();
        }
        // SAFETY: the caller sees to that the size is one of a layout.
        let new = unsafe { Layout::from_size_align_unchecked(size, old.align()) };
        // SAFETY: as the caller's.
        let moved = unsafe { self.alloc(new) };
        if !moved.is_null() {
            // SAFETY: both have as many bytes, and the old one is the caller's to give.
            unsafe {
                moved.copy_from_nonoverlapping(block, old.size().min(size));
                self.dealloc(block, old);
            }
        }
        moved
    }
}
