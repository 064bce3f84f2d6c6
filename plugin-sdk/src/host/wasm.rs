//! The imports of `plugin-host:base`.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::panic::Location;

use bindings::plugin_host::base;

mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "imports" });
}

pub(crate) fn log(level: log::Level, message: String, fields: Vec<(String, String)>) {
    let level = match level {
        log::Level::Error => base::log::Level::Error,
        log::Level::Warn => base::log::Level::Warn,
        log::Level::Info => base::log::Level::Info,
        log::Level::Debug => base::log::Level::Debug,
        log::Level::Trace => base::log::Level::Trace,
    };
    let fields = fields
        .into_iter()
        .map(|(key, value)| base::log::Field { key, value })
        .collect::<Vec<_>>();
    base::log::log(level, &message, &fields);
}

pub(crate) fn get(key: &str) -> Option<String> {
    base::config::get(key)
}

pub(crate) fn entries() -> Vec<(String, String)> {
    base::config::entries()
}

pub(crate) fn report_panic(message: &str, place: Option<&Location<'_>>) {
    let place = place.map(|place| base::panic::Place {
        file: place.file().to_owned(),
        line: place.line(),
        column: place.column(),
    });
    base::panic::report(message, place.as_ref());
}
