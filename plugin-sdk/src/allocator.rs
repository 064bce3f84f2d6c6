//! The plugin's allocator: the C library's, in front of which small blocks are kept
//! for the next of their size.
//!
//! Each string that the host hands over is a block of its own. Every block here is
//! one of the C library's, so that C code may free what Rust allocated.
#![expect(unsafe_code, reason = "what an allocator hands out is unsafe")]

#[cfg(target_arch = "wasm32")]
mod c;

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::ptr;

/// How many sizes are kept. The largest has about a kibibyte.
const CLASSES: usize = 64;

/// The grain of the C library's blocks, and what it takes of each for itself.
const GRAIN: usize = 16;
const OVERHEAD: usize = 4;

/// What the C library's blocks are aligned to without being asked.
const ALIGN: usize = 8;

/// Bytes that are kept at most: memory that only blocks of the same sizes can use.
const KEPT: usize = 1024 * 1024;

/// Keeps the small blocks that are given back to `A`.
pub(crate) struct Recycling<A> {
    inner: A,
    /// The first of each size.
    free: [Cell<*mut Free>; CLASSES],
    kept: Cell<usize>,
}

/// What a block begins with while it is kept.
struct Free {
    next: *mut Free,
}

#[cfg(all(target_arch = "wasm32", not(target_feature = "atomics")))]
mod installed {
    use super::{Recycling, c};

    #[global_allocator]
    static ALLOCATOR: Recycling<c::Library> = Recycling::new(c::Library);

    // SAFETY: without the feature `atomics` there is one thread.
    unsafe impl Sync for Recycling<c::Library> {}
}

impl<A> Recycling<A> {
    pub(crate) const fn new(inner: A) -> Self {
        Self {
            inner,
            free: [const { Cell::new(ptr::null_mut()) }; CLASSES],
            kept: Cell::new(0),
        }
    }
}

/// Which of the sizes serves a layout.
#[inline]
fn class(layout: Layout) -> Option<usize> {
    let class = (layout.size() + OVERHEAD - 1) / GRAIN;
    (class < CLASSES && layout.align() <= ALIGN).then_some(class)
}

/// What all blocks of a size have.
#[inline]
fn layout(class: usize) -> Layout {
    let size = (class + 1) * GRAIN - OVERHEAD;
    Layout::from_size_align(size, ALIGN).expect("a power of two, and a small size")
}

impl<A: GlobalAlloc> Recycling<A> {
    /// Gives back all that is kept, and says whether there was any.
    #[cold]
    fn flush(&self) -> bool {
        for (class, free) in self.free.iter().enumerate() {
            while let Some(block) = self.take(free) {
                // SAFETY: `inner` made it with this layout, and nobody has it.
                unsafe { self.inner.dealloc(block, layout(class)) };
            }
        }
        self.kept.replace(0) != 0
    }

    /// The newest of the blocks of one size.
    #[inline]
    fn take(&self, free: &Cell<*mut Free>) -> Option<*mut u8> {
        let block = free.get();
        if block.is_null() {
            return None;
        }
        // SAFETY: `dealloc` wrote it there, and the block was not handed out since.
        free.set(unsafe { (*block).next });
        Some(block.cast())
    }

    /// Tries once more without what is kept.
    #[inline]
    fn or_flush(&self, allocate: impl Fn() -> *mut u8) -> *mut u8 {
        let block = allocate();
        if block.is_null() && self.flush() {
            return allocate();
        }
        block
    }
}

// SAFETY: a block comes from `inner`, with the layout of its size or, where it is of
// none, with the caller's. It is handed out once until it is given back: `dealloc`
// puts it into one list, and `take` takes it out.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Recycling<A> {
    #[inline]
    unsafe fn alloc(&self, asked: Layout) -> *mut u8 {
        let Some(class) = class(asked) else {
            // SAFETY: as the caller's.
            return self.or_flush(|| unsafe { self.inner.alloc(asked) });
        };
        if let Some(block) = self.take(&self.free[class]) {
            self.kept.set(self.kept.get() - layout(class).size());
            return block;
        }
        // SAFETY: no size is zero.
        self.or_flush(|| unsafe { self.inner.alloc(layout(class)) })
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, asked: Layout) {
        let Some(class) = class(asked) else {
            // SAFETY: as the caller's.
            return unsafe { self.inner.dealloc(block, asked) };
        };
        let (kept, layout) = (self.kept.get(), layout(class));
        if kept > KEPT - layout.size() {
            // SAFETY: `alloc` made it with this layout.
            return unsafe { self.inner.dealloc(block, layout) };
        }
        let (free, block) = (&self.free[class], block.cast::<Free>());
        // SAFETY: it is nobody's any more, aligned to `ALIGN`, and the smallest size
        // has room for a pointer.
        unsafe { block.write(Free { next: free.get() }) };
        free.set(block);
        self.kept.set(kept + layout.size());
    }

    unsafe fn alloc_zeroed(&self, asked: Layout) -> *mut u8 {
        if class(asked).is_none() {
            // SAFETY: as the caller's.
            return self.or_flush(|| unsafe { self.inner.alloc_zeroed(asked) });
        }
        // SAFETY: as the caller's.
        let block = unsafe { self.alloc(asked) };
        if !block.is_null() {
            // SAFETY: it has as many bytes.
            unsafe { block.write_bytes(0, asked.size()) };
        }
        block
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, old: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller sees to that the size is one of a layout.
        let new = unsafe { Layout::from_size_align_unchecked(size, old.align()) };
        match (class(old), class(new)) {
            // SAFETY: as the caller's.
            (None, None) => self.or_flush(|| unsafe { self.inner.realloc(block, old, size) }),
            (Some(old), Some(new)) if old == new => block,
            _ => {
                // SAFETY: as the caller's.
                let moved = unsafe { self.alloc(new) };
                if !moved.is_null() {
                    // SAFETY: both have as many bytes, and the old one is the
                    // caller's to give.
                    unsafe {
                        ptr::copy_nonoverlapping(block, moved, old.size().min(size));
                        self.dealloc(block, old);
                    }
                }
                moved
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::alloc::System;
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    /// Checks what it is given back, and has so much to give.
    struct Checked {
        room: Cell<usize>,
        out: RefCell<BTreeMap<usize, Layout>>,
    }

    fn checked(room: usize) -> Recycling<Checked> {
        Recycling::new(Checked {
            room: Cell::new(room),
            out: RefCell::default(),
        })
    }

    // SAFETY: all comes from `System`.
    unsafe impl GlobalAlloc for Checked {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            if layout.size() > self.room.get() {
                return ptr::null_mut();
            }
            self.room.set(self.room.get() - layout.size());
            // SAFETY: as the caller's.
            let block = unsafe { System.alloc(layout) };
            self.out.borrow_mut().insert(block.addr(), layout);
            block
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            let made = self.out.borrow_mut().remove(&block.addr());
            assert_eq!(made, Some(layout), "as it was made");
            self.room.set(self.room.get() + layout.size());
            // SAFETY: it was made so.
            unsafe { System.dealloc(block, layout) };
        }
    }

    /// A block that is filled with a byte of its own.
    struct Block {
        at: *mut u8,
        layout: Layout,
        mark: u8,
    }

    impl Block {
        fn new(from: &Recycling<Checked>, layout: Layout, mark: u8) -> Self {
            // SAFETY: no layout here has the size zero.
            let at = unsafe { from.alloc(layout) };
            assert!(!at.is_null());
            assert!(at.addr().is_multiple_of(layout.align()));
            // SAFETY: it has as many bytes.
            unsafe { at.write_bytes(mark, layout.size()) };
            Self { at, layout, mark }
        }

        fn check(&self, bytes: usize) {
            // SAFETY: all of it was written.
            let bytes = unsafe { std::slice::from_raw_parts(self.at, bytes) };
            assert!(bytes.iter().all(|byte| *byte == self.mark));
        }

        fn resize(&mut self, from: &Recycling<Checked>, size: usize) {
            let kept = size.min(self.layout.size());
            // SAFETY: it is a block of `from` with this layout.
            self.at = unsafe { from.realloc(self.at, self.layout, size) };
            self.layout = layout_of(size, self.layout.align());
            self.check(kept);
            // SAFETY: it has as many bytes.
            unsafe { self.at.write_bytes(self.mark, size) };
        }

        fn free(self, from: &Recycling<Checked>) {
            self.check(self.layout.size());
            // SAFETY: it is a block of `from` with this layout.
            unsafe { from.dealloc(self.at, self.layout) };
        }
    }

    fn layout_of(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).expect("a layout")
    }

    #[test]
    fn blocks_keep_what_is_written_to_them_whatever_else_is_allocated() {
        let allocator = checked(usize::MAX);
        let mut state = 7_u32;
        let mut random = move |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        };
        let mut blocks: Vec<Block> = Vec::new();
        for round in 0..50_000_u32 {
            let size = match random(10) {
                0 => 1_000 + random(100),
                1 => 5_000,
                _ => 1 + random(200),
            };
            let size = size as usize;
            match random(if blocks.len() > 500 { 4 } else { 6 }) {
                0..2 if !blocks.is_empty() => {
                    let at = random(blocks.len() as u32) as usize;
                    blocks.swap_remove(at).free(&allocator);
                }
                2 if !blocks.is_empty() => {
                    let at = random(blocks.len() as u32) as usize;
                    blocks[at].resize(&allocator, size);
                }
                _ => {
                    let align = 1 << random(6);
                    let layout = layout_of(size, align);
                    blocks.push(Block::new(&allocator, layout, round as u8));
                }
            }
        }
        blocks.into_iter().for_each(|block| block.free(&allocator));
        assert!(allocator.flush(), "some were kept");
        assert!(allocator.inner.out.borrow().is_empty(), "all are back");
    }

    #[test]
    fn a_block_given_back_is_the_next_of_its_size() {
        let allocator = checked(usize::MAX);
        let first = Block::new(&allocator, layout_of(20, 1), 1);
        let at = first.at;
        first.free(&allocator);
        let other = Block::new(&allocator, layout_of(40, 1), 2);
        assert_ne!(other.at, at);
        let next = Block::new(&allocator, layout_of(28, 8), 3);
        assert_eq!(next.at, at);
        other.free(&allocator);
        next.free(&allocator);
        allocator.flush();
    }

    #[test]
    fn zeroed_memory_is_zero_also_where_a_block_is_used_again() {
        let allocator = checked(usize::MAX);
        for size in [20, 5_000] {
            let layout = layout_of(size, 1);
            Block::new(&allocator, layout, 0xff).free(&allocator);
            // SAFETY: the size is not zero.
            let at = unsafe { allocator.alloc_zeroed(layout) };
            let block = Block {
                at,
                layout,
                mark: 0,
            };
            block.free(&allocator);
        }
        allocator.flush();
    }

    #[test]
    fn no_more_is_kept_than_the_bound() {
        let allocator = checked(usize::MAX);
        let blocks = (0..2_000).map(|_| Block::new(&allocator, layout_of(1_000, 1), 1));
        let blocks: Vec<_> = blocks.collect();
        blocks.into_iter().for_each(|block| block.free(&allocator));
        let kept: usize = allocator
            .inner
            .out
            .borrow()
            .values()
            .map(Layout::size)
            .sum();
        assert_eq!(kept, allocator.kept.get());
        assert!((KEPT - 2_000..=KEPT).contains(&kept), "{kept}");
        allocator.flush();
    }

    #[test]
    fn where_memory_is_short_nothing_is_kept() {
        let allocator = checked(10_000);
        let small = (0..300).map(|_| Block::new(&allocator, layout_of(28, 1), 1));
        let small: Vec<_> = small.collect();
        small.into_iter().for_each(|block| block.free(&allocator));
        // There are 1,600 left.
        let mut large = Block::new(&allocator, layout_of(5_000, 1), 2);
        large.resize(&allocator, 2_000);
        large.free(&allocator);
        // SAFETY: the size is not zero.
        let none = unsafe { allocator.alloc(layout_of(20_000, 1)) };
        assert!(none.is_null());
    }
}
