//! One live plugin: arms its budgets, makes its calls, says how they ended, and
//! replaces its instance where that failed.

mod account;
mod failure;
mod handles;
mod instance;
mod phase;

use self::instance::{Budget, Instance, arm, asked, forget_asked, used};
use self::phase::Phase;

use crate::blueprint::Blueprint;
use crate::engine::{CLOCK, ticks_for};
use crate::error::{Counted, Error, SCOPE};
use crate::exports::Exports;
use crate::lifetime::Lifetime;
use crate::meter::{Canceller, Measuring, Meter, begin_plainly};
use crate::nesting::{Held, TooDeep};
use crate::services::Collector;
use crate::store::StoreData;
use crate::tally::{Measured, Tally};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tracing::level_filters::LevelFilter;
use tracing::span::EnteredSpan;
use wasmtime::{AsContextMut, StoreContextMut};

/// What a generated world's methods go through.
#[doc(hidden)]
// Each call writes to it, and an application may have an array of plugins, for
// threads of their own.
#[repr(align(128))]
pub struct Live<T: 'static, E: Exports<T>> {
    blueprint: Arc<Blueprint<T, E>>,
    instance: Option<Instance<T, E>>,
    output: Collector,
    meter: Meter,
    call: Budget,
    start: Budget,
    /// What a call's deadline comes to.
    ticks: u64,
    measured: Measured,
    tally: Tally,
    phase: Phase,
    /// What it is between two calls.
    resting: Phase,
    scope: Scope,
    /// What the calls of a scope share.
    scope_armed: Option<Armed>,
}

/// Whether several calls share one budget.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    None,
    Running,
    /// A call in it failed, and its instance is gone.
    Failed,
}

/// What is held while a budget is armed that is more than counters.
struct Armed {
    measuring: Option<Measuring>,
    _held: Option<Box<Held>>,
}

/// What is held during a call that is more than counters.
struct Watched {
    _span: Option<EnteredSpan>,
    /// None in a scope, which has its own.
    armed: Option<Armed>,
}

impl<T: Send + 'static, E: Exports<T>> Live<T, E> {
    pub(crate) fn new(blueprint: Arc<Blueprint<T, E>>) -> Self {
        let limits = &blueprint.limits;
        let metered = blueprint.engine.metered;
        let fuel = |limit: Option<u64>| metered.then_some(limit.unwrap_or(u64::MAX));
        let phase = resting(&blueprint);
        Self {
            instance: None,
            output: Collector::new(limits.output, limits.output_lines),
            meter: Meter::new(limits),
            call: Budget {
                deadline: limits.deadline,
                fuel: fuel(limits.fuel),
            },
            start: Budget {
                deadline: limits.start_deadline,
                fuel: fuel(limits.start_fuel.or(limits.fuel)),
            },
            ticks: ticks_for(limits.deadline),
            measured: Measured {
                fuel: limits.meters(),
                wall_time: blueprint.measure_time,
            },
            tally: Tally::default(),
            phase,
            resting: phase,
            scope: Scope::None,
            scope_armed: None,
            blueprint,
        }
    }

    pub(crate) fn blueprint(&self) -> &Blueprint<T, E> {
        &self.blueprint
    }

    /// Which exports the plugin has.
    pub fn indices(&self) -> &E::Indices {
        &self.blueprint.indices
    }

    pub(crate) fn canceller(&self) -> Canceller {
        self.meter.canceller()
    }

    pub(crate) fn output(&self) -> &Collector {
        &self.output
    }

    /// Has what was taken to cancel the next call cancel none: it is another's.
    pub(crate) fn forget_cancellers(&self) {
        self.meter.next_call();
    }

    /// Makes one call: the typed bindings' way in.
    #[inline]
    pub fn call<R>(
        &mut self,
        name: &'static str,
        function: impl FnOnce(&E, StoreContextMut<'_, StoreData<T>>) -> wasmtime::Result<R>,
    ) -> Result<R, Error> {
        let (exports, store, watched) = match self.begin_plainly() {
            Some((exports, store)) => (exports, store, None),
            None => {
                let watched = self.begin_watched(name)?;
                let instance = self.instance.as_mut().expect("it was begun");
                (&instance.exports, instance.store.as_context_mut(), watched)
            }
        };
        match function(exports, store) {
            Ok(value) if self.phase.leave_plainly() => {
                // A plain call has none, and is spared the look.
                std::mem::forget(watched);
                Ok(value)
            }
            Ok(value) => {
                self.end_watched(watched);
                Ok(value)
            }
            Err(error) => Err(self.failed_watched(name, error, watched)),
        }
    }

    /// Arms every budget for a call that needs nothing but counters, and enters the
    /// instance, where this is such a call. This is all that most calls cost beyond
    /// the engine's part, so what was used is read only when the next one begins, or
    /// somebody asks.
    #[inline(always)]
    fn begin_plainly(&mut self) -> Option<(&E, StoreContextMut<'_, StoreData<T>>)> {
        // One look at a static, in place of a span that nobody wants.
        if !self.phase.is_plain()
            || LevelFilter::current() == LevelFilter::TRACE
            || E::RESOURCES && self.has_dropped_handles()
        {
            return None;
        }
        let Instance { store, exports } = self.instance.as_mut()?;
        // Where it is no plain call after all, what follows here is done twice.
        let mut store = store.as_context_mut();
        store.data_mut().limiter.forget_refusals();
        if let Some(fuel) = self.call.fuel {
            // Right after each other: the engine's checks before both are the same.
            let left = store.get_fuel().expect("the engine meters");
            store.set_fuel(fuel).expect("the engine meters");
            self.tally.add_fuel(fuel - left);
        }
        let counters = self.meter.counters();
        if counters.host_calls.load(Ordering::Relaxed) != 0 {
            self.tally.add_asked(asked(&self.meter));
            forget_asked(store.data_mut());
        }
        if !begin_plainly(counters, self.ticks) {
            return None;
        }
        self.tally.begin();
        self.phase.enter();
        Some((exports, store))
    }

    /// Arms every budget for any other call, but for one in a scope, and enters the
    /// instance.
    #[cold]
    fn begin_watched(&mut self, name: &'static str) -> Result<Option<Box<Watched>>, Error> {
        let traced = LevelFilter::current() == LevelFilter::TRACE;
        let span = traced.then(|| self.span(name));
        let alone = self.scope == Scope::None;
        if alone {
            self.meter.next_call();
        }
        if E::RESOURCES {
            self.run_destructors(Some(name))?;
        }
        let armed = if alone { Some(self.begin(name)?) } else { None };
        if self.needs_instance() {
            return Err(self.not_called(name));
        }
        let watched = Watched { _span: span, armed };
        let needed = watched._span.is_some() || watched.armed.is_some();
        self.phase = Phase::WATCHED;
        self.phase.enter();
        Ok(needed.then(|| Box::new(watched)))
    }

    /// Ends such a call that returned.
    #[cold]
    fn end_watched(&mut self, watched: Option<Box<Watched>>) {
        self.phase = self.resting;
        if watched.is_some_and(|watched| watched.armed.is_some())
            && self.blueprint.lifetime == Lifetime::OneCall
        {
            self.end_instance(Counted::InFull);
        }
    }

    /// The same of a call that failed. What it held is let go when the error is
    /// made, which knows of the caller's deadline.
    #[cold]
    fn failed_watched(
        &mut self,
        name: &str,
        error: wasmtime::Error,
        mut watched: Option<Box<Watched>>,
    ) -> Error {
        self.phase = self.resting;
        if let Some(armed) = watched.as_mut().and_then(|watched| watched.armed.as_mut()) {
            armed.measuring = None;
        }
        self.failed(name, error)
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
        this.meter.next_call();
        this.scope_armed = Some(this.begin(SCOPE)?);
        this.scope = Scope::Running;
        this.resting = Phase::WATCHED;
        this.phase = Phase::WATCHED;
        // Ends the scope even where the application's closure panics.
        let guard = EndScope { world, live };
        Ok(calls(guard.world))
    }

    fn end_scope(&mut self) {
        self.scope_armed = None;
        self.scope = Scope::None;
        self.resting = resting(&self.blueprint);
        if !self.phase.is_entered() {
            self.phase = self.resting;
        }
        if self.blueprint.lifetime == Lifetime::OneCall {
            self.end_instance(Counted::InFull);
        }
    }

    /// Starts an instance now, so that the next call finds one.
    pub(crate) fn start(&mut self) -> Result<(), Error> {
        self.instance = Some(self.new_instance()?);
        Ok(())
    }

    pub(crate) fn state(&mut self) -> Result<&mut T, Error> {
        Ok(&mut self.instance_between_calls()?.store.data_mut().state)
    }

    /// The instance that the next call goes to.
    fn instance_between_calls(&mut self) -> Result<&mut Instance<T, E>, Error> {
        let starts = self.scope == Scope::None && self.needs_instance();
        if starts {
            self.meter.next_call();
        }
        self.usable_instance()?;
        if starts {
            self.meter.before_call();
        }
        self.usable_instance()
    }

    /// Makes sure of an instance, and arms every budget for a call that begins now.
    fn begin(&mut self, call: &str) -> Result<Armed, Error> {
        let fuel = self.call.fuel;
        self.usable_instance()?;
        let held = self.meter.begin(self.call.deadline);
        let held = held.map_err(|TooDeep| self.too_deep(call))?;
        let measuring = self.measured.wall_time.then(|| self.meter.measure());
        let instance = self.usable_instance()?;
        let used = used(&instance.store, fuel);
        arm(&mut instance.store, fuel);
        self.tally.add_fuel(used.fuel);
        self.tally.add_asked(used);
        self.tally.begin();
        Ok(Armed {
            measuring,
            _held: held,
        })
    }

    #[inline]
    fn usable_instance(&mut self) -> Result<&mut Instance<T, E>, Error> {
        if self.needs_instance() {
            self.replace()?;
        }
        Ok(self.instance.as_mut().expect("it was there or just made"))
    }

    /// Whether there is none that can be entered.
    #[inline]
    fn needs_instance(&self) -> bool {
        self.phase.is_entered() || self.instance.is_none()
    }

    /// Starts an instance in place of one that cannot be entered.
    #[cold]
    fn replace(&mut self) -> Result<(), Error> {
        self.end_instance(Counted::InFull);
        // Still set where the application's own code panicked during a call.
        self.phase = self.resting;
        self.start()
    }

    #[cold]
    fn span(&self, call: &str) -> EnteredSpan {
        tracing::trace_span!(target: "plugin_host", "call", plugin = %self.blueprint.id, call)
            .entered()
    }
}

/// What a plugin is at between two calls outside of a scope.
fn resting<T: Send + 'static, E: Exports<T>>(blueprint: &Blueprint<T, E>) -> Phase {
    let watched = blueprint.measure_time
        || blueprint.lifetime == Lifetime::OneCall
        || !CLOCK.may_cover(ticks_for(blueprint.limits.deadline));
    if watched {
        Phase::WATCHED
    } else {
        Phase::PLAIN
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
