//! What the plugin's calls used, as far as it is known. Limits nothing.

use super::Live;
use super::instance::{Instance, used};
use crate::error::Counted;
use crate::exports::Exports;
use crate::tally::{Amounts, Peaks};
use crate::usage::Usage;

impl<T: Send + 'static, E: Exports<T>> Live<T, E> {
    pub(crate) fn last_usage(&self) -> Usage {
        let (took, _) = self.meter.measured();
        self.tally
            .last(self.current(), self.peaks(), took, self.measured)
    }

    pub(crate) fn total_usage(&self) -> Usage {
        let (_, took) = self.meter.measured();
        self.tally
            .total(self.current(), self.peaks(), took, self.measured)
    }

    /// Takes the instance away, and keeps what is known of it.
    #[cold]
    pub(super) fn end_instance(&mut self, counted: Counted) -> Option<Instance<T, E>> {
        let mut used = self.current()?;
        if counted == Counted::InPart {
            used.fuel = 0;
            used.uncounted = 1;
        }
        let instance = self.instance.take()?;
        self.tally.end(used, instance.peaks());
        Some(instance)
    }

    fn peaks(&self) -> Option<Peaks> {
        self.instance.as_ref().map(Instance::peaks)
    }

    /// What was used in the instance since the last budget was armed.
    fn current(&self) -> Option<Amounts> {
        let instance = self.instance.as_ref()?;
        let mut used = used(&instance.store, self.call.fuel);
        if let Some(fuel) = self.call.fuel
            && self.phase.is_entered()
        {
            // A host function panicked, and what it charged is not paid.
            used.fuel = used.fuel.saturating_add(self.meter.charged()).min(fuel);
        }
        Some(used)
    }
}
