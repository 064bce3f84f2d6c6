//! The typed exports of an instance, as generated bindings know them, and the linked
//! component that they are of.
//!
//! One of three modules with `unsafe` code: the types of exports are compared with the
//! bindings' once, and not for each instance.
#![expect(unsafe_code, reason = "types are known that were compared before")]

use crate::store::StoreData;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use wasmtime::component::{
    Component, ComponentExportIndex, ComponentNamedList, Instance, InstancePre, Lift, Linker,
    Lower, TypedFunc,
};
use wasmtime::{AsContextMut, Store};

/// The typed exports of one instance, and how to find them.
pub trait Exports<T: 'static>: Sized + Send + 'static {
    /// Where in the component the exports are: looked up once.
    type Indices: Clone + Send + Sync + 'static;

    /// Whether the world exports resources, whose handles are looked after then.
    const RESOURCES: bool = false;

    /// Finds the exports in a linked component.
    fn indices(pre: &InstancePre<StoreData<T>>) -> wasmtime::Result<Self::Indices>;

    /// Takes them from an instance; fails where one has another type than is known or
    /// found out.
    fn load(
        indices: &Self::Indices,
        store: &mut wasmtime::Store<StoreData<T>>,
        instance: &Instance,
        types: Types,
    ) -> wasmtime::Result<Self>;
}

/// A component linked with what it imports, and where its exports are.
pub(crate) struct Linked<T: 'static, E: Exports<T>> {
    pre: InstancePre<StoreData<T>>,
    pub(crate) indices: E::Indices,
    /// Whether one instance's exports had the types of the bindings. Those of all others
    /// have them then: types are the component's, and those of its imports the linker's.
    compared: AtomicBool,
}

impl<T: 'static, E: Exports<T>> Linked<T, E> {
    pub(crate) fn new(
        linker: &Linker<StoreData<T>>,
        component: &Component,
    ) -> wasmtime::Result<Self> {
        let pre = linker.instantiate_pre(component)?;
        Ok(Self {
            indices: E::indices(&pre)?,
            pre,
            compared: AtomicBool::new(false),
        })
    }

    /// Makes an instance in this store, and takes its exports; the error has
    /// [`WrongTypes`] in it where one has another type than the bindings'.
    pub(crate) fn instantiate(&self, store: &mut Store<StoreData<T>>) -> wasmtime::Result<E> {
        let instance = self.pre.instantiate(&mut *store)?;
        let types = Types {
            known: self.compared.load(Ordering::Relaxed),
        };
        let exports = E::load(&self.indices, store, &instance, types)
            .map_err(|error| error.context(WrongTypes))?;
        // Written once, since threads that start instances share it.
        if !types.known {
            self.compared.store(true, Ordering::Relaxed);
        }
        Ok(exports)
    }
}

/// What is known of the types of a linked component's exports.
#[derive(Clone, Copy)]
pub struct Types {
    /// That they are those of the bindings which ask.
    known: bool,
}

impl Types {
    /// An exported function; fails where it has another type.
    ///
    /// # Safety
    ///
    /// Only for `Exports::load`, which is given this, and asks each time for the same
    /// functions of the instance that it is given, by the same types.
    pub unsafe fn export<Params, Results>(
        self,
        instance: &Instance,
        mut store: impl AsContextMut,
        index: &ComponentExportIndex,
    ) -> wasmtime::Result<TypedFunc<Params, Results>>
    where
        Params: ComponentNamedList + Lower,
        Results: ComponentNamedList + Lift,
    {
        if !self.known {
            return instance.get_typed_func(store, index);
        }
        let function = instance.get_func(&mut store, index);
        let function = function.ok_or_else(|| wasmtime::format_err!("no function is there"))?;
        // SAFETY: `load` has asked for this function by these types before, of an instance
        // of the same component with the same imports, and found them right.
        Ok(unsafe { TypedFunc::new_unchecked(function) })
    }
}

/// Marks an error that comes from the types of exports.
#[derive(Debug)]
pub(crate) struct WrongTypes;

impl fmt::Display for WrongTypes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an export has another type")
    }
}
