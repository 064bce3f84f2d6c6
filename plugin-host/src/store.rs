//! What lives inside a wasmtime store: the application's state and ours.

use crate::error::FuelCharged;
use crate::home::{Home, HomeOwner};
use crate::limiter::Limiter;
use crate::meter::{Meter, TooManyHostCalls};
use crate::nesting::InHost;
use crate::resources::{KeepsResources, Resources};
use crate::services::{HasServices, Services};
use crate::totals::Alive;
use std::sync::Arc;
use wasmtime::{AsContextMut, StoreContextMut};

/// The data of one instance's store.
pub struct StoreData<T> {
    pub(crate) state: T,
    pub(crate) limiter: Limiter,
    pub(crate) services: Services,
    pub(crate) meter: Meter,
    /// Counts the instance among the host's.
    pub(crate) _alive: Alive,
    /// What handles of the application's to resources share, once there may be any.
    pub(crate) home: Option<HomeOwner>,
    /// The application's own resources that this instance has.
    pub(crate) resources: Resources,
}

impl<T> StoreData<T> {
    /// The application's state, for generated bindings.
    #[inline]
    pub fn state(&mut self) -> &mut T {
        &mut self.state
    }

    /// What handles that this instance hands out share, for generated bindings.
    #[must_use]
    pub fn home(&self) -> Arc<Home> {
        let home = self.home.as_ref().expect("the world exports resources");
        Arc::clone(home.home())
    }
}

/// Store data that counts what the guest asks of the host. Generated bindings
/// call it around each function that the guest imports of the application.
pub trait Metered {
    /// Counts a call out of the guest, and refuses it where the limit is
    /// reached. What comes back is held until the application's function ends.
    fn enter_host(&self) -> wasmtime::Result<InHost>;

    /// What host functions charged since it was last asked for.
    fn take_charged(&self) -> u64;
}

impl<T> Metered for StoreData<T> {
    #[inline]
    fn enter_host(&self) -> wasmtime::Result<InHost> {
        self.meter
            .enter_host()
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

impl<T> KeepsResources for StoreData<T> {
    #[inline]
    fn resources(&mut self) -> &mut Resources {
        &mut self.resources
    }
}

impl<T: Send + 'static> HasServices for StoreData<T> {
    #[inline]
    fn services(&mut self) -> &mut Services {
        &mut self.services
    }
}
