//! A candidate that was judged and may run: gets its code, links it, and hands it
//! on. Judges nothing again.

use crate::blueprint::{Blueprint, InstanceContext};
use crate::candidate::Candidate;
use crate::compiled;
use crate::error::{BoxError, Error, ErrorKind};
use crate::exports::Exports;
use crate::grants::Grants;
use crate::lifetime::Lifetime;
use crate::limits::Limits;
use crate::load_canceller::{LoadCanceller, Stopped};
use crate::prepared::Prepared;
use crate::progress::{CodeOrigin, Progress, Watcher};
use crate::runtime::Runtime;
use crate::shared_code::Code;
use crate::world::World;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;
use tracing::span::EnteredSpan;

/// A candidate that fits and may run, with what it is granted.
#[derive(Clone)]
pub(crate) struct Judged {
    pub(crate) candidate: Candidate,
    pub(crate) limits: Limits,
    pub(crate) progress: Watcher,
    pub(crate) runtime: Runtime,
    pub(crate) grants: Grants,
    pub(crate) lifetime: Lifetime,
    pub(crate) measure_time: bool,
    pub(crate) canceller: Option<LoadCanceller>,
}

/// The span of one load.
pub(crate) fn span<W: World>(candidate: &Candidate) -> EnteredSpan {
    let plugin = candidate.id();
    tracing::info_span!(target: "plugin_host", "load", %plugin, world = W::NAME).entered()
}

impl Judged {
    /// Compiles and links the plugin, and makes of it what `finish` does.
    pub(crate) fn load<W: World, P>(
        &self,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
        finish: impl FnOnce(Prepared<W>) -> Result<P, Error>,
    ) -> Result<P, Error> {
        let begun = Instant::now();
        let not_cancelled = || {
            self.not_cancelled()
                .map_err(|kind| self.candidate.error(kind))
        };
        not_cancelled()?;
        let (code, origin) = self.code()?;
        let loaded = finish(self.link::<W>(code, make_state)?)?;
        not_cancelled()?;
        self.progress.tell(Progress::Loaded {
            plugin: self.candidate.id(),
            code: origin,
            time: begun.elapsed(),
        });
        Ok(loaded)
    }

    /// The plugin's code. Only who may be cancelled pays for a thread.
    fn code(&self) -> Result<(Code, CodeOrigin), Error> {
        let Some(canceller) = &self.canceller else {
            return self.code_here();
        };
        let this = self.clone();
        match canceller.wait_for(move || this.code_here()) {
            Ok(code) => code,
            Err(Stopped::Cancelled) => Err(self.candidate.error(ErrorKind::LoadCancelled)),
            // It then ends no sooner than its compile.
            Err(Stopped::NoThread) => self.code_here(),
        }
    }

    /// The code of the bytes that were judged: another plugin's of the same bytes,
    /// what was kept, or what the compiler makes of them now.
    fn code_here(&self) -> Result<(Code, CodeOrigin), Error> {
        let (candidate, runtime) = (&self.candidate, &self.runtime);
        // Whatever is there already: a file that changed is refused.
        candidate.check_unchanged(&self.limits)?;
        let mut origin = CodeOrigin::Shared;
        let make = || {
            let fail = |kind| candidate.error(kind);
            // It may have waited for another load of the same bytes.
            self.not_cancelled().map_err(fail)?;
            origin = CodeOrigin::Stored;
            let wanted = || self.not_cancelled();
            compiled::component(&runtime.engine, candidate, &self.limits, wanted, |bytes| {
                origin = CodeOrigin::Compiled;
                self.progress.tell(Progress::Compiling {
                    plugin: candidate.id(),
                    bytes,
                });
            })
        };
        let fail = |kind| candidate.error(kind);
        let code = runtime.code.get(candidate.digest(), make, fail)?;
        Ok((code, origin))
    }

    fn link<W: World>(
        &self,
        code: Code,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
    ) -> Result<Prepared<W>, Error> {
        let (candidate, runtime) = (&self.candidate, &self.runtime);
        let linker = runtime.linkers.get::<W>(&runtime.engine.wasmtime);
        let linker =
            linker.map_err(|error| candidate.error(ErrorKind::Engine(format!("{error:#}"))))?;
        let linked = linker
            .instantiate_pre(code.component())
            .and_then(|pre| Ok((<W::Exports as Exports<_>>::indices(&pre)?, pre)));
        let (indices, pre) =
            linked.map_err(|error| candidate.error(ErrorKind::Types(format!("{error:#}"))))?;
        Ok(Prepared::new(Blueprint {
            id: candidate.id().clone(),
            version: candidate.version().cloned(),
            engine: runtime.engine.clone(),
            pre,
            indices,
            make_state: Box::new(make_state),
            limits: self.limits.clone(),
            grants: Arc::new(self.grants.clone()),
            digest: *candidate.digest(),
            instances: AtomicU64::new(0),
            lifetime: self.lifetime,
            measure_time: self.measure_time,
            _code: code,
        }))
    }

    fn not_cancelled(&self) -> Result<(), ErrorKind> {
        match &self.canceller {
            Some(canceller) if canceller.is_cancelled() => Err(ErrorKind::LoadCancelled),
            _ => Ok(()),
        }
    }
}
