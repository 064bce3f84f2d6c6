//! Built for `acme:orders` 0.1.1, and uses what 0.1.0 has: holds orders with a
//! note, for somebody to read it.

plugin_sdk::generate!({ path: "../../wit/orders/0.1.1", world: "plugin" });

use review::{Guest, Order, Rejection};
use shop::Journal;
use types::Status;

struct Notes;

impl Guest for Notes {
    fn check(mut orders: Vec<Order>) -> Result<Vec<Order>, Rejection> {
        let journal = Journal::new("notes");
        for order in &mut orders {
            if !order.note.is_empty() {
                journal.write(&format!("{} says: {}", order.id, order.note));
                order.status = Status::Held("it has a note".to_owned());
            }
        }
        Ok(orders)
    }
}

plugin_sdk::export!(Notes);
