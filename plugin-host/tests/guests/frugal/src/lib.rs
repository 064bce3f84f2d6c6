//! A plugin without the standard library.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

plugin_sdk::generate!({ path: "../../wit/frugal", world: "frugal" });

use alloc::alloc::{alloc_zeroed, dealloc, realloc};
use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};
use core::alloc::Layout;
use core::hint::black_box;
use core::{mem, slice};
use plugin_sdk::{config, log};
use work::Guest;

struct Frugal;

impl Guest for Frugal {
    fn greet(name: String) -> String {
        let greeting = config::get("greeting").unwrap_or_default();
        log::info!(name = name.as_str(); "greeted");
        format!("{greeting}, {name}")
    }

    fn sum(count: u32, size: u32, align: u32) -> u64 {
        let layout = Layout::from_size_align(size as usize, align as usize);
        let layout = layout.expect("a power of two");
        (0..count)
            .map(|number| u64::from(grown(number, layout)))
            .sum()
    }

    fn fail(reason: String) {
        panic!("{reason}");
    }

    fn hoard(least: u32) {
        let mut size = 100_000;
        loop {
            let mut block = Vec::<u8>::new();
            match block.try_reserve_exact(size) {
                Ok(()) => mem::forget(black_box(block)),
                // To the last byte, so that not even a panic's message has room.
                Err(_) if size > least as usize => size /= 2,
                Err(_) => mem::forget(black_box(vec![1_u8; size])),
            }
        }
    }
}

/// Puts a number into a block that grows, and reads it back.
#[expect(
    unsafe_code,
    reason = "blocks of any size and alignment come from the allocator itself"
)]
fn grown(number: u32, layout: Layout) -> u32 {
    let (size, align) = (layout.size(), layout.align());
    assert!(size >= 4 && align >= 4, "a number has room");
    // SAFETY: no layout is empty, and the block has as many bytes as are read of it.
    unsafe {
        let block = alloc_zeroed(layout);
        assert!(block.addr().is_multiple_of(align), "{block:?}");
        let zeros = slice::from_raw_parts(block, size);
        assert!(zeros.iter().all(|byte| *byte == 0));
        block.write_bytes(0xff, size);
        block.cast::<u32>().write(number);
        let grown = realloc(block, layout, size * 3);
        assert!(grown.addr().is_multiple_of(align), "{grown:?}");
        let number = grown.cast::<u32>().read();
        let large = Layout::from_size_align_unchecked(size * 3, align);
        dealloc(grown, large);
        number
    }
}

plugin_sdk::export!(Frugal);

#[cfg(test)]
mod tests {
    use super::*;
    use plugin_sdk::testing;

    #[test]
    fn it_is_tested_natively() {
        testing::set_config([("greeting", "Good day")]);
        assert_eq!(Frugal::greet("Ann".into()), "Good day, Ann");
        assert_eq!(testing::logs()[0].message, "greeted");
        assert_eq!(Frugal::sum(10, 8, 64), 45);
    }
}
