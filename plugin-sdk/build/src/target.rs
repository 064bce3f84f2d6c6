//! The guests' target: looks for it, and adds it if rustup can. Builds nothing.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, io};

use crate::environment::{guests_dir, variable};
use crate::{BuildError, TARGET};

/// Makes sure that the toolchain has [`TARGET`]: if it lacks it, rustup is asked to add
/// it, and a warning of Cargo's says so.
///
/// [`Guests::build`](crate::Guests::build) does so before anything else. Call this from
/// a build script that runs before that one, for a user to learn at once what is missing.
///
/// # Errors
///
/// When rustup cannot add the target, or when there is no rustup. Cargo then shows the
/// first line of the error above all else.
pub fn require_target() -> Result<(), BuildError> {
    require(&variable("RUSTC")?, &guests_dir()?)
        .inspect_err(|error| println!("cargo::error={}", first_line(error)))
}

/// `folder` is where build scripts wait for each other: rustup does not.
fn require(rustc: &Path, folder: &Path) -> Result<(), BuildError> {
    // Without the target, rustc's own error comes late and does not say how to get it.
    if is_there(rustc)? {
        return Ok(());
    }
    let _lock = lock(folder)?;
    if is_there(rustc)? {
        return Ok(());
    }
    // rustup tells whom it starts which toolchain that is. It may have been started
    // by another toolchain's rustup, so it is asked once more in the end.
    let Some(toolchain) = env::var_os("RUSTUP_TOOLCHAIN") else {
        return Err(BuildError::TargetMissing);
    };
    let name = toolchain.to_string_lossy().into_owned();
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", TARGET, "--toolchain"]);
    let output = match rustup.arg(&toolchain).output() {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(BuildError::TargetMissing);
        }
        Err(source) => return Err(start("rustup".into(), source)),
    };
    if output.status.success() && is_there(rustc)? {
        println!("cargo::warning=added the target {TARGET} to the Rust toolchain {name}");
        return Ok(());
    }
    Err(BuildError::TargetNotAdded {
        toolchain: name,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

fn is_there(rustc: &Path) -> Result<bool, BuildError> {
    let Output { stdout, .. } = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(|source| start(rustc.to_owned(), source))?;
    Ok(Path::new(String::from_utf8_lossy(&stdout).trim()).is_dir())
}

/// Waits until no other build script adds the target. Dropping the file unlocks it.
fn lock(folder: &Path) -> Result<File, BuildError> {
    let path = folder.join("target.lock");
    fs::create_dir_all(folder)
        .and_then(|()| File::create(&path))
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|source| BuildError::Read { path, source })
}

/// What Cargo shows of an error above all else.
fn first_line(error: &BuildError) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().to_owned()
}

fn start(command: PathBuf, source: io::Error) -> BuildError {
    BuildError::Start { command, source }
}
