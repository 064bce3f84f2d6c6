//! The README's guest, as it stands there.

include!(concat!(env!("OUT_DIR"), "/guest.rs"));

#[cfg(test)]
mod tests {
    include!(concat!(env!("OUT_DIR"), "/tests.rs"));
}
