//! Writes what is to be shipped, where an application is built.

use super::artifact_name;
use super::error::ShippedError;
use super::index::{Artifact, Index};
use crate::digest::Digest;
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Writes the compiled code of each component to a folder; the index.
pub(crate) fn write(
    folder: &Path,
    target: &str,
    compiled: &BTreeMap<Digest, Vec<u8>>,
) -> Result<String, ShippedError> {
    fs::create_dir_all(folder).map_err(|error| ShippedError::io("make", folder, error))?;
    let mut artifacts = BTreeMap::new();
    for (component, code) in compiled {
        let path = folder.join(artifact_name(component));
        replace(&path, code).map_err(|error| ShippedError::io("write", &path, error))?;
        let artifact = Artifact {
            digest: Digest::of(code),
            length: code.len() as u64,
        };
        artifacts.insert(*component, artifact);
    }
    let target = target.to_owned();
    Ok(Index { target, artifacts }.to_string())
}

/// Puts a file in the place of another, which a program that runs may have mapped.
fn replace(path: &Path, code: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    // Somebody who was killed may have left it.
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o444);
    options.open(&unfinished)?.write_all(code)?;
    fs::rename(&unfinished, path)
}
