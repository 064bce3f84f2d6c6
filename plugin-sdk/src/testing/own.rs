//! The plugin's own resources in native tests, by their handles. A handle works
//! in the thread that made it and in no other one, as the value behind it may not
//! go there either.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

thread_local! {
    static RESOURCES: RefCell<HashMap<u32, Own>> = RefCell::default();
}

/// Of all threads, so that none takes another one's for its own.
static LAST: AtomicU32 = AtomicU32::new(0);

struct Own {
    rep: *mut u8,
    drop: Box<dyn FnOnce()>,
}

/// Keeps what stands behind a new handle, and how it is dropped.
pub fn keep(rep: *mut u8, drop: impl FnOnce() + 'static) -> u32 {
    let handle = LAST.fetch_add(1, Ordering::Relaxed) + 1;
    let drop = Box::new(drop);
    RESOURCES.with_borrow_mut(|resources| resources.insert(handle, Own { rep, drop }));
    handle
}

/// What stands behind a handle.
#[must_use]
pub fn find(handle: u32) -> *mut u8 {
    let found = RESOURCES.with_borrow(|resources| resources.get(&handle).map(|own| own.rep));
    found.expect("a resource of the plugin's is used in the thread that made it")
}

/// Drops what stands behind a handle. That of another thread is left alone.
pub fn drop(handle: u32) {
    // A handle that is in a thread-local itself may be dropped after the table.
    let own = RESOURCES.try_with(|resources| resources.borrow_mut().remove(&handle));
    if let Ok(Some(own)) = own {
        (own.drop)();
    }
}
