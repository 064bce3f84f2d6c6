//! Does as little as possible, so that what is measured is the call.

extern crate alloc;

mod calls;
