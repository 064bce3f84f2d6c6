//! What lives inside a wasmtime store: the application's state and ours.

use crate::error::FuelCharged;
use crate::limiter::Limiter;
use crate::meter::{Meter, TooManyHostCalls};
use crate::services::{HasServices, Services};
use wasmtime::{AsContextMut, StoreContextMut};

/// The data of one instance's store.
pub struct StoreData<T> {
    pub(crate) state: T,
    pub(crate) limiter: Limiter,
    pub(crate) services: Services,
    pub(crate) meter: Meter,
}

impl<T> StoreData<T> {
    /// The application's state, for generated bindings.
    #[inline]
    pub fn state(&mut self) -> &mut T {
        &mut self.state
    }
}

/// Store data that counts what the guest asks of the host. Generated bindings
/// call it around each function that the guest imports of the application.
pub trait Metered {
    /// Counts a call out of the guest, and refuses it where the limit is reached.
    fn enter_host(&self) -> wasmtime::Result<()>;

    /// What host functions charged since it was last asked for.
    fn take_charged(&self) -> u64;
}

impl<T> Metered for StoreData<T> {
    #[inline]
    fn enter_host(&self) -> wasmtime::Result<()> {
        self.meter
            .count_host_call()
            .map_err(|TooManyHostCalls| TooManyHostCalls.into())
    }

    #[inline]
    fn take_charged(&self) -> u64 {
        self.meter.take_charged()
    }
}

/// Takes what the host function charged off the guest's fuel.
#[inline]
pub fn leave_host<T: Metered>(store: &mut StoreContextMut<'_, T>) -> wasmtime::Result<()> {
    let charged = store.data().take_charged();
    if charged == 0 {
        return Ok(());
    }
    pay(store.as_context_mut(), charged)
}

#[cold]
fn pay<T: Metered>(mut store: StoreContextMut<'_, T>, charged: u64) -> wasmtime::Result<()> {
    // An engine that does not meter has no fuel to pay with.
    let Ok(fuel) = store.get_fuel() else {
        return Ok(());
    };
    let left = fuel.checked_sub(charged);
    store.set_fuel(left.unwrap_or(0))?;
    left.map(drop).ok_or_else(|| FuelCharged.into())
}

impl<T: Send + 'static> HasServices for StoreData<T> {
    #[inline]
    fn services(&mut self) -> &mut Services {
        &mut self.services
    }
}
