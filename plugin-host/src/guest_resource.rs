//! Handles to resources that live in a plugin's instance. Never enters the guest.

use crate::home::{DroppedGuest, Home};
use std::any::Any;
use std::fmt;
use std::sync::Arc;
use wasmtime::component::ResourceAny;

/// A handle to a resource of one instance; what the generated types hold.
pub struct GuestHandle(Held);

enum Held {
    /// Of a plugin's instance.
    Guest {
        resource: ResourceAny,
        home: Arc<Home>,
        /// What errors call the resource's destructor.
        destructor: &'static str,
        given: bool,
    },
    /// Of a plugin that is a plain value.
    Native(Box<dyn Any + Send + Sync>),
}

impl GuestHandle {
    /// Takes in what the guest handed out.
    #[must_use]
    pub fn new(resource: ResourceAny, home: &Arc<Home>, destructor: &'static str) -> Self {
        Self(Held::Guest {
            resource,
            home: Arc::clone(home),
            destructor,
            given: false,
        })
    }

    /// Takes in a value of Rust.
    #[must_use]
    pub fn native(value: impl Any + Send + Sync) -> Self {
        Self(Held::Native(Box::new(value)))
    }

    /// The value of Rust, if it is one of this type.
    #[must_use]
    pub fn value<V: Any>(&self) -> Option<&V> {
        match &self.0 {
            Held::Native(value) => value.downcast_ref(),
            Held::Guest { .. } => None,
        }
    }

    /// Whether it is one of the instance's with this `home`.
    #[must_use]
    pub fn belongs_to(&self, home: Option<&Home>) -> bool {
        match &self.0 {
            Held::Guest { home: own, .. } => {
                home.is_some_and(|home| std::ptr::eq(home, Arc::as_ptr(own)))
            }
            Held::Native(_) => false,
        }
    }

    /// The engine's handle, lent for a call to the instance that it belongs to.
    #[must_use]
    pub fn lend(&self) -> ResourceAny {
        match &self.0 {
            Held::Guest { resource, .. } => *resource,
            Held::Native(_) => unreachable!("it belongs to no instance, so no call is made"),
        }
    }

    /// The engine's handle, given back to the instance that it belongs to.
    #[must_use]
    pub fn give(mut self) -> ResourceAny {
        if let Held::Guest { given, .. } = &mut self.0 {
            *given = true;
        }
        self.lend()
    }
}

impl Drop for GuestHandle {
    fn drop(&mut self) {
        if let Held::Guest {
            resource,
            home,
            destructor,
            given: false,
        } = &self.0
        {
            home.queue_guest(DroppedGuest {
                resource: *resource,
                destructor,
            });
        }
    }
}

impl fmt::Debug for GuestHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("GuestHandle");
        match &self.0 {
            Held::Guest { home, .. } => {
                shown.field("stale", &home.has_ended());
            }
            Held::Native(_) => {
                shown.field("native", &true);
            }
        }
        shown.finish_non_exhaustive()
    }
}
