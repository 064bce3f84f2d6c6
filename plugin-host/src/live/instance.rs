//! Makes instances, and arms their budgets.

use super::Live;
use crate::blueprint::InstanceContext;
use crate::error::{Counted, Error, ErrorKind, LimitKind, START};
use crate::exports::Exports;
use crate::home::HomeOwner;
use crate::limiter::Limiter;
use crate::meter::Meter;
use crate::nesting::TooDeep;
use crate::resources::Resources;
use crate::store::StoreData;
use crate::tally::{Amounts, Peaks};
use crate::totals::NoRoom;
use std::sync::Arc;
use std::time::Duration;
use wasmtime::{Store, UpdateDeadline};

/// One instance, in a store of its own.
pub(super) struct Instance<T: 'static, E> {
    pub(super) store: Store<StoreData<T>>,
    pub(super) exports: E,
}

/// What is armed anew each time.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    pub(super) deadline: Duration,
    /// Where the engine meters.
    pub(super) fuel: Option<u64>,
}

impl<T: 'static, E> Instance<T, E> {
    pub(super) fn peaks(&self) -> Peaks {
        self.store.data().limiter.peaks()
    }
}

impl<T: Send + 'static, E: Exports<T>> Live<T, E> {
    #[cold]
    pub(super) fn new_instance(&mut self) -> Result<Instance<T, E>, Error> {
        let blueprint = Arc::clone(&self.blueprint);
        let meter = self.meter.clone();
        let totals = &blueprint.engine.totals;
        let alive = totals
            .instance()
            .map_err(|no_room| self.no_room_to_start(no_room))?;
        let state = (blueprint.make_state)(InstanceContext {
            id: blueprint.id.clone(),
            version: blueprint.version.clone(),
            meter: meter.clone(),
        })
        .map_err(|error| blueprint.error(ErrorKind::State(error)))?;
        let services = blueprint.services(meter.clone(), self.output.clone())?;
        let mut store = Store::new(
            &blueprint.engine.wasmtime,
            StoreData {
                state,
                limiter: Limiter::new(&blueprint.limits, Arc::clone(totals)),
                services,
                meter,
                _alive: alive,
                home: E::RESOURCES.then(HomeOwner::default),
                resources: Resources::default(),
            },
        );
        let size = |limit| usize::try_from(limit).unwrap_or(usize::MAX);
        store.set_hostcall_fuel(size(blueprint.limits.value));
        store.set_max_component_handles(size(blueprint.limits.handles));
        // Before the first memory is made, so that initial pages count.
        store.limiter(|data| &mut data.limiter);
        // Asked on the first tick after each call began, and on each one more.
        store.epoch_deadline_callback(|store| {
            Ok(if store.data().meter.is_over() {
                UpdateDeadline::Interrupt
            } else {
                UpdateDeadline::Continue(1)
            })
        });
        arm(&mut store, self.start.fuel);
        let held = store.data().meter.begin(self.start.deadline);
        let _held = held.map_err(|TooDeep| self.too_deep(START))?;
        let instance = blueprint.pre.instantiate(&mut store);
        let exports =
            instance.and_then(|instance| E::load(&blueprint.indices, &mut store, &instance));
        match exports {
            Ok(exports) => {
                // No call has used anything of it.
                arm(&mut store, self.call.fuel);
                Ok(Instance { store, exports })
            }
            Err(error) => {
                let peaks = store.data().limiter.peaks();
                let mut used = used(&store, self.start.fuel);
                used.uncounted = u64::from(Counted::of(&error) == Counted::InPart);
                let took = self.meter.elapsed();
                let used = used.usage(0, took, peaks, self.measured);
                Err(self.explain(START, error, store.data_mut(), used, took))
            }
        }
    }

    #[cold]
    fn no_room_to_start(&self, NoRoom { limit, asked }: NoRoom) -> Error {
        self.blueprint.error(ErrorKind::Limit {
            call: START.to_owned(),
            limit: LimitKind::HostInstances,
            allowed: limit,
            asked: Some(asked),
        })
    }
}

/// Arms the budgets of the store itself for what begins now.
///
/// The store's own epoch deadline is left as it is: it lies at most one tick
/// ahead, where the callback compares the clock with the meter.
pub(super) fn arm<T>(store: &mut Store<StoreData<T>>, fuel: Option<u64>) {
    if let Some(fuel) = fuel {
        store.set_fuel(fuel).expect("the engine meters");
    }
    store.data_mut().limiter.forget_refusals();
    forget_asked(store.data_mut());
}

/// Forgets what the guest asked of the host, and told it.
pub(super) fn forget_asked<T>(data: &mut StoreData<T>) {
    data.services.panic = None;
    data.meter.reset();
}

/// What was used since the budgets were armed; `fuel` is what there was of it.
pub(super) fn used<T>(store: &Store<StoreData<T>>, fuel: Option<u64>) -> Amounts {
    Amounts {
        // Nothing adds to a store's fuel. Asking an engine that does not meter would make an error each time.
        fuel: fuel.map_or(0, |fuel| {
            fuel - store.get_fuel().expect("the engine meters")
        }),
        ..asked(&store.data().meter)
    }
}

/// The same, of what the guest asked of the host.
pub(super) fn asked(meter: &Meter) -> Amounts {
    Amounts {
        fuel: 0,
        uncounted: 0,
        host_calls: meter.host_calls(),
        service_bytes: meter.service_bytes(),
    }
}
