//! One live plugin: arms its budgets, makes its calls, says how they ended, and
//! replaces its instance where that failed.

mod failure;
mod handles;
mod instance;

use self::instance::{Budget, Instance, arm, used};

use crate::blueprint::Blueprint;
use crate::engine::ticks_for;
use crate::error::{Error, SCOPE};
use crate::exports::Exports;
use crate::lifetime::Lifetime;
use crate::meter::{Canceller, Meter};
use crate::nesting::{Held, TooDeep};
use crate::services::Collector;
use crate::store::StoreData;
use crate::tally::{Measured, Peaks, Tally};
use crate::usage::Usage;
use std::sync::Arc;
use std::time::Instant;
use tracing::level_filters::LevelFilter;
use wasmtime::{AsContextMut, StoreContextMut};

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

/// Whether several calls share one budget.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    None,
    Running,
    /// A call in it failed, and its instance is gone.
    Failed,
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
                fuel: limits.meters(),
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

    pub(crate) fn last_usage(&self) -> Usage {
        self.tally.last(self.peaks(), self.measured)
    }

    pub(crate) fn total_usage(&self) -> Usage {
        self.tally.total(self.peaks(), self.measured)
    }

    fn peaks(&self) -> Option<Peaks> {
        self.instance.as_ref().map(Instance::peaks)
    }

    /// Takes the instance away, and keeps what is known of it.
    #[cold]
    fn end_instance(&mut self) -> Option<Instance<T, E>> {
        let instance = self.instance.take()?;
        self.tally.end(instance.peaks());
        Some(instance)
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
        if self.scope == Scope::None {
            self.meter.forget_cancel();
        }
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
                self.end_instance();
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
        this.meter.forget_cancel();
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
            self.end_instance();
        }
    }

    /// Starts an instance now, so that the next call finds one.
    pub(crate) fn start(&mut self) -> Result<(), Error> {
        self.instance = Some(self.new_instance()?);
        Ok(())
    }

    pub(crate) fn state(&mut self) -> Result<&mut T, Error> {
        if self.scope == Scope::None {
            self.meter.forget_cancel();
        }
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
        self.end_instance();
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
    fn span(&self, call: &str) -> Box<tracing::span::EnteredSpan> {
        // Boxed, so that where there is none, dropping it is one comparison.
        Box::new(
            tracing::trace_span!(target: "plugin_host", "call", plugin = %self.blueprint.id, call)
                .entered(),
        )
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
