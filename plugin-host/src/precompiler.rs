//! Compiles plugins beforehand, where an application is built. Runs none.

use crate::candidate::Candidate;
use crate::digest::Digest;
use crate::engine::{Settings, config};
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::shipped::{ShippedError, write};
use std::collections::BTreeMap;
use std::path::Path;
use wasmtime::Engine;

/// Compiles the plugins that an application ships; made by
/// [`HostBuilder::precompiler`](crate::HostBuilder::precompiler), and used where
/// the application is built.
#[must_use = "nothing is compiled before `add`"]
pub struct Precompiler {
    engine: Engine,
    target: String,
    limits: Limits,
    /// By component.
    artifacts: BTreeMap<Digest, Vec<u8>>,
}

impl Precompiler {
    pub(crate) fn new(
        settings: Settings,
        stack: u64,
        target: &str,
        limits: Limits,
    ) -> Result<Self, Error> {
        let engine = config(settings, stack)
            .target(target)
            .and_then(|config| Engine::new(config));
        let engine = engine.map_err(|error| {
            Error::host(ErrorKind::Engine(format!(
                "it compiles nothing for `{target}`: {error:#}"
            )))
        })?;
        Ok(Self {
            engine,
            target: target.to_owned(),
            limits,
            artifacts: BTreeMap::new(),
        })
    }

    /// Compiles a plugin, whatever world it is for: whether it fits is judged when
    /// it is loaded.
    ///
    /// # Errors
    ///
    /// When its file cannot be read or changed, or the engine refuses its code.
    pub fn add(&mut self, candidate: &Candidate) -> Result<(), Error> {
        let artifact = candidate.with_bytes(&self.limits, |bytes| {
            let compiled = self.engine.precompile_component(bytes);
            compiled.map_err(|error| candidate.error(ErrorKind::Compile(format!("{error:#}"))))
        })?;
        self.artifacts.insert(*candidate.digest(), artifact);
        Ok(())
    }

    /// Writes what was compiled to a folder, which is made where it is not there,
    /// and hands out the index for [`Shipped::new`](crate::Shipped::new), which the
    /// application is to include. What else is in the folder stays.
    ///
    /// # Errors
    ///
    /// When something cannot be written.
    pub fn write(&self, folder: impl AsRef<Path>) -> Result<String, ShippedError> {
        write(folder.as_ref(), &self.target, &self.artifacts)
    }
}

impl std::fmt::Debug for Precompiler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Precompiler")
            .field("target", &self.target)
            .field("components", &self.artifacts.keys())
            .finish_non_exhaustive()
    }
}
