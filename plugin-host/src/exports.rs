//! The typed exports of an instance, as generated bindings know them.

use crate::store::StoreData;
use wasmtime::component::{Instance, InstancePre};

/// The typed exports of one instance, and how to find them.
pub trait Exports<T: 'static>: Sized + Send + 'static {
    /// Where in the component the exports are: looked up once.
    type Indices: Clone + Send + Sync + 'static;

    /// Whether the world exports resources, whose handles are looked after then.
    const RESOURCES: bool = false;

    /// Finds the exports in a linked component; fails where one has another type.
    fn indices(pre: &InstancePre<StoreData<T>>) -> wasmtime::Result<Self::Indices>;

    /// Takes them from an instance of it.
    fn load(
        indices: &Self::Indices,
        store: &mut wasmtime::Store<StoreData<T>>,
        instance: &Instance,
    ) -> wasmtime::Result<Self>;
}
