//! `wasi:filesystem/preopens`: the directories that were granted, and no others.

use super::file_stream::Room;
use crate::grants::Grants;
use crate::services::Services;
use plugin_host_manifest::Access;
use std::io;
use std::path::PathBuf;
use wasmtime::component::Resource;
use wasmtime_wasi::filesystem::{WasiFilesystemCtx, WasiFilesystemCtxView};
use wasmtime_wasi::p2::bindings::filesystem::preopens;
use wasmtime_wasi::p2::bindings::filesystem::types::Descriptor;
use wasmtime_wasi::{FsPerms, WasiCtx};

/// The files of one instance.
#[derive(Default)]
pub(in crate::services) struct Files {
    pub(super) granted: WasiFilesystemCtx,
    /// Descriptors that the guest holds.
    pub(super) open: usize,
    /// Directories that the guest is listing.
    pub(super) listings: usize,
    /// Streams of files that the guest holds.
    pub(super) streams: Room,
}

/// A granted directory cannot be opened.
pub(crate) struct DirectoryError {
    pub(crate) guest: String,
    pub(crate) path: PathBuf,
    pub(crate) error: io::Error,
}

impl Files {
    /// Opens the granted directories; what is renamed later stays granted.
    pub(in crate::services) fn open(grants: &Grants) -> Result<Self, DirectoryError> {
        if grants.directories.is_empty() {
            return Ok(Self::default());
        }
        let mut builder = WasiCtx::builder();
        for (guest, directory) in &grants.directories {
            let access = match directory.access {
                Access::ReadWrite => FsPerms::ReadWrite,
                _ => FsPerms::ReadOnly,
            };
            builder
                .preopened_dir(&directory.path, guest.as_str(), access)
                .map_err(|error| DirectoryError {
                    guest: guest.as_str().to_owned(),
                    path: directory.path.clone(),
                    error: error
                        .downcast()
                        .unwrap_or_else(|error| io::Error::other(error.to_string())),
                })?;
        }
        Ok(Self {
            granted: std::mem::take(builder.build().filesystem()),
            ..Self::default()
        })
    }
}

impl preopens::Host for Services {
    fn get_directories(&mut self) -> wasmtime::Result<Vec<(Resource<Descriptor>, String)>> {
        let names = self.grants.directories.keys();
        let bytes: usize = names.map(|name| name.as_str().len()).sum();
        self.meter.enter_service(bytes as u64)?;
        let directories = preopens::Host::get_directories(&mut WasiFilesystemCtxView {
            ctx: &mut self.files.granted,
            table: &mut self.table,
        })?;
        self.files.open += directories.len();
        Ok(directories)
    }
}
