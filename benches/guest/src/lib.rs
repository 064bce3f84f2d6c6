//! Does as little as possible, so that what is measured is the call.

plugin_sdk::generate!({ path: "../wit", world: "calls" });

struct Calls;

impl Guest for Calls {
    fn nothing() {}

    fn add(a: u32, b: u32) -> u32 {
        a.wrapping_add(b)
    }

    fn echo(text: String) -> String {
        text
    }

    fn ping(times: u32) -> u32 {
        (0..times).fold(0, |sum, i| sum ^ host::ping(i))
    }
}

plugin_sdk::export!(Calls);
