//! The allocator of plugins: blocks of a few sizes, kept in lists. What a call
//! hands over comes as many small strings, each of which is allocated here.
//!
//! The one module with `unsafe` code, as every allocator is. Gives no memory of
//! small blocks back: what a plugin had at its peak, it reuses.
#![expect(unsafe_code, reason = "an allocator deals in pointers")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr::{self, NonNull};

/// The grain of blocks, and the most that they are aligned to.
const GRAIN: usize = 16;

/// The largest block that is kept in a list; larger ones are the system's.
const LARGEST: usize = 1024;

/// What is taken from the system at a time.
const CHUNK: usize = 16 * 1024;

/// Serves one thread, as a plugin has one.
pub(crate) struct Allocator {
    /// The free blocks of each size.
    free: [Cell<Option<NonNull<Free>>>; LARGEST / GRAIN],
    /// What is left of the newest chunk.
    rest: Cell<*mut u8>,
    left: Cell<usize>,
}

// SAFETY: WebAssembly without its threads proposal has one thread.
#[cfg(all(target_arch = "wasm32", not(target_feature = "atomics")))]
unsafe impl Sync for Allocator {}

/// A free block: the next one of its size.
struct Free(Option<NonNull<Free>>);

impl Allocator {
    pub(crate) const fn new() -> Self {
        Self {
            free: [const { Cell::new(None) }; LARGEST / GRAIN],
            rest: Cell::new(ptr::null_mut()),
            left: Cell::new(0),
        }
    }

    /// Cuts a block off the newest chunk, or off a new one. The rest of an old one
    /// becomes a block, so that nothing is lost.
    #[cold]
    fn cut(&self, list: usize) -> *mut u8 {
        let size = (list + 1) * GRAIN;
        if self.left.get() < size {
            let chunk = Layout::from_size_align(CHUNK, GRAIN).expect("both are small");
            // SAFETY: the chunk's size is not zero.
            let new = unsafe { System.alloc(chunk) };
            if new.is_null() {
                return new;
            }
            if let Some(last) = (self.left.get() / GRAIN).checked_sub(1) {
                // SAFETY: what is left of a chunk belongs to nobody, and is a
                // whole number of grains.
                unsafe { self.keep(self.rest.get(), last) };
            }
            self.rest.set(new);
            self.left.set(CHUNK);
        }
        let block = self.rest.get();
        self.left.set(self.left.get() - size);
        // SAFETY: `left` was at least `size`, and the chunk has so many bytes.
        self.rest.set(unsafe { block.add(size) });
        block
    }

    /// Puts a block into the list of its size.
    ///
    /// # Safety
    ///
    /// The block must be of that size, and nobody else's.
    #[inline]
    unsafe fn keep(&self, block: *mut u8, list: usize) {
        let block = block.cast::<Free>();
        // SAFETY: a block has room for a pointer, and begins at a grain.
        unsafe { block.write(Free(self.free[list].get())) };
        self.free[list].set(NonNull::new(block));
    }
}

/// The list of blocks that hold `layout`, where there is one.
#[inline]
fn list(layout: Layout) -> Option<usize> {
    let small = layout.size() <= LARGEST && layout.align() <= GRAIN;
    small.then(|| layout.size().wrapping_sub(1) / GRAIN % (LARGEST / GRAIN))
}

// SAFETY: a block that is handed out is in no list, and comes back once, by the
// caller's word; it is as large as its list says, which follows from its layout
// alone, and aligned to a grain. What is in no list is the system's.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(list) = list(layout) else {
            // SAFETY: as the caller promises.
            return unsafe { System.alloc(layout) };
        };
        match self.free[list].get() {
            Some(block) => {
                // SAFETY: what is in a list is a free block, written by `keep`.
                let Free(next) = unsafe { block.read() };
                self.free[list].set(next);
                block.as_ptr().cast()
            }
            None => self.cut(list),
        }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match list(layout) {
            // SAFETY: `alloc` took it from there, and the caller gives it back.
            Some(list) => unsafe { self.keep(block, list) },
            // SAFETY: as the caller promises.
            None => unsafe { System.dealloc(block, layout) },
        }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that the size is one of a layout.
        let new = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (list(layout), list(new)) {
            // SAFETY: as the caller promises; both are the system's.
            (None, None) => unsafe { System.realloc(block, layout, size) },
            (old, new) if old == new => block,
            // SAFETY: the new block is another one, and as large as is copied.
            _ => unsafe {
                let to = self.alloc(new);
                if !to.is_null() {
                    ptr::copy_nonoverlapping(block, to, size.min(layout.size()));
                    self.dealloc(block, layout);
                }
                to
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).expect("it is one")
    }

    /// A block that is filled with one byte.
    struct Filled {
        block: *mut u8,
        layout: Layout,
        with: u8,
    }

    impl Filled {
        fn new(allocator: &Allocator, layout: Layout, with: u8) -> Self {
            // SAFETY: the layout's size is not zero; the block is that large.
            let block = unsafe { allocator.alloc(layout) };
            assert!(!block.is_null() && block.addr().is_multiple_of(layout.align()));
            // SAFETY: as above.
            unsafe { block.write_bytes(with, layout.size()) };
            Self {
                block,
                layout,
                with,
            }
        }

        fn is_whole(&self, size: usize) -> bool {
            // SAFETY: it was allocated and filled with at least that size.
            let bytes = unsafe { std::slice::from_raw_parts(self.block, size) };
            bytes.iter().all(|byte| *byte == self.with)
        }

        fn resize(mut self, allocator: &Allocator, size: usize) -> Self {
            let kept = size.min(self.layout.size());
            // SAFETY: it came from there with that layout; the size is not zero.
            self.block = unsafe { allocator.realloc(self.block, self.layout, size) };
            assert!(self.is_whole(kept));
            self.layout = layout(size, self.layout.align());
            // SAFETY: the block is that large now.
            unsafe { self.block.write_bytes(self.with, size) };
            self
        }

        fn free(self, allocator: &Allocator) {
            assert!(self.is_whole(self.layout.size()));
            // SAFETY: it came from there with that layout, and is given back once.
            unsafe { allocator.dealloc(self.block, self.layout) };
        }
    }

    #[test]
    fn blocks_of_all_sizes_stay_whole_while_others_come_and_go() {
        let allocator = Allocator::new();
        let mut alive = Vec::new();
        let mut random = 1_u64;
        for step in 0..200_000_u32 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let dice = (random >> 33) as usize;
            let size = 1 + dice / 8 % if dice % 64 == 0 { 40_000 } else { 1_200 };
            match dice % 8 {
                0..4 => {
                    let align = 1 << (dice / 16 % 7);
                    alive.push(Filled::new(&allocator, layout(size, align), step as u8));
                }
                4..7 if !alive.is_empty() => {
                    alive.swap_remove(dice / 8 % alive.len()).free(&allocator);
                }
                _ if !alive.is_empty() => {
                    let one = alive.swap_remove(dice / 8 % alive.len());
                    alive.push(one.resize(&allocator, size));
                }
                _ => {}
            }
        }
        assert!(alive.len() > 1_000);
        for one in alive {
            one.free(&allocator);
        }
    }

    #[test]
    fn a_block_that_was_freed_is_the_next_of_its_size() {
        let allocator = Allocator::new();
        let first = Filled::new(&allocator, layout(20, 1), 1);
        let place = first.block;
        first.free(&allocator);
        let second = Filled::new(&allocator, layout(32, 8), 2);
        assert_eq!(second.block, place);
        // It has room for more.
        let second = second.resize(&allocator, 17);
        assert_eq!(second.block, place);
        second.free(&allocator);
    }

    #[test]
    fn the_rest_of_a_chunk_is_not_lost() {
        let allocator = Allocator::new();
        let large: Vec<_> = (0..CHUNK / 1008)
            .map(|_| Filled::new(&allocator, layout(1008, 16), 3))
            .collect();
        let rest = CHUNK % 1008;
        assert_eq!(allocator.left.get(), rest);
        let end = allocator.rest.get();
        let next = Filled::new(&allocator, layout(1008, 16), 4);
        let last = Filled::new(&allocator, layout(rest, 1), 5);
        assert_eq!(last.block, end);
        for one in large.into_iter().chain([next, last]) {
            one.free(&allocator);
        }
    }
}
