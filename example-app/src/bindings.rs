//! The catalogue's world, and the application's side of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

plugin_host::world! { path: "../wit/catalog", world: "plugin", optional: ["ranking"] }

/// What plugins may ask the shop: the state of each plugin instance. All share
/// the stock of the batch that is being worked on.
#[derive(Clone, Default)]
pub(crate) struct Shop {
    stock: Arc<Mutex<HashMap<u64, i64>>>,
}

impl Shop {
    /// Replaces the stock, for the next batch.
    pub(crate) fn set_stock(&self, stock: HashMap<u64, i64>) {
        *self.stock.lock().unwrap_or_else(PoisonError::into_inner) = stock;
    }
}

impl inventory::Host for Shop {
    fn stock(&mut self, row: u64) -> Option<i64> {
        let stock = self.stock.lock().unwrap_or_else(PoisonError::into_inner);
        stock.get(&row).copied()
    }
}
