//! Makes instances, and arms their budgets.

use super::Live;
use crate::blueprint::InstanceContext;
use crate::error::{Error, ErrorKind, LimitKind, START};
use crate::exports::Exports;
use crate::guest_resource::HomeOwner;
use crate::limiter::Limiter;
use crate::nesting::{Held, TooDeep};
use crate::store::StoreData;
use crate::tally::{Amounts, Peaks};
use crate::totals::NoRoom;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wasmtime::{Store, UpdateDeadline};

/// One instance, in a store of its own.
pub(super) struct Instance<T: 'static, E> {
    pub(super) store: Store<StoreData<T>>,
    pub(super) exports: E,
}

/// What is armed anew each time.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    pub(super) deadline_ticks: u64,
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
        let _held = arm(&mut store, self.start).map_err(|TooDeep| self.too_deep(START))?;
        let exports = blueprint.pre.instantiate(&mut store).and_then(|instance| {
            E::load(&blueprint.indices, &mut store, &instance)
                .map_err(|error| error.context(WrongTypes))
        });
        match exports {
            Ok(exports) => Ok(Instance { store, exports }),
            Err(error) if error.is::<WrongTypes>() => {
                Err(blueprint.error(ErrorKind::Types(error.root_cause().to_string())))
            }
            Err(error) => {
                let peaks = store.data().limiter.peaks();
                let used = used(&store, self.start.fuel, None).usage(0, peaks, self.measured);
                Err(self.explain(START, error, store.data_mut(), used))
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

/// Arms every budget for a call that begins now.
///
/// The store's own epoch deadline is left as it is: it lies at most one tick
/// ahead, where the callback compares the clock with the meter.
#[inline]
pub(super) fn arm<T>(
    store: &mut Store<StoreData<T>>,
    budget: Budget,
) -> Result<Option<Box<Held>>, TooDeep> {
    if let Some(fuel) = budget.fuel {
        store.set_fuel(fuel).expect("the engine meters");
    }
    let data = store.data_mut();
    data.limiter.forget_refusals();
    if data.services.panic.is_some() {
        data.services.panic = None;
    }
    data.meter.begin(budget.deadline_ticks)
}

/// What was used since the budgets were armed.
#[inline]
pub(super) fn used<T>(
    store: &Store<StoreData<T>>,
    fuel: Option<u64>,
    started: Option<Instant>,
) -> Amounts {
    // Asking an engine that does not meter would make an error each time.
    let fuel = fuel.map_or(0, |fuel| fuel.saturating_sub(store.get_fuel().unwrap_or(0)));
    let data = store.data();
    Amounts {
        fuel,
        host_calls: data.meter.host_calls(),
        service_bytes: data.meter.service_bytes(),
        wall_time: started.map_or(Duration::ZERO, |started| started.elapsed()),
    }
}

/// Marks an error that comes from the types of exports.
#[derive(Debug)]
struct WrongTypes;

impl std::fmt::Display for WrongTypes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an export has another type")
    }
}
