//! Fuzzes the text of a policy file: whatever it is, reading it ends in a policy
//! or in an error that can be shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plugin_host::Policy;
use plugin_host_fuzz::line;

fuzz_target!(|text: &str| {
    if let Err(error) = Policy::parse(text) {
        line(&error.to_string());
    }
});
