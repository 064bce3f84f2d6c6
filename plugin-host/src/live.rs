//! One live plugin: arms its budgets, makes its calls, says how they ended, and
//! replaces its instance where that failed.

use crate::blueprint::{Blueprint, InstanceContext};
use crate::engine::{LongCall, ticks_for};
use crate::error::{Error, ErrorKind, Evidence, Report, classify};
use crate::exports::Exports;
use crate::lifetime::Lifetime;
use crate::limiter::Limiter;
use crate::meter::Meter;
use crate::services::{Collector, Services};
use crate::store::StoreData;
use crate::usage::Usage;
use std::sync::Arc;
use std::time::Instant;
use wasmtime::{AsContextMut, Store, StoreContextMut};

/// What a generated world's methods go through.
#[doc(hidden)]
pub struct Live<T: 'static, E: Exports<T>> {
    blueprint: Arc<Blueprint<T, E>>,
    instance: Option<Instance<T, E>>,
    output: Collector,
    deadline_ticks: u64,
    /// Set while a call is in the guest: a panic of the application's leaves it so.
    entered: bool,
    /// Set while several calls share one budget.
    scope: Scope,
    last: Usage,
    total: Usage,
}

struct Instance<T: 'static, E> {
    store: Store<StoreData<T>>,
    exports: E,
}

enum Scope {
    None,
    Running(Armed),
    /// A call in it failed, and its instance is gone.
    Failed,
}

/// What is held while a budget is armed.
struct Armed {
    started: Option<Instant>,
    _long_call: Option<LongCall>,
}

/// How entering a guest went wrong.
enum Outcome {
    Failed(wasmtime::Error),
    /// There was no instance to enter.
    NotCalled,
}

const START: &str = "start";

impl<T: Send + 'static, E: Exports<T>> Live<T, E> {
    pub(crate) fn new(blueprint: Arc<Blueprint<T, E>>) -> Self {
        Self {
            output: Collector::new(blueprint.limits.output),
            deadline_ticks: ticks_for(blueprint.limits.deadline),
            instance: None,
            entered: false,
            scope: Scope::None,
            last: Usage::default(),
            total: Usage::default(),
            blueprint,
        }
    }

    pub(crate) fn blueprint(&self) -> &Blueprint<T, E> {
        &self.blueprint
    }

    pub(crate) fn output(&self) -> &Collector {
        &self.output
    }

    pub(crate) fn last_usage(&self) -> Usage {
        self.last
    }

    pub(crate) fn total_usage(&self) -> Usage {
        self.total
    }

    /// Makes one call: the typed bindings' way in.
    #[inline]
    pub fn call<R>(
        &mut self,
        name: &'static str,
        function: impl FnOnce(&E, StoreContextMut<'_, StoreData<T>>) -> wasmtime::Result<R>,
    ) -> Result<R, Error> {
        match self.scope {
            Scope::None => {}
            Scope::Running(_) => return self.call_in_scope(name, function),
            Scope::Failed => return Err(self.not_called(name)),
        }
        let _span = tracing::trace_span!(
            target: "plugin_host", "call", plugin = %self.blueprint.id, call = name
        )
        .entered();
        let armed = self.begin()?;
        let outcome = self.enter(function);
        self.account(&armed);
        self.finish(name, outcome)
    }

    /// Makes several calls under one budget and on one instance.
    pub(crate) fn scope<W, R>(
        world: &mut W,
        live: impl Fn(&mut W) -> &mut Self,
        calls: impl FnOnce(&mut W) -> R,
    ) -> Result<R, Error> {
        let this = live(world);
        if !matches!(this.scope, Scope::None) {
            // Already under a budget, which goes on.
            return Ok(calls(world));
        }
        this.scope = Scope::Running(this.begin()?);
        // Ends the scope even where the application's closure panics.
        let guard = EndScope { world, live };
        Ok(calls(guard.world))
    }

    fn call_in_scope<R>(
        &mut self,
        name: &'static str,
        function: impl FnOnce(&E, StoreContextMut<'_, StoreData<T>>) -> wasmtime::Result<R>,
    ) -> Result<R, Error> {
        let outcome = self.enter(function);
        if outcome.is_err()
            && let Scope::Running(armed) = std::mem::replace(&mut self.scope, Scope::Failed)
        {
            self.account(&armed);
        }
        self.finish(name, outcome)
    }

    fn end_scope(&mut self) {
        if let Scope::Running(armed) = std::mem::replace(&mut self.scope, Scope::None) {
            self.account(&armed);
            if self.blueprint.lifetime == Lifetime::OneCall {
                self.instance = None;
            }
        }
    }

    /// Starts an instance now, so that the next call finds one.
    pub(crate) fn start(&mut self) -> Result<(), Error> {
        self.instance = Some(self.new_instance()?);
        Ok(())
    }

    /// Makes sure of an instance, and arms every budget for a call that begins now.
    #[inline]
    fn begin(&mut self) -> Result<Armed, Error> {
        if self.entered || self.instance.is_none() {
            self.replace()?;
        }
        let instance = self.instance.as_mut().expect("it was just made");
        arm(&self.blueprint, self.deadline_ticks, &mut instance.store)
    }

    /// Starts an instance where there is none that can be entered.
    #[cold]
    fn replace(&mut self) -> Result<(), Error> {
        // Still set where the application's own code panicked during a call.
        self.entered = false;
        self.instance = None;
        self.start()
    }

    pub(crate) fn state(&mut self) -> Result<&mut T, Error> {
        if self.entered || self.instance.is_none() {
            self.replace()?;
        }
        let instance = self.instance.as_mut().expect("it was just made");
        Ok(&mut instance.store.data_mut().state)
    }

    /// Goes into the guest, budgets being armed.
    #[inline]
    fn enter<R>(
        &mut self,
        function: impl FnOnce(&E, StoreContextMut<'_, StoreData<T>>) -> wasmtime::Result<R>,
    ) -> Result<R, Outcome> {
        if self.entered {
            return Err(Outcome::NotCalled);
        }
        let Some(instance) = &mut self.instance else {
            return Err(Outcome::NotCalled);
        };
        self.entered = true;
        let outcome = function(&instance.exports, instance.store.as_context_mut());
        self.entered = false;
        outcome.map_err(Outcome::Failed)
    }

    /// Writes down what was used since the budgets were armed.
    #[inline]
    fn account(&mut self, armed: &Armed) {
        if let Some(instance) = &self.instance {
            self.last = usage(&self.blueprint, &instance.store, armed);
            self.total.add(&self.last);
        }
    }

    #[inline]
    fn finish<R>(&mut self, name: &str, outcome: Result<R, Outcome>) -> Result<R, Error> {
        match outcome {
            Ok(value) => {
                if self.blueprint.lifetime == Lifetime::OneCall && matches!(self.scope, Scope::None)
                {
                    self.instance = None;
                }
                Ok(value)
            }
            Err(outcome) => Err(self.finish_failed(name, outcome)),
        }
    }

    #[cold]
    fn finish_failed(&mut self, name: &str, outcome: Outcome) -> Error {
        match (outcome, self.instance.take()) {
            (Outcome::Failed(error), Some(mut instance)) => {
                self.explain(name, error, instance.store.data_mut())
            }
            _ => self.not_called(name),
        }
    }

    #[cold]
    fn new_instance(&mut self) -> Result<Instance<T, E>, Error> {
        let blueprint = Arc::clone(&self.blueprint);
        let meter = Meter::new(
            Arc::clone(blueprint.engine.clock()),
            blueprint.limits.host_calls,
        );
        let state = (blueprint.make_state)(InstanceContext {
            id: blueprint.id.clone(),
            version: blueprint.version.clone(),
            meter: meter.clone(),
        })
        .map_err(|error| blueprint.error(ErrorKind::State(error)))?;
        let services = Services::new(
            blueprint.id.clone(),
            Arc::clone(&blueprint.config),
            meter.clone(),
            self.output.clone(),
        );
        let mut store = Store::new(
            &blueprint.engine.wasmtime,
            StoreData {
                state,
                limiter: Limiter::new(&blueprint.limits),
                services,
                meter,
            },
        );
        // Before the first memory is made, so that initial pages count.
        store.limiter(|data| &mut data.limiter);
        let armed = arm(&blueprint, self.deadline_ticks, &mut store)?;
        let exports = blueprint.pre.instantiate(&mut store).and_then(|instance| {
            E::load(&blueprint.indices, &mut store, &instance)
                .map_err(|error| error.context(WrongTypes))
        });
        let started = usage(&blueprint, &store, &armed);
        match exports {
            Ok(exports) => Ok(Instance { store, exports }),
            Err(error) if error.is::<WrongTypes>() => {
                Err(blueprint.error(ErrorKind::Types(error.root_cause().to_string())))
            }
            Err(error) => {
                self.last = started;
                self.last.calls = 0;
                Err(self.explain(START, error, store.data_mut()))
            }
        }
    }

    /// Explains a failure; the instance that it happened in is dropped.
    #[cold]
    fn explain(&self, call: &str, error: wasmtime::Error, data: &mut StoreData<T>) -> Error {
        let limits = &self.blueprint.limits;
        let (kind, backtrace) = classify(
            error,
            Evidence {
                call,
                limits,
                refused: data.limiter.refused(),
                panic: data.services.panic.take(),
            },
        );
        self.blueprint.error(kind).with_report(Report {
            call: call.to_owned(),
            limits: limits.clone(),
            usage: self.last,
            output: self.output.snapshot(),
            backtrace,
        })
    }

    fn not_called(&self, call: &str) -> Error {
        self.blueprint.error(ErrorKind::InstanceFailed {
            call: call.to_owned(),
        })
    }
}

/// Arms every budget for a call that begins now.
#[inline]
fn arm<T: Send + 'static, E: Exports<T>>(
    blueprint: &Blueprint<T, E>,
    deadline_ticks: u64,
    store: &mut Store<StoreData<T>>,
) -> Result<Armed, Error> {
    if blueprint.engine.metered {
        store
            .set_fuel(blueprint.limits.fuel.unwrap_or(u64::MAX))
            .map_err(|error| blueprint.error(ErrorKind::Engine(format!("{error:#}"))))?;
    }
    store.set_epoch_deadline(deadline_ticks);
    let (end, long_call) = blueprint.engine.clock().cover(deadline_ticks);
    let data = store.data_mut();
    data.meter.begin(end);
    data.limiter.forget_refusals();
    data.services.panic = None;
    Ok(Armed {
        started: blueprint.measure_time.then(Instant::now),
        _long_call: long_call,
    })
}

/// What was used since the budgets were armed.
#[inline]
fn usage<T: Send + 'static, E: Exports<T>>(
    blueprint: &Blueprint<T, E>,
    store: &Store<StoreData<T>>,
    armed: &Armed,
) -> Usage {
    let data = store.data();
    let limit = blueprint.limits.fuel;
    Usage {
        calls: 1,
        fuel: limit.and_then(|limit| Some(limit.saturating_sub(store.get_fuel().ok()?))),
        peak_memory: data.limiter.peak_memory(),
        host_calls: data.meter.host_calls(),
        wall_time: armed.started.map(|started| started.elapsed()),
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
