//! Built for `acme:orders` 0.1.0: holds orders that the stock does not cover.

plugin_sdk::generate!({ path: "../../wit/orders/0.1.0", world: "plugin" });

use review::{Guest, Order, Rejection};
use shop::Journal;
use types::Status;

struct Stock;

impl Guest for Stock {
    fn check(mut orders: Vec<Order>) -> Result<Vec<Order>, Rejection> {
        let journal = Journal::new("stock");
        for order in &mut orders {
            if order.lines.is_empty() {
                let why = "nothing is ordered".to_owned();
                return Err(Rejection {
                    order: order.id,
                    why,
                });
            }
            let mut lines = order.lines.iter();
            if let Some(line) = lines.find(|line| shop::stock(&line.sku) < line.quantity) {
                journal.write(&format!("{} waits for {}", order.id, line.sku));
                order.status = Status::Held(format!("too little {}", line.sku));
            }
        }
        Ok(orders)
    }
}

plugin_sdk::export!(Stock);
