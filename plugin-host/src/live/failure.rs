//! Says how a call failed, and throws its instance away.

use super::{Live, Scope};
use crate::error::{Counted, Error, ErrorKind, Evidence, Report, classify};
use crate::exports::Exports;
use crate::store::StoreData;
use crate::usage::Usage;
use std::time::Duration;

impl<T: Send + 'static, E: Exports<T>> Live<T, E> {
    /// Throws the instance away in which a call failed, and explains that.
    #[cold]
    pub(super) fn failed(&mut self, call: &str, error: wasmtime::Error) -> Error {
        // Held until the error is made: it knows of the caller's deadline.
        let mut armed = self.scope_armed.take();
        if let Some(armed) = &mut armed {
            armed.measuring = None;
            self.scope = Scope::Failed;
        }
        let elapsed = self.meter.elapsed();
        match self.end_instance(Counted::of(&error)) {
            Some(mut instance) => {
                let used = self.last_usage();
                self.explain(call, error, instance.store.data_mut(), used, elapsed)
            }
            None => self.not_called(call),
        }
    }

    pub(super) fn explain(
        &self,
        call: &str,
        error: wasmtime::Error,
        data: &mut StoreData<T>,
        usage: Usage,
        elapsed: Duration,
    ) -> Error {
        let limits = &self.blueprint.limits;
        let (kind, backtrace) = classify(
            error,
            Evidence {
                call,
                limits,
                cancelled: self.meter.is_cancelled(),
                inherited: self.meter.inherited_deadline(),
                instances: self.blueprint.engine.totals.instances_allowed(),
                refused: data.limiter.refused(),
                panic: data.services.panic.take(),
            },
        );
        self.blueprint.error(kind).with_report(Report {
            call: call.to_owned(),
            limits: limits.clone(),
            elapsed,
            usage,
            output: self.output.snapshot(),
            backtrace,
        })
    }

    #[cold]
    pub(super) fn not_called(&self, call: &str) -> Error {
        self.blueprint.error(ErrorKind::InstanceFailed {
            call: call.to_owned(),
        })
    }

    #[cold]
    pub(super) fn too_deep(&self, call: &str) -> Error {
        self.blueprint.error(ErrorKind::TooDeep {
            call: call.to_owned(),
        })
    }
}
