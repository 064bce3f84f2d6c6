//! A file that may become a plugin, and what its bytes say. Nothing is compiled.

use crate::component::{Component, ComponentError};
use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::release::Release;
use crate::stamp::Stamp;
use crate::surface::Extern;
use plugin_host_manifest::{Capabilities, Manifest, PluginId};
use semver::Version;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A component that may become a plugin: what its bytes say of it.
///
/// Cheap to clone. A candidate from a file holds no bytes. Loading reads them again
/// to compile them, and refuses them where they are not the ones that were judged.
/// Where their compiled code is kept already, they are read only if the system says
/// that the file changed: what runs is compiled from the bytes that were judged
/// either way.
#[derive(Clone, Debug)]
pub struct Candidate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: PluginId,
    component: Component,
    /// The manifest that holds: the component's own, or that of its folder.
    manifest: Option<Manifest>,
    source: Source,
}

#[derive(Debug)]
enum Source {
    File {
        path: PathBuf,
        /// Of what was read.
        stamp: Stamp,
    },
    Bytes(Vec<u8>),
}

impl Candidate {
    /// A candidate from bytes that the application has, such as an upload.
    ///
    /// `name` stands in for the id where the component carries no manifest.
    ///
    /// # Errors
    ///
    /// When the bytes are no component, or a damaged one, or carry a manifest
    /// that cannot be read, or have no manifest and a `name` that is no id.
    pub fn from_bytes(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Self, Error> {
        let bytes = bytes.into();
        let fail = |kind| Error::file(Path::new(name), kind);
        let component =
            Component::read(&bytes).map_err(|error| fail(ErrorKind::Component(error)))?;
        let id = own_id(&component, name).map_err(fail)?;
        Ok(Self(Arc::new(Inner {
            id,
            manifest: component.manifest.clone(),
            component,
            source: Source::Bytes(bytes),
        })))
    }

    /// A candidate from a component file.
    ///
    /// # Errors
    ///
    /// As [`from_bytes`](Self::from_bytes), and when the file cannot be read or
    /// is larger than [`Limits::component`].
    pub fn from_file(path: impl AsRef<Path>, limits: &Limits) -> Result<Self, Error> {
        Self::from_file_with(path.as_ref(), limits, |_| Ok(None))
    }

    /// Reads a component file whose manifest may be replaced by the folder's.
    pub(crate) fn from_file_with(
        path: &Path,
        limits: &Limits,
        side_manifest: impl FnOnce(&Component) -> Result<Option<Manifest>, Error>,
    ) -> Result<Self, Error> {
        let fail = |kind| Error::file(path, kind);
        let limit = limits.component;
        let (bytes, stamp) =
            read_stamped(path, limit, |size| too_large(size, limit)).map_err(fail)?;
        let component =
            Component::read(&bytes).map_err(|error| fail(ErrorKind::Component(error)))?;
        let manifest = side_manifest(&component)?.or_else(|| component.manifest.clone());
        let id = match &manifest {
            Some(manifest) => manifest.id.clone(),
            None => {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                own_id(&component, &stem).map_err(fail)?
            }
        };
        Ok(Self(Arc::new(Inner {
            id,
            component,
            manifest,
            source: Source::File {
                path: path.to_owned(),
                stamp,
            },
        })))
    }

    /// The plugin's id: its manifest's, else made from the name of its file.
    #[must_use]
    pub fn id(&self) -> &PluginId {
        &self.0.id
    }

    /// The plugin's version, where it has a manifest.
    #[must_use]
    pub fn version(&self) -> Option<&Version> {
        self.manifest().map(|manifest| &manifest.version)
    }

    /// The plugin's manifest, where it has one.
    #[must_use]
    pub fn manifest(&self) -> Option<&Manifest> {
        self.0.manifest.as_ref()
    }

    /// What the plugin asks for: nothing, where it has no manifest.
    #[must_use]
    pub fn asked(&self) -> &Capabilities {
        static NOTHING: Capabilities = Capabilities::none();
        self.manifest()
            .map_or(&NOTHING, |manifest| &manifest.capabilities)
    }

    /// The file that it was read from, where it was one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.0.source {
            Source::File { path, .. } => Some(path),
            Source::Bytes(_) => None,
        }
    }

    /// The digest of the component's bytes.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.0.component.digest
    }

    /// What the component imports, sorted by name.
    pub fn imports(&self) -> impl Iterator<Item = (&str, &Extern)> {
        self.0
            .component
            .surface
            .imports
            .iter()
            .map(|(name, named)| (name.as_str(), &named.shown))
    }

    /// What the component exports, sorted by name.
    pub fn exports(&self) -> impl Iterator<Item = (&str, &Extern)> {
        self.0
            .component
            .surface
            .exports
            .iter()
            .map(|(name, named)| (name.as_str(), &named.shown))
    }

    pub(crate) fn release(&self) -> Release {
        Release {
            version: self.version().cloned(),
            digest: *self.digest(),
        }
    }

    pub(crate) fn component(&self) -> &Component {
        &self.0.component
    }

    pub(crate) fn error(&self, kind: ErrorKind) -> Error {
        Error::plugin(self.id(), kind)
    }

    /// Refuses a file that changed, or became larger than is allowed.
    pub(crate) fn check_unchanged(&self, limits: &Limits) -> Result<(), Error> {
        if let Source::File { path, stamp } = &self.0.source {
            let metadata = fs::metadata(path).map_err(|error| self.error(ErrorKind::Io(error)))?;
            if metadata.len() > limits.component || Stamp::of(&metadata) != *stamp {
                return self.with_bytes(limits, |_| Ok(()));
            }
        }
        Ok(())
    }

    /// Hands the bytes that were judged to `use_bytes`, and no others.
    pub(crate) fn with_bytes<R>(
        &self,
        limits: &Limits,
        use_bytes: impl FnOnce(&[u8]) -> Result<R, Error>,
    ) -> Result<R, Error> {
        match &self.0.source {
            Source::Bytes(bytes) => use_bytes(bytes),
            Source::File { path, .. } => {
                let bytes = read(path, limits.component).map_err(|kind| self.error(kind))?;
                let found = Digest::of(&bytes);
                if found != *self.digest() {
                    return Err(self.error(ErrorKind::Changed {
                        found,
                        expected: *self.digest(),
                    }));
                }
                use_bytes(&bytes)
            }
        }
    }
}

/// Reads a file up to `limit` bytes, whatever its size is said to be.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, ErrorKind> {
    read_or(path, limit, |size| too_large(size, limit))
}

/// The same, with the error for a file of too many bytes.
pub(crate) fn read_or(
    path: &Path,
    limit: u64,
    too_large: impl Fn(u64) -> ErrorKind,
) -> Result<Vec<u8>, ErrorKind> {
    read_stamped(path, limit, too_large).map(|(bytes, _)| bytes)
}

fn too_large(size: u64, limit: u64) -> ErrorKind {
    ErrorKind::Component(ComponentError::TooLarge { size, limit })
}

/// The same, with what the system said of the file before it was read.
fn read_stamped(
    path: &Path,
    limit: u64,
    too_large: impl Fn(u64) -> ErrorKind,
) -> Result<(Vec<u8>, Stamp), ErrorKind> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    // Opening a pipe would wait for somebody to write into it.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    let file = options.open(path).map_err(ErrorKind::io)?;
    let metadata = file.metadata().map_err(ErrorKind::Io)?;
    if !metadata.is_file() {
        let error = std::io::Error::other("it is no regular file");
        return Err(ErrorKind::Io(error));
    }
    let size = metadata.len();
    if size > limit {
        return Err(too_large(size));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    // One more than allowed shows a file that grew since its size was read.
    let read = file
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(ErrorKind::Io)? as u64;
    if read > limit {
        return Err(too_large(read));
    }
    Ok((bytes, Stamp::of(&metadata)))
}

fn own_id(component: &Component, name: &str) -> Result<PluginId, ErrorKind> {
    match &component.manifest {
        Some(manifest) => Ok(manifest.id.clone()),
        None => PluginId::from_file_stem(name).map_err(ErrorKind::FileName),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_not_read_again_while_the_system_says_that_it_is_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("plugin.wasm");
        let bytes = wat::parse_str("(component)").expect("a component");
        fs::write(&path, bytes).expect("there is room");
        let limits = Limits::default();
        let mut candidate = Candidate::from_file(&path, &limits).expect("a component");
        fs::write(&path, "others").expect("there is room");
        let changed = |result: Result<(), Error>| {
            let error = result.expect_err("it changed");
            assert!(matches!(error.kind(), ErrorKind::Changed { .. }), "{error}");
        };
        changed(candidate.check_unchanged(&limits));

        // As if the system had noticed nothing.
        let inner = Arc::get_mut(&mut candidate.0).expect("there is no clone");
        let stamp = Stamp::of(&fs::metadata(&path).expect("it is there"));
        inner.source = Source::File { path, stamp };
        candidate.check_unchanged(&limits).expect("it is not read");
        // What is compiled is read and compared, whatever the system says.
        changed(candidate.with_bytes(&limits, |_| Ok(())));
    }
}
