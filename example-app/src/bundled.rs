//! The example plugins, built with this program and carried in it: names and
//! components.

include!(concat!(env!("OUT_DIR"), "/bundled.rs"));
