//! Built for `acme:orders` 0.1.1, and uses what that added: holds orders of
//! customers that the shop does not know.

plugin_sdk::generate!({ path: "../../wit/orders/0.1.1", world: "plugin" });

use review::{Guest, Order, Rejection};
use shop::Journal;
use types::Status;

struct Newcomers;

impl Guest for Newcomers {
    fn check(mut orders: Vec<Order>) -> Result<Vec<Order>, Rejection> {
        let journal = Journal::new("newcomers");
        for order in &mut orders {
            if !customers::is_known(&order.customer) {
                journal.write(&format!("ask {} for an address", order.customer));
                order.status = Status::Held("a new customer".to_owned());
            }
        }
        Ok(orders)
    }
}

plugin_sdk::export!(Newcomers);
