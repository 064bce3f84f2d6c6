//! Turns compiled code in a file into a component that can run, once it was held
//! against its digest.
//!
//! One of two modules with `unsafe` code: the engine takes it on trust that native
//! code is what it compiled.
#![expect(unsafe_code, reason = "the engine cannot check native code")]

use crate::digest::Digest;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use wasmtime::Engine;
use wasmtime::component::Component;

/// Compiled code that has the digest which it must have.
pub(crate) enum Code {
    /// At the start of a file that nobody changes, which the engine maps: several
    /// processes then share it, and of what does not run, nothing is loaded.
    Mapped {
        file: File,
        length: u64,
        digest: Digest,
    },
    /// In memory of this process.
    Copied(Vec<u8>),
}

impl Code {
    /// Code at the start of a file that nobody changes any more: whoever may write
    /// to it may run code here. None where it is not what it was.
    pub(crate) fn of_own(file: File, length: u64, digest: Digest) -> io::Result<Option<Self>> {
        if !may_be_mapped(&file) {
            return Self::of_foreign(&file, length, &digest);
        }
        let found = hash(&file, length, io::sink())?;
        Ok((found == digest).then_some(Self::Mapped {
            file,
            length,
            digest,
        }))
    }

    /// Code at the start of a file that others may change while it is read, or
    /// afterwards: what is checked is a copy. None where it is not what it was.
    pub(crate) fn of_foreign(
        file: &File,
        length: u64,
        digest: &Digest,
    ) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        let found = hash(file, length, &mut bytes)?;
        Ok((found == *digest).then_some(Self::Copied(bytes)))
    }

    /// Refuses what was compiled by another engine, for another machine, or with
    /// other settings.
    pub(crate) fn component(&self, engine: &Engine) -> wasmtime::Result<Component> {
        // SAFETY: in all blocks, the bytes must be what `Component::serialize` or
        // `Engine::precompile_component` gave, and must not change.
        // - They are what was written: they have the digest that was written with
        //   them (`of_own`, `of_foreign`). That one comes from where only this
        //   library's compiler can have put it: for the cache, an entry in a folder
        //   that is the user's alone (`cache::entry`); for what is shipped, the
        //   application itself (`shipped::index`).
        // - They do not change: a copy is this process's own. A file that is mapped
        //   is one that, by its owner and mode, nobody may write to but the
        //   administrator and this user (`ownership`), who can change this
        //   process in other ways. This library writes to none once it has its name.
        // - They are this engine's: the engine itself compares its version, which
        //   `engine::config` sets to the exact one, target and settings.
        match self {
            Self::Copied(bytes) => unsafe { Component::deserialize(engine, bytes) },
            Self::Mapped {
                file,
                length,
                digest,
            } => {
                #[cfg(target_os = "linux")]
                if let Ok(component) = unsafe { Component::deserialize_file(engine, path(file)) } {
                    return Ok(component);
                }
                // Also where the system maps no code from there, by a policy, by how
                // it is mounted, or for want of `/proc`.
                match Self::of_foreign(file, *length, digest)? {
                    Some(Self::Copied(bytes)) => unsafe { Component::deserialize(engine, bytes) },
                    _ => Err(wasmtime::Error::msg("it changed while it was read")),
                }
            }
        }
    }
}

/// Whether a file stays while it is mapped. One from another machine may go, once
/// that one removes it, and take the process along.
#[cfg(target_os = "linux")]
fn may_be_mapped(file: &File) -> bool {
    /// NFS, SMB, CIFS, FUSE, Ceph, AFS, and 9P, by `statfs(2)` and linux/magic.h.
    const REMOTE: [u32; 8] = [
        0x6969,
        0x517b,
        0xfe53_4d42,
        0xff53_4d42,
        0x6573_5546,
        0x00c3_6400,
        0x5346_414f,
        0x0102_1997,
    ];
    // Magic numbers have 32 bits; the field is wider, and its sign differs.
    let kind = rustix::fs::fstatfs(file).map(|system| system.f_type as u32);
    kind.is_ok_and(|kind| !REMOTE.contains(&kind))
}

#[cfg(not(target_os = "linux"))]
fn may_be_mapped(_: &File) -> bool {
    false
}

/// The path to an open file, whatever has its name by now.
#[cfg(target_os = "linux")]
fn path(file: &File) -> String {
    use std::os::fd::AsRawFd;
    // Of this thread, which may have descriptors of its own.
    format!("/proc/thread-self/fd/{}", file.as_raw_fd())
}

/// The digest of the first bytes of a file, which are copied.
fn hash(mut file: &File, length: u64, into: impl io::Write) -> io::Result<Digest> {
    file.seek(SeekFrom::Start(0))?;
    Digest::of_read(file.take(length), into)
}
