//! Fuzzes the text of a policy file: reading it ends in a policy that survives
//! being written and read, or in an error that can be shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plugin_host::{Blame, Policy};
use plugin_host_fuzz::error;

fuzz_target!(|text: &str| {
    match Policy::parse(text) {
        Ok(policy) => {
            let written = policy.to_string();
            let again = Policy::parse(&written).expect("what was written is a policy");
            assert_eq!(again, policy);
            assert_eq!(again.to_string(), written);
        }
        Err(refused) => {
            error(&refused);
            assert_eq!(refused.blame(), Blame::Application);
        }
    }
});
