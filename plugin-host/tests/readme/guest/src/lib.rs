//! The README's guest, as it stands there.

include!(concat!(env!("OUT_DIR"), "/guest.rs"));
