//! The application's resources in native tests: whatever values a test makes them
//! of, by their handles. Each thread has its own.

use std::any::{Any, type_name};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

thread_local! {
    static RESOURCES: RefCell<HashMap<u32, Fake>> = RefCell::default();
}

/// Of all threads, so that none takes another one's for its own.
static LAST: AtomicU32 = AtomicU32::new(0);

struct Fake {
    value: Rc<dyn Any>,
    type_name: &'static str,
}

/// A resource of the application's.
pub trait Imported {
    #[doc(hidden)]
    fn from_handle(handle: u32) -> Self;
    #[doc(hidden)]
    fn handle(&self) -> u32;
}

pub(super) fn keep<T: 'static>(value: T) -> u32 {
    let handle = LAST.fetch_add(1, Ordering::Relaxed) + 1;
    let fake = Fake {
        value: Rc::new(value),
        type_name: type_name::<T>(),
    };
    RESOURCES.with_borrow_mut(|resources| resources.insert(handle, fake));
    handle
}

#[track_caller]
pub(super) fn find<T: 'static>(handle: u32) -> Rc<T> {
    let found = RESOURCES.with_borrow(|resources| {
        let fake = resources.get(&handle);
        fake.map(|fake| (Rc::clone(&fake.value), fake.type_name))
    });
    let Some((value, made_of)) = found else {
        panic!("a fake resource is used in the thread that made it");
    };
    value.downcast().unwrap_or_else(|_| {
        let asked = type_name::<T>();
        panic!("this fake resource was made of a `{made_of}`, not of a `{asked}`")
    })
}

/// Drops the value behind a handle. That of another thread is left alone.
pub fn drop(handle: u32) {
    // A handle that is in a thread-local itself may be dropped after the table.
    let fake = RESOURCES.try_with(|resources| resources.borrow_mut().remove(&handle));
    std::mem::drop(fake);
}
