//! Holds that one type stands behind a resource of the plugin's: what a handle
//! leads to is read as that type. For any number of threads.

use std::any::TypeId;
use std::sync::OnceLock;

/// The type of one resource, once it is known.
#[derive(Debug, Default)]
pub struct OneType(OnceLock<TypeId>);

impl OneType {
    /// Not known yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Panics unless it is this type.
    pub fn require<T: 'static>(&self) {
        let id = TypeId::of::<T>();
        let known = *self.0.get_or_init(|| id);
        assert!(known == id, "cannot use two types with this resource type");
    }
}
