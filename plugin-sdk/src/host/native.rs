//! Stands in for the host in unit tests. Each thread has its own, so that tests
//! that run at the same time do not meet.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::testing::Record;

thread_local! {
    static CONFIG: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
    static LOGS: RefCell<Vec<Record>> = const { RefCell::new(Vec::new()) };
}

pub(crate) fn set_config(entries: BTreeMap<String, String>) {
    CONFIG.set(entries);
}

pub(crate) fn logs() -> Vec<Record> {
    LOGS.with_borrow(Clone::clone)
}

pub(crate) fn clear_logs() {
    LOGS.take();
}

pub(crate) fn log(level: log::Level, message: String, fields: Vec<(String, String)>) {
    let record = Record {
        level,
        message,
        fields,
    };
    // A record of a thread that ends, out of some destructor, has no reader.
    let _ = LOGS.try_with(|logs| logs.borrow_mut().push(record));
}

pub(crate) fn get(key: &str) -> Option<String> {
    CONFIG.with_borrow(|config| config.get(key).cloned())
}

pub(crate) fn entries() -> Vec<(String, String)> {
    CONFIG.with_borrow(|config| config.clone().into_iter().collect())
}
