//! Everything comes back as it came.

plugin_sdk::generate!({ path: "../wit", world: "calls" });

use alloc::string::String;
use alloc::vec::Vec;

use measured::{Guest, Item, Order, Product};
use plugin_sdk::log;

struct Calls;

impl Guest for Calls {
    fn nothing() {}

    fn add(a: u32, b: u32) -> u32 {
        a.wrapping_add(b)
    }

    fn echo(text: String) -> String {
        text
    }

    fn bytes(bytes: Vec<u8>) -> Vec<u8> {
        bytes
    }

    fn an_order(order: Order) -> Order {
        order
    }

    fn products(products: Vec<Product>) -> Vec<Product> {
        products
    }

    fn items(items: Vec<Item>) -> Vec<Item> {
        items
    }

    fn ping(times: u32) -> u32 {
        (0..times).fold(0, |sum, i| sum ^ host::ping(i))
    }

    fn lent(counter: &host::Counter, times: u32) -> u32 {
        (0..times).fold(0, |sum, i| sum ^ counter.add(i))
    }

    fn given(_: host::Counter) {}

    fn log(times: u32) {
        for i in 0..times {
            log::info!(batch = i; "prices changed");
        }
    }

    fn config(times: u32) -> u32 {
        let length = |_| super::setting().map_or(0, |text| text.len() as u32);
        (0..times).map(length).sum()
    }
}

plugin_sdk::export!(Calls);
