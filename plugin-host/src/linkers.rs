//! What plugins may import, put together once for each world. Serves no store.

use crate::services;
use crate::store::StoreData;
use crate::world::World;
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime::component::Linker;

/// The linkers of one engine, by world.
#[derive(Default)]
pub(crate) struct Linkers(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Linkers {
    /// The linker of plugins of `W`, which offers the services and the
    /// application's imports.
    pub(crate) fn get<W: World>(
        &self,
        engine: &wasmtime::Engine,
    ) -> wasmtime::Result<Arc<Linker<StoreData<W::State>>>> {
        let mut linkers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = linkers.get(&TypeId::of::<W>());
        if let Some(linker) = known.and_then(|known| Arc::clone(known).downcast().ok()) {
            return Ok(linker);
        }
        let mut linker = Linker::new(engine);
        services::link(&mut linker)?;
        W::link(&mut linker)?;
        let linker = Arc::new(linker);
        linkers.insert(TypeId::of::<W>(), Arc::clone(&linker) as _);
        Ok(linker)
    }
}
