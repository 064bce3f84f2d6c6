//! The application when its orders became other ones.

use super::application::application;
use super::desk::{Desk, Journal};

plugin_host::world! {
    path: "tests/wit/orders/0.2.0",
    world: "plugin",
    with: { "acme:orders/shop.journal": crate::matrix::desk::Journal },
}

use types::{Line, Order, Status};

application!();

impl shop::Host for Desk {
    fn stock(&mut self, sku: String, warehouse: String) -> u32 {
        Desk::stock(self, &sku, &warehouse)
    }
}

impl customers::Host for Desk {
    fn is_known(&mut self, name: String) -> bool {
        Desk::is_known(self, &name)
    }
}

fn batches() -> [Vec<Order>; 2] {
    let order = |id, customer: &str, goods: &[(&str, u32)], note: Option<&str>| Order {
        id,
        customer: customer.to_owned(),
        lines: lines(goods),
        note: note.map(str::to_owned),
        status: Status::Open,
        currency: "EUR".to_owned(),
    };
    let paid = Order {
        status: Status::Paid,
        ..order(1, "Ann", &[("tea", 2)], None)
    };
    let abroad = Order {
        currency: "USD".to_owned(),
        ..order(2, "Bob", &[("tea", 1)], Some("a gift"))
    };
    let shipped = Order {
        status: Status::Shipped("JJD7".to_owned()),
        ..order(3, "Cid", &[("tea", 11)], None)
    };
    let large = order(4, "Dora", &[("tea", 11)], None);
    let empty = order(5, "Ann", &[], None);
    [vec![paid, abroad, shipped, large], vec![empty]]
}

fn shown_status(status: &Status) -> String {
    match status {
        Status::Open => "open".to_owned(),
        Status::Paid => "paid".to_owned(),
        Status::Held(why) => format!("held, {why}"),
        Status::Shipped(number) => format!("shipped, {number}"),
    }
}
