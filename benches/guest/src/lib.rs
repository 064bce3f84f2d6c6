//! Does as little as possible, so that what is measured is the call.

extern crate alloc;

mod calls;

/// The setting that is asked for.
fn setting() -> Option<String> {
    plugin_sdk::config::get("currency")
}
