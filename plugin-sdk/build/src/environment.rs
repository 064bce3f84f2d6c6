//! What the outer Cargo's environment may not do to the guests: flags, wrappers
//! and profiles that are meant for the host's code.

use std::ffi::OsStr;
use std::process::Command;

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
