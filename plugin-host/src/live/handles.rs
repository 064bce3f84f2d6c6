//! Handles to the guest's resources: which calls may be given them, and when
//! the destructors of those that were dropped run.

use super::{Live, Scope};
use crate::error::{Error, ErrorKind};
use crate::exports::Exports;
use crate::guest_resource::Home;
use crate::lifetime::Lifetime;
use std::sync::Arc;

/// What destructors are called that the application asks for.
const DROP: &str = "drop_resources";

impl<T: Send + 'static, E: Exports<T>> Live<T, E> {
    /// Lets a call be made that takes or returns handles, or refuses it with
    /// nothing touched; `belong` tells whether all that it takes are this home's.
    pub fn admit(
        &self,
        name: &'static str,
        belong: impl FnOnce(Option<&Home>) -> bool,
    ) -> Result<(), Error> {
        let call = || name.to_owned();
        let alone = self.scope == Scope::None;
        if alone && self.blueprint.lifetime == Lifetime::OneCall {
            return Err(self
                .blueprint
                .error(ErrorKind::HandleInOneCall { call: call() }));
        }
        let home = self.home().map(|home| &**home);
        // After a failure under one budget, `call` itself refuses.
        if (alone || home.is_some()) && !belong(home) {
            return Err(self
                .blueprint
                .error(ErrorKind::StaleHandle { call: call() }));
        }
        Ok(())
    }

    /// Runs the destructors of handles that were dropped, before the call
    /// `before` where there is one.
    #[inline]
    pub(crate) fn run_destructors(&mut self, before: Option<&str>) -> Result<(), Error> {
        match self.home() {
            Some(home) if home.has_dropped() => {
                let home = Arc::clone(home);
                self.run_queue(&home, before)
            }
            _ => Ok(()),
        }
    }

    #[cold]
    fn run_queue(&mut self, home: &Home, before: Option<&str>) -> Result<(), Error> {
        if before.is_none() && self.scope == Scope::None {
            self.meter.next_call();
        }
        let mut armed = match self.scope {
            Scope::None => Some(self.begin(before.unwrap_or(DROP))?),
            _ => None,
        };
        let Some(instance) = &mut self.instance else {
            return Ok(());
        };
        self.phase.enter();
        let outcome = home.take_dropped().into_iter().try_for_each(|handle| {
            let dropped = handle.resource.resource_drop(&mut instance.store);
            dropped.map_err(|error| (handle.destructor, error))
        });
        self.phase.leave();
        if let Some(armed) = &mut armed {
            armed.measuring = None;
        }
        outcome.map_err(|(destructor, error)| {
            let error = self.failed(destructor, error);
            match before {
                Some(call) => error.before_call(call),
                None => error,
            }
        })
    }

    #[inline]
    pub(super) fn has_dropped_handles(&self) -> bool {
        self.home().is_some_and(|home| home.has_dropped())
    }

    /// What handles share with the instance that the next call goes to.
    #[inline]
    fn home(&self) -> Option<&Arc<Home>> {
        // A panic of the application's during a call leaves an instance that
        // is not entered again.
        let instance = self
            .instance
            .as_ref()
            .filter(|_| !self.phase.is_entered())?;
        Some(instance.store.data().home.as_ref()?.home())
    }
}
