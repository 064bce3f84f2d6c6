//! The application as it first was.

use super::application::application;
use super::desk::{Desk, Journal};

plugin_host::world! {
    path: "tests/wit/orders/0.1.0",
    world: "plugin",
    with: { "acme:orders/shop.journal": crate::matrix::desk::Journal },
}

use types::{Line, Order, Status};

application!();

impl shop::Host for Desk {
    fn stock(&mut self, sku: String) -> u32 {
        Desk::stock(self, &sku, "main")
    }
}

fn batches() -> [Vec<Order>; 2] {
    let order = |id, customer: &str, goods: &[(&str, u32)], note: &str| Order {
        id,
        customer: customer.to_owned(),
        lines: lines(goods),
        note: note.to_owned(),
        status: Status::Open,
    };
    let paid = Order {
        status: Status::Paid,
        ..order(1, "Ann", &[("tea", 2)], "")
    };
    let gift = order(2, "Bob", &[("tea", 1), ("gold", 1)], "a gift");
    let first = order(3, "Cid", &[("tea", 10)], "");
    let empty = order(4, "Ann", &[], "");
    [vec![paid, gift, first], vec![empty]]
}

fn shown_status(status: &Status) -> String {
    match status {
        Status::Open => "open".to_owned(),
        Status::Paid => "paid".to_owned(),
        Status::Held(why) => format!("held, {why}"),
    }
}
