//! A plugin without the standard library, and without a word to the host.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

plugin_sdk::generate!({ path: "../../wit/frugal", world: "frugal" });

use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};
use core::hint::black_box;
use core::mem;
use plugin_sdk::log;
use work::Guest;

struct Terse;

impl Guest for Terse {
    fn greet(name: String) -> String {
        log::info!(name = name.as_str(); "greeted");
        format!("Good day, {name}")
    }

    fn sum(count: u32, size: u32, _: u32) -> u64 {
        let blocks: Vec<_> = (0..count).map(|_| vec![1_u8; size as usize]).collect();
        blocks.iter().flatten().map(|byte| u64::from(*byte)).sum()
    }

    fn fail(reason: String) {
        panic!("{reason}");
    }

    fn hoard(least: u32) {
        loop {
            mem::forget(black_box(vec![1_u8; least as usize]));
        }
    }
}

plugin_sdk::export!(Terse);
