//! Where the components are that are built from the guests beside this crate.

include!(concat!(env!("OUT_DIR"), "/guests.rs"));
