//! Which guests to build, and the build. Runs Cargo once for each of them, so that none
//! is built with features that another one asks for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::environment;
use crate::inputs::inputs;
use crate::package::Package;
use crate::{BuildError, TARGET};

/// One guest, built.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Component {
    /// The package's name.
    pub name: String,
    /// The component.
    pub path: PathBuf,
}

/// The guest crates that a build script needs, in whatever workspaces they are.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Guests {
    folders: Vec<PathBuf>,
    parents: Vec<PathBuf>,
}

impl Guests {
    /// No guests yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The package in a folder, relative to the build script's own package.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folders.push(folder.into());
        self
    }

    /// Every package right below a folder, by name.
    pub fn folders_in(mut self, parent: impl Into<PathBuf>) -> Self {
        self.parents.push(parent.into());
        self
    }

    /// Builds the guests with their workspace's release profile, and tells Cargo
    /// to run the build script again when anything changes that they are made
    /// of.
    ///
    /// Components come in the order in which the guests were named, those of
    /// [`folders_in`](Self::folders_in) last.
    ///
    /// # Errors
    ///
    /// When a folder has no package, when the toolchain lacks the target, or
    /// when Cargo cannot build a guest; the error holds what Cargo wrote.
    pub fn build(self) -> Result<Vec<Component>, BuildError> {
        let own = variable("CARGO_MANIFEST_DIR")?;
        let target_dir = target_dir(&variable("OUT_DIR")?).join("guests");

        let mut changes = BTreeSet::new();
        let mut folders = Vec::from_iter(self.folders.iter().map(|folder| own.join(folder)));
        for parent in &self.parents {
            folders.extend(packages_in(&own.join(parent))?);
            changes.insert(own.join(parent));
        }
        let packages = folders
            .iter()
            .map(|folder| Package::read(folder))
            .collect::<Result<Vec<_>, _>>()?;

        if packages.is_empty() {
            return Err(BuildError::NoGuests);
        }
        require_target()?;

        let output = target_dir.join(TARGET).join("release");
        let mut components = Vec::new();
        for package in packages {
            cargo_build(&package, &target_dir)?;
            let path = output.join(package.file_stem()).with_extension("wasm");
            if !path.exists() {
                return Err(BuildError::NoComponent { path });
            }
            changes.extend(inputs(&read(&path.with_extension("d"))?));
            components.push(Component {
                name: package.name,
                path,
            });
        }
        changes.extend(folders.iter().flat_map(|folder| workspace_files(folder)));
        changes.extend(folders);
        for path in changes {
            println!("cargo:rerun-if-changed={}", path.display());
        }
        Ok(components)
    }
}

fn cargo_build(package: &Package, target_dir: &Path) -> Result<(), BuildError> {
    let cargo = variable("CARGO")?;
    let mut command = Command::new(&cargo);
    // A folder of its own: the outer Cargo holds the lock of the other one.
    command
        .args(["build", "--release", "--target", TARGET, "--target-dir"])
        .arg(target_dir)
        .arg("--manifest-path")
        .arg(&package.manifest);
    environment::clear(&mut command);
    let output = command.output().map_err(|source| BuildError::Start {
        command: cargo,
        source,
    })?;
    if output.status.success() {
        return Ok(());
    }
    Err(BuildError::Failed {
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Without the target, rustc's own error does not say how to get it.
fn require_target() -> Result<(), BuildError> {
    let rustc = variable("RUSTC")?;
    let output = Command::new(&rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(|source| BuildError::Start {
            command: rustc,
            source,
        })?;
    let folder = String::from_utf8_lossy(&output.stdout);
    if Path::new(folder.trim()).is_dir() {
        Ok(())
    } else {
        Err(BuildError::TargetMissing)
    }
}

/// The folder that the outer Cargo builds in, which it marks as a cache.
fn target_dir(out_dir: &Path) -> &Path {
    out_dir
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").exists())
        .unwrap_or(out_dir)
}

/// What decides on a guest's dependencies and profile.
fn workspace_files(folder: &Path) -> Vec<PathBuf> {
    let root = folder
        .ancestors()
        .find(|folder| folder.join("Cargo.lock").exists());
    root.map_or_else(Vec::new, |root| {
        vec![root.join("Cargo.lock"), root.join("Cargo.toml")]
    })
}

fn packages_in(parent: &Path) -> Result<Vec<PathBuf>, BuildError> {
    let unreadable = |source| BuildError::Read {
        path: parent.to_owned(),
        source,
    };
    let mut folders = Vec::new();
    for entry in fs::read_dir(parent).map_err(unreadable)? {
        let folder = entry.map_err(unreadable)?.path();
        if folder.join("Cargo.toml").exists() {
            folders.push(folder);
        }
    }
    folders.sort();
    Ok(folders)
}

fn read(path: &Path) -> Result<String, BuildError> {
    fs::read_to_string(path).map_err(|source| BuildError::Read {
        path: path.to_owned(),
        source,
    })
}

fn variable(variable: &'static str) -> Result<PathBuf, BuildError> {
    env::var_os(variable)
        .map(PathBuf::from)
        .ok_or(BuildError::NotABuildScript { variable })
}
