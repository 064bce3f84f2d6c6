//! Built for `acme:orders` 0.2.0: holds orders that the warehouse for their
//! currency does not cover.

plugin_sdk::generate!({ path: "../../wit/orders/0.2.0", world: "plugin" });

use review::{Guest, Order, Rejection};
use shop::Journal;
use types::Status;

struct Warehouses;

impl Guest for Warehouses {
    fn check(mut orders: Vec<Order>) -> Result<Vec<Order>, Rejection> {
        let journal = Journal::new("warehouses");
        for order in &mut orders {
            if let Status::Shipped(number) = &order.status {
                journal.write(&format!("{} left as {number}", order.id));
                continue;
            }
            let warehouse = match order.currency.as_str() {
                "EUR" => "main",
                _ => "overseas",
            };
            let mut lines = order.lines.iter();
            let short = lines.find(|line| shop::stock(&line.sku, warehouse) < line.quantity);
            if let Some(line) = short {
                let note = order.note.as_deref().unwrap_or("nothing");
                journal.write(&format!("{} says: {note}", order.id));
                order.status = Status::Held(format!("too little {} in {warehouse}", line.sku));
            }
        }
        Ok(orders)
    }
}

plugin_sdk::export!(Warehouses);
