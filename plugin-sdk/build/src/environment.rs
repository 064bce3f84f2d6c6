//! What the outer Cargo's environment says, and what it may not do to the guests: flags,
//! wrappers and profiles that are meant for the host's code.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::BuildError;

/// A variable that Cargo sets for build scripts.
pub(crate) fn variable(variable: &'static str) -> Result<PathBuf, BuildError> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .ok_or(BuildError::NotABuildScript { variable })
}

/// Where guests are built: `guests` in the folder that the outer Cargo builds in, which
/// it marks as a cache.
pub(crate) fn guests_dir() -> Result<PathBuf, BuildError> {
    let out_dir = variable("OUT_DIR")?;
    let marked = |folder: &&Path| folder.join("CACHEDIR.TAG").exists();
    let target_dir = out_dir.ancestors().find(marked).unwrap_or(&out_dir);
    Ok(target_dir.join("guests"))
}

/// Removes from a command's environment what would reach into the inner build.
pub(crate) fn clear(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if leaks(&name) {
            command.env_remove(name);
        }
    }
}

fn leaks(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else {
        return false;
    };
    match name {
        // `cargo clippy` and coverage tools set these, and wasm has no profiler.
        "RUSTC_WRAPPER" | "RUSTC_WORKSPACE_WRAPPER" | "LLVM_PROFILE_FILE" => true,
        "RUSTFLAGS" | "RUSTDOCFLAGS" | "CARGO_ENCODED_RUSTFLAGS" => true,
        "CARGO_TARGET_DIR" | "CARGO_INCREMENTAL" => true,
        "CARGO_BUILD_JOBS" => false,
        _ => name.starts_with("CARGO_BUILD_") || name.starts_with("CARGO_PROFILE_"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_wrappers_and_profiles_leak() {
        for name in [
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "RUSTC_WORKSPACE_WRAPPER",
            "CARGO_BUILD_TARGET",
            "CARGO_PROFILE_RELEASE_LTO",
        ] {
            assert!(leaks(name.as_ref()), "{name}");
        }
    }

    #[test]
    fn homes_jobs_and_network_stay() {
        for name in [
            "PATH",
            "CARGO_HOME",
            "CARGO_MAKEFLAGS",
            "CARGO_BUILD_JOBS",
            "CARGO_NET_OFFLINE",
            "CARGO_TARGET_WASM32_WASIP2_LINKER",
            "RUSTUP_TOOLCHAIN",
        ] {
            assert!(!leaks(name.as_ref()), "{name}");
        }
    }
}
