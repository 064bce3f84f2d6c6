//! Finds plugins in folders. Compiles nothing, and one bad file never hides the
//! others.

use crate::candidate::{Candidate, read};
use crate::component::{Component, ComponentError};
use crate::error::{Error, ErrorKind, Preference};
use crate::limits::Limits;
use crate::parallel;
use crate::policy::Policy;
use crate::progress::Progress;
use crate::rules::Rules;
use plugin_host_manifest::{Manifest, ManifestSource, Package, PluginId};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The author's manifest file in a plugin folder.
const MANIFEST_FILE: &str = "plugin.toml";

/// How many bytes of it are read.
const MANIFEST_LIMIT: u64 = 64 * 1024;

/// Every candidate in the folders, folder by folder and in the order of file
/// names; a bad one is an error in its place.
pub(crate) fn discover(folders: &[&Path], rules: &Rules) -> Vec<Result<Candidate, Error>> {
    let mut looked_at = HashSet::new();
    let mut entries = Vec::new();
    for folder in folders {
        // A folder that is named twice holds nothing twice.
        let known = fs::canonicalize(folder).is_ok_and(|folder| !looked_at.insert(folder));
        if known {
            continue;
        }
        match sorted_entries(folder) {
            Ok(paths) => entries.extend(paths.into_iter().map(Ok)),
            Err(error) => entries.push(Err(Error::file(folder, ErrorKind::io(error)))),
        }
    }
    let (done, of) = (AtomicUsize::new(0), entries.len());
    let look = |entry: Result<PathBuf, Error>| {
        let found = match entry {
            Ok(path) => candidate(&path, &rules.limits),
            Err(error) => Some(Err(error)),
        };
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        rules.progress.tell(Progress::Discovering { done, of });
        found
    };
    let found = parallel::map(entries, rules.threads, look);
    let mut found: Vec<_> = found.into_iter().flatten().collect();
    refuse_duplicates(&mut found, rules.policy.as_deref());
    for error in found.iter().filter_map(|found| found.as_ref().err()) {
        rules.progress.tell(Progress::Refused { error });
    }
    found
}

/// Of several candidates of one id, keeps the one that the policy locks, else
/// that of the highest version, and of these the first. One without a version is
/// the lowest.
fn refuse_duplicates(found: &mut [Result<Candidate, Error>], policy: Option<&Policy>) {
    // Else any file could put itself in the place of a locked plugin.
    let is_locked = |candidate: &Candidate| policy.is_some_and(|policy| policy.locks(candidate));
    let mut kept: HashMap<PluginId, (usize, Candidate)> = HashMap::new();
    for (at, candidate) in found.iter().enumerate() {
        let Ok(candidate) = candidate else { continue };
        match kept.entry(candidate.id().clone()) {
            Entry::Vacant(entry) => {
                entry.insert((at, candidate.clone()));
            }
            Entry::Occupied(mut entry) => {
                let rank = |candidate| (is_locked(candidate), candidate.version().cloned());
                if rank(candidate) > rank(&entry.get().1) {
                    entry.insert((at, candidate.clone()));
                }
            }
        }
    }
    for (at, found) in found.iter_mut().enumerate() {
        let Ok(candidate) = found else { continue };
        let (winner_at, winner) = &kept[candidate.id()];
        if at == *winner_at {
            continue;
        }
        let path = |candidate: &Candidate| candidate.path().unwrap_or(Path::new("")).to_owned();
        let why = if is_locked(winner) && !is_locked(candidate) {
            Preference::Locked
        } else {
            let version = winner.version();
            let higher = version.filter(|_| version > candidate.version());
            higher.map_or(Preference::First, |v| Preference::Higher(v.clone()))
        };
        let kind = ErrorKind::DuplicateId {
            id: candidate.id().clone(),
            kept: path(winner),
            why,
        };
        *found = Err(Error::file(&path(candidate), kind));
    }
}

/// What `path` is: a candidate, a bad one, or nothing that concerns us.
fn candidate(path: &Path, limits: &Limits) -> Option<Result<Candidate, Error>> {
    if path.is_dir() {
        let manifest = path.join(MANIFEST_FILE);
        return manifest
            .exists()
            .then(|| from_folder(path, &manifest, limits));
    }
    match path.extension()?.to_str()? {
        "wasm" => Some(Candidate::from_file(path, limits)),
        "cwasm" => Some(Err(Error::file(
            path,
            ErrorKind::Component(ComponentError::NativeCode),
        ))),
        _ => None,
    }
}

/// The development form: a manifest as its author writes it, beside a component.
fn from_folder(folder: &Path, manifest: &Path, limits: &Limits) -> Result<Candidate, Error> {
    let io = |error| Error::file(folder, ErrorKind::io(error));
    let components: Vec<PathBuf> = sorted_entries(folder)
        .map_err(io)?
        .into_iter()
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "wasm")
        })
        .collect();
    let [component] = components.as_slice() else {
        return Err(Error::file(
            folder,
            ErrorKind::ComponentFiles(components.len()),
        ));
    };
    let fail = |kind| Error::file(manifest, kind);
    let text = read(manifest, MANIFEST_LIMIT).map_err(fail)?;
    let text = String::from_utf8(text)
        .map_err(|error| fail(ErrorKind::Io(std::io::Error::other(error.utf8_error()))))?;
    Candidate::from_file_with(component, limits, |component| {
        side_manifest(&text, component)
            .map(Some)
            .map_err(|error| fail(ErrorKind::ManifestFile(error)))
    })
}

/// The folder's manifest, which stands in place of the component's own. Only id
/// and version are taken from that where the folder's leaves them out.
fn side_manifest(
    text: &str,
    component: &Component,
) -> Result<Manifest, plugin_host_manifest::SourceError> {
    let source = ManifestSource::parse(text)?;
    match &component.manifest {
        None => source.complete_alone(),
        Some(own) => source.complete(&Package {
            name: own.id.as_str(),
            version: &own.version.to_string(),
            ..Package::default()
        }),
    }
}

/// The visible entries of a folder, by name.
fn sorted_entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    paths.retain(|path| {
        path.file_name()
            .is_some_and(|name| !name.to_string_lossy().starts_with('.'))
    });
    paths.sort();
    Ok(paths)
}
