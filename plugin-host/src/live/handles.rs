//! Handles to resources, the guest's and the application's: which calls may be
//! given them, and when what was dropped ends.

use super::{Live, Scope};
use crate::error::{Error, ErrorKind};
use crate::exports::Exports;
use crate::home::Home;
use crate::lifetime::Lifetime;
use crate::resources::Resources;
use std::any::type_name;
use std::sync::Arc;

/// What destructors are called that the application asks for.
const DROP: &str = "drop_resources";

impl<T: Send + 'static, E: Exports<T>> Live<T, E> {
    /// Lets a call be made that takes or returns handles to the guest's resources,
    /// or refuses it with nothing touched; `belong` fails with the name of a
    /// resource whose handle is not of this home.
    pub fn admit(
        &mut self,
        name: &'static str,
        belong: impl FnOnce(Option<&Home>) -> Result<(), &'static str>,
    ) -> Result<(), Error> {
        if self.scope == Scope::None && self.blueprint.lifetime == Lifetime::OneCall {
            return Err(self.blueprint.error(ErrorKind::HandleInOneCall {
                call: name.to_owned(),
            }));
        }
        self.admit_lent(name, belong)
    }

    /// The same of a call that takes handles to the application's resources alone.
    pub fn admit_lent(
        &mut self,
        name: &'static str,
        belong: impl FnOnce(Option<&Home>) -> Result<(), &'static str>,
    ) -> Result<(), Error> {
        self.end_dropped();
        let home = self.home().map(|home| &**home);
        // After a failure under one budget, `call` itself refuses.
        if self.scope != Scope::None && home.is_none() {
            return Ok(());
        }
        belong(home).map_err(|resource| self.stale(name, resource))
    }

    /// Puts one of the application's resources into the instance that the next
    /// call goes to: its number there, and what its handle shares with it.
    pub(crate) fn lend<R: Send + 'static>(
        &mut self,
        name: &str,
        resource: R,
    ) -> Result<(u32, Arc<Home>), Error> {
        if self.scope == Scope::Failed {
            return Err(self.not_called(name));
        }
        self.end_dropped();
        let data = self.instance_between_calls()?.store.data_mut();
        let home = data.home.get_or_insert_default().home();
        Ok((data.resources.insert(resource), Arc::clone(home)))
    }

    /// What was lent to the instance of a home under a number, if this is that one.
    pub(crate) fn lent<R: Send + 'static>(
        &mut self,
        name: &str,
        place: Option<(&Home, u32)>,
    ) -> Result<&mut R, Error> {
        let number = self.number_here::<R>(name, place)?;
        let found = self.resources().and_then(|all| all.get_mut(number));
        Ok(found.expect("its handle keeps it there"))
    }

    /// The same, taken out.
    pub(crate) fn take_back<R: Send + 'static>(
        &mut self,
        name: &str,
        place: Option<(&Home, u32)>,
    ) -> Result<R, Error> {
        let number = self.number_here::<R>(name, place)?;
        let found = self.resources().and_then(|all| all.remove_number(number));
        Ok(found.expect("its handle keeps it there"))
    }

    fn number_here<R>(&self, name: &str, place: Option<(&Home, u32)>) -> Result<u32, Error> {
        let here = |home: &Home| self.home().is_some_and(|own| std::ptr::eq(&**own, home));
        match place {
            Some((home, number)) if here(home) => Ok(number),
            _ => Err(self.stale(name, type_name::<R>())),
        }
    }

    fn resources(&mut self) -> Option<&mut Resources> {
        Some(&mut self.instance.as_mut()?.store.data_mut().resources)
    }

    #[cold]
    fn stale(&self, call: &str, resource: &str) -> Error {
        self.blueprint.error(ErrorKind::StaleHandle {
            call: call.to_owned(),
            resource: resource.to_owned(),
        })
    }

    /// Ends the application's resources whose handles were dropped.
    ///
    /// Not done before each call, which would cost those of a world that is lent none.
    #[inline]
    fn end_dropped(&mut self) {
        if self.has_dropped_handles() {
            self.end_lent();
        }
    }

    #[cold]
    fn end_lent(&mut self) {
        let lent = self.home().map(|home| home.take_lent());
        let lent = lent.unwrap_or_default().into_iter();
        if let Some(all) = self.resources() {
            // Their ends are the application's own code, which may panic.
            let ended: Vec<_> = lent.map(|number| all.end(number)).collect();
            drop(ended);
        }
    }

    /// Runs the destructors of handles that were dropped, before the call
    /// `before` where there is one.
    #[inline]
    pub(crate) fn run_destructors(&mut self, before: Option<&str>) -> Result<(), Error> {
        self.end_dropped();
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
        let outcome = home.take_guests().into_iter().try_for_each(|handle| {
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
