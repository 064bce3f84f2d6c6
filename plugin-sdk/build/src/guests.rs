//! Which guests to build, and the build. Builds none with features that only another
//! one asks for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::environment::{guests_dir, variable};
use crate::groups::{Features, groups};
use crate::inputs::inputs;
use crate::package::Package;
use crate::{BuildError, TARGET, environment, groups, require_target};

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
    profile: Option<String>,
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

    /// Builds with this profile of the guests' workspace, in place of `release`.
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// Builds the guests, and tells Cargo to run the build script again when anything
    /// changes that they are made of.
    ///
    /// If the toolchain lacks the target, rustup is asked to add it, and a warning says
    /// so. That is looked at before anything else.
    ///
    /// Components come in the order in which the guests were named, those of
    /// [`folders_in`](Self::folders_in) last.
    ///
    /// # Errors
    ///
    /// When the toolchain lacks the target and rustup cannot add it, when a folder has
    /// no package, or when Cargo cannot build a guest; the error holds what Cargo wrote.
    pub fn build(self) -> Result<Vec<Component>, BuildError> {
        let own = variable("CARGO_MANIFEST_DIR")?;
        let target_dir = guests_dir()?;
        // First of all: without the target, all else is in vain.
        require_target()?;

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

        let profile = self.profile.as_deref().unwrap_or("release");
        let features = packages
            .iter()
            .map(features)
            .collect::<Result<Vec<_>, _>>()?;
        for group in groups(&features) {
            let group = group.into_iter().map(|at| &packages[at]);
            cargo_build(group, profile, &target_dir)?;
        }

        let output = target_dir.join(TARGET).join(profile_folder(profile));
        let mut components = Vec::new();
        for package in packages {
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

/// What Cargo would build the dependencies of a guest alone with, and where its
/// workspace is.
fn features(package: &Package) -> Result<Features, BuildError> {
    let mut workspace = cargo("locate-project")?;
    workspace
        .args([
            "--workspace",
            "--message-format",
            "plain",
            "--manifest-path",
        ])
        .arg(&package.manifest);
    let mut tree = cargo("tree")?;
    tree.args(["--target", TARGET, "--edges", "normal,no-proc-macro"])
        .args(["--prefix", "none", "--format", "{p}|{f}", "--manifest-path"])
        .arg(&package.manifest);
    Ok(groups::features(&run(workspace)?, &run(tree)?))
}

fn cargo_build<'a>(
    packages: impl Iterator<Item = &'a Package>,
    profile: &str,
    target_dir: &Path,
) -> Result<(), BuildError> {
    let mut command = cargo("build")?;
    // A folder of its own: the outer Cargo holds the lock of the other one.
    command
        .args(["--profile", profile, "--target", TARGET, "--target-dir"])
        .arg(target_dir);
    for (at, package) in packages.enumerate() {
        if at == 0 {
            command.arg("--manifest-path").arg(&package.manifest);
        }
        command.args(["--package", &package.name]);
    }
    run(command).map(drop)
}

/// The Cargo that runs this build script.
fn cargo(subcommand: &str) -> Result<Command, BuildError> {
    let mut command = Command::new(variable("CARGO")?);
    command.arg(subcommand);
    environment::clear(&mut command);
    Ok(command)
}

/// Runs a command to its end and gives its standard output.
fn run(mut command: Command) -> Result<String, BuildError> {
    let output = command.output().map_err(|source| BuildError::Start {
        command: command.get_program().into(),
        source,
    })?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(BuildError::Failed {
        stderr: text(&output.stderr),
    })
}

/// The folder that Cargo puts what a profile built into.
fn profile_folder(profile: &str) -> &str {
    match profile {
        "dev" | "test" => "debug",
        "bench" => "release",
        other => other,
    }
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
