//! One live plugin: arms its budgets, makes its calls, says how they ended, and
//! replaces its instance where that failed.

mod handles;

use crate::blueprint::{Blueprint, InstanceContext};
use crate::engine::ticks_for;
use crate::error::{Error, ErrorKind, Evidence, LimitKind, Report, SCOPE, START, classify};
use crate::exports::Exports;
use crate::guest_resource::HomeOwner;
use crate::lifetime::Lifetime;
use crate::limiter::Limiter;
use crate::meter::{Canceller, Meter};
use crate::nesting::{Held, TooDeep};
use crate::services::Collector;
use crate::store::StoreData;
use crate::tally::{Amounts, Measured, Tally};
use crate::totals::NoRoom;
use crate::usage::Usage;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::level_filters::LevelFilter;
use wasmtime::{AsContextMut, Store, StoreContextMut, UpdateDeadline};

/// What a generated world's methods go through.
#[doc(hidden)]
pub struct Live<T: 'static, E: Exports<T>> {
    blueprint: Arc<Blueprint<T, E>>,
    instance: Option<Instance<T, E>>,
    output: Collector,
    meter: Meter,
    call: Budget,
    start: Budget,
    measured: Measured,
    tally: Tally,
    /// Set while a call is in the guest: a panic of the application's leaves it so.
    entered: bool,
    scope: Scope,
    /// What the calls of a scope share.
    scope_armed: Option<Armed>,
}

struct Instance<T: 'static, E> {
    store: Store<StoreData<T>>,
    exports: E,
}

/// Whether several calls share one budget.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    None,
    Running,
    /// A call in it failed, and its instance is gone.
    Failed,
}

/// What is armed anew each time.
#[derive(Clone, Copy)]
struct Budget {
    deadline_ticks: u64,
    /// Where the engine meters.
    fuel: Option<u64>,
}

/// What is held while a budget is armed.
struct Armed {
    started: Option<Instant>,
    _held: Option<Box<Held>>,
}

impl<T: Send + 'static, E: Exports<T>> Live<T, E> {
    pub(crate) fn new(blueprint: Arc<Blueprint<T, E>>) -> Self {
        let limits = &blueprint.limits;
        let metered = blueprint.engine.metered;
        let fuel = |limit: Option<u64>| metered.then_some(limit.unwrap_or(u64::MAX));
        Self {
            instance: None,
            output: Collector::new(limits.output, limits.output_lines),
            meter: Meter::new(limits.host_calls, limits.value),
            call: Budget {
                deadline_ticks: ticks_for(limits.deadline),
                fuel: fuel(limits.fuel),
            },
            start: Budget {
                deadline_ticks: ticks_for(limits.start_deadline),
                fuel: fuel(limits.start_fuel.or(limits.fuel)),
            },
            measured: Measured {
                fuel: limits.fuel.is_some(),
                wall_time: blueprint.measure_time,
            },
            tally: Tally::default(),
            entered: false,
            scope: Scope::None,
            scope_armed: None,
            blueprint,
        }
    }

    pub(crate) fn blueprint(&self) -> &Blueprint<T, E> {
        &self.blueprint
    }

    pub(crate) fn canceller(&self) -> Canceller {
        self.meter.canceller()
    }

    pub(crate) fn output(&self) -> &Collector {
        &self.output
    }

    pub(crate) fn last_usage(&self) -> Usage {
        self.tally.last(self.measured)
    }

    pub(crate) fn total_usage(&self) -> Usage {
        self.tally.total(self.measured)
    }

    /// Makes one call: the typed bindings' way in.
    #[inline]
    pub fn call<R>(
        &mut self,
        name: &'static str,
        function: impl FnOnce(&E, StoreContextMut<'_, StoreData<T>>) -> wasmtime::Result<R>,
    ) -> Result<R, Error> {
        // One look at a static, in place of a span that nobody wants.
        let _span = (LevelFilter::current() == LevelFilter::TRACE).then(|| self.span(name));
        if E::RESOURCES {
            self.run_destructors(Some(name))?;
        }
        let armed = match self.scope {
            Scope::None => Some(self.begin(name)?),
            _ => None,
        };
        if self.entered {
            return Err(self.not_called(name));
        }
        let Some(instance) = &mut self.instance else {
            return Err(self.not_called(name));
        };
        self.entered = true;
        let outcome = function(&instance.exports, instance.store.as_context_mut());
        self.entered = false;
        if let Some(armed) = &armed {
            self.account(armed);
            if self.blueprint.lifetime == Lifetime::OneCall && outcome.is_ok() {
                self.instance = None;
            }
        }
        match outcome {
            Ok(value) => Ok(value),
            Err(error) => Err(self.failed(name, error)),
        }
    }

    /// Makes several calls under one budget and on one instance.
    pub(crate) fn scope<W, R>(
        world: &mut W,
        live: impl Fn(&mut W) -> &mut Self,
        calls: impl FnOnce(&mut W) -> R,
    ) -> Result<R, Error> {
        let this = live(world);
        if this.scope != Scope::None {
            // Already under a budget, which goes on.
            return Ok(calls(world));
        }
        this.scope_armed = Some(this.begin(SCOPE)?);
        this.scope = Scope::Running;
        // Ends the scope even where the application's closure panics.
        let guard = EndScope { world, live };
        Ok(calls(guard.world))
    }

    fn end_scope(&mut self) {
        if let Some(armed) = self.scope_armed.take() {
            self.account(&armed);
        }
        self.scope = Scope::None;
        if self.blueprint.lifetime == Lifetime::OneCall {
            self.instance = None;
        }
    }

    /// Starts an instance now, so that the next call finds one.
    pub(crate) fn start(&mut self) -> Result<(), Error> {
        self.instance = Some(self.new_instance()?);
        Ok(())
    }

    pub(crate) fn state(&mut self) -> Result<&mut T, Error> {
        Ok(&mut self.usable_instance()?.store.data_mut().state)
    }

    /// Makes sure of an instance, and arms every budget for a call that begins now.
    #[inline]
    fn begin(&mut self, call: &str) -> Result<Armed, Error> {
        let (budget, timed) = (self.call, self.measured.wall_time);
        match arm(&mut self.usable_instance()?.store, budget) {
            Ok(held) => Ok(Armed {
                started: timed.then(Instant::now),
                _held: held,
            }),
            Err(TooDeep) => Err(self.too_deep(call)),
        }
    }

    #[cold]
    fn too_deep(&self, call: &str) -> Error {
        self.blueprint.error(ErrorKind::TooDeep {
            call: call.to_owned(),
        })
    }

    #[inline]
    fn usable_instance(&mut self) -> Result<&mut Instance<T, E>, Error> {
        if self.entered || self.instance.is_none() {
            self.replace()?;
        }
        Ok(self.instance.as_mut().expect("it was there or just made"))
    }

    /// Starts an instance where there is none that can be entered.
    #[cold]
    fn replace(&mut self) -> Result<(), Error> {
        // Still set where the application's own code panicked during a call.
        self.entered = false;
        self.instance = None;
        self.start()
    }

    /// Writes down what was used since the budgets were armed.
    #[inline]
    fn account(&mut self, armed: &Armed) {
        if let Some(instance) = &self.instance {
            let used = used(&instance.store, self.call.fuel, armed.started);
            self.tally.add(used, self.measured);
        }
    }

    #[cold]
    fn new_instance(&mut self) -> Result<Instance<T, E>, Error> {
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
                let used = used(&store, self.start.fuel, None).usage(0, self.measured);
                Err(self.explain(START, error, store.data_mut(), used))
            }
        }
    }

    /// Throws the instance away in which a call failed, and explains that.
    #[cold]
    fn failed(&mut self, call: &str, error: wasmtime::Error) -> Error {
        // Held until the error is made: it knows of the caller's deadline.
        let armed = self.scope_armed.take();
        if let Some(armed) = &armed {
            self.account(armed);
            self.scope = Scope::Failed;
        }
        let used = self.last_usage();
        match self.instance.take() {
            Some(mut instance) => self.explain(call, error, instance.store.data_mut(), used),
            None => self.not_called(call),
        }
    }

    fn explain(
        &self,
        call: &str,
        error: wasmtime::Error,
        data: &mut StoreData<T>,
        usage: Usage,
    ) -> Error {
        let limits = &self.blueprint.limits;
        let (kind, backtrace) = classify(
            error,
            Evidence {
                call,
                limits,
                cancelled: self.meter.is_cancelled(),
                inherited: self.meter.inherited_deadline(),
                refused: data.limiter.refused(),
                panic: data.services.panic.take(),
            },
        );
        self.blueprint.error(kind).with_report(Report {
            call: call.to_owned(),
            limits: limits.clone(),
            elapsed: self.meter.elapsed(),
            usage,
            output: self.output.snapshot(),
            backtrace,
        })
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

    #[cold]
    fn not_called(&self, call: &str) -> Error {
        self.blueprint.error(ErrorKind::InstanceFailed {
            call: call.to_owned(),
        })
    }

    #[cold]
    fn span(&self, call: &str) -> Box<tracing::span::EnteredSpan> {
        // Boxed, so that where there is none, dropping it is one comparison.
        Box::new(
            tracing::trace_span!(target: "plugin_host", "call", plugin = %self.blueprint.id, call)
                .entered(),
        )
    }
}

/// Arms every budget for a call that begins now.
///
/// The store's own epoch deadline is left as it is: it lies at most one tick
/// ahead, where the callback compares the clock with the meter.
#[inline]
fn arm<T>(store: &mut Store<StoreData<T>>, budget: Budget) -> Result<Option<Box<Held>>, TooDeep> {
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
fn used<T>(store: &Store<StoreData<T>>, fuel: Option<u64>, started: Option<Instant>) -> Amounts {
    // Asking an engine that does not meter would make an error each time.
    let fuel = fuel.map_or(0, |fuel| fuel.saturating_sub(store.get_fuel().unwrap_or(0)));
    let data = store.data();
    Amounts {
        fuel,
        host_calls: data.meter.host_calls(),
        service_bytes: data.meter.service_bytes(),
        peak_memory: data.limiter.peak_memory(),
        peak_table_elements: data.limiter.peak_table_elements(),
        wall_time: started.map_or(Duration::ZERO, |started| started.elapsed()),
    }
}

struct EndScope<'a, T, E, W, F>
where
    T: Send + 'static,
    E: Exports<T>,
    F: Fn(&mut W) -> &mut Live<T, E>,
{
    world: &'a mut W,
    live: F,
}

impl<T, E, W, F> Drop for EndScope<'_, T, E, W, F>
where
    T: Send + 'static,
    E: Exports<T>,
    F: Fn(&mut W) -> &mut Live<T, E>,
{
    fn drop(&mut self) {
        (self.live)(self.world).end_scope();
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
