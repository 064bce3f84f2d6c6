//! Turns the code of an entry into a component that can run.
//!
//! One of two modules with `unsafe` code: the engine takes it on trust that native
//! code is what it compiled.
#![expect(unsafe_code, reason = "the engine cannot check native code")]

use super::entry::{self, Flaw};
use super::key::Key;
use super::private_copy::PrivateCopy;
use std::fs::File;
use wasmtime::Engine;
use wasmtime::component::Component;

/// Compiled code that was read from an entry.
pub(super) struct Code(PrivateCopy);

impl Code {
    /// Reads an entry. It must be the user's alone, and so must its folder.
    pub(super) fn of_entry(file: &File, size: u64, key: &Key) -> Result<Self, Flaw> {
        let mut copy = PrivateCopy::new();
        entry::copy(file, size, key, &mut copy)?;
        copy.seal().map_err(Flaw::Io)?;
        Ok(Self(copy))
    }

    /// Refuses what was compiled by another engine, for another machine, or with
    /// other settings.
    pub(super) fn component(&self, engine: &Engine) -> wasmtime::Result<Component> {
        // SAFETY: in both blocks, the bytes must be what `Component::serialize`
        // gave, and must not change.
        // - Only this library wrote them: the folder, opened as no link, belongs
        //   to the process's user and is closed to others (`ownership::Seen::as_folder`
        //   of the open folder), and so is the file that was opened in it
        //   (`as_file` of the open file). Into the name of an entry, `Claim::publish`
        //   alone renames files, and it writes nothing but `Component::serialize`.
        // - They are unchanged: what was copied has the digest that was written
        //   before it (`entry::copy`).
        // - They do not change: the copy is this process's own, in its memory or
        //   in a nameless file that is sealed.
        // - They are this engine's: the engine itself compares its version, which
        //   `engine::config` sets to the exact one, target and settings.
        if let Some(path) = self.0.path()
            && let Ok(component) = unsafe { Component::deserialize_file(engine, path) }
        {
            return Ok(component);
        }
        // Also where the system does not map such a file, by a policy or for want
        // of `/proc`.
        let bytes = self.0.bytes()?;
        // SAFETY: as above.
        unsafe { Component::deserialize(engine, bytes) }
    }
}
