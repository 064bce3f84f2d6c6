//! Why there are no components.

use std::path::PathBuf;
use std::{fmt, io};

use crate::TARGET;

/// Why guests could not be built.
///
/// `Debug` reads like `Display`, as that is what a build script's `main` shows.
#[non_exhaustive]
pub enum BuildError {
    /// This is not a build script, or not one that Cargo runs.
    NotABuildScript {
        /// The environment variable that Cargo would have set.
        variable: &'static str,
    },
    /// A file or folder of a guest cannot be read.
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A guest's Cargo.toml has no package with a name.
    NoName {
        /// The Cargo.toml.
        path: PathBuf,
    },
    /// No guest was named.
    NoGuests,
    /// The Rust toolchain cannot build for the guests' target, and there is no rustup
    /// that could change that.
    TargetMissing,
    /// The Rust toolchain cannot build for the guests' target, and rustup could not
    /// add it.
    TargetNotAdded {
        /// The toolchain, as rustup names it.
        toolchain: String,
        /// What rustup wrote to its standard error.
        stderr: String,
    },
    /// A command could not be started.
    Start {
        /// The command.
        command: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Cargo could not build the guests.
    Failed {
        /// What Cargo wrote to its standard error.
        stderr: String,
    },
    /// A guest was built and there is no component.
    NoComponent {
        /// Where it should be.
        path: PathBuf,
    },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotABuildScript { variable } => write!(
                f,
                "{variable} is not set: call this from a build script that Cargo runs"
            ),
            Self::Read { path, .. } => write!(f, "cannot read {}", path.display()),
            Self::NoName { path } => {
                write!(f, "{} has no `name` below `[package]`", path.display())
            }
            Self::NoGuests => f.write_str("there is no guest to build: name a folder"),
            Self::TargetMissing => write!(
                f,
                "install the target {TARGET} for this Rust toolchain, which lacks it: with rustup \
                 by `rustup target add {TARGET}`, without it from where the toolchain is from"
            ),
            Self::TargetNotAdded { toolchain, stderr } => write!(
                f,
                "run `rustup target add {TARGET} --toolchain {toolchain}` where it can download: \
                 the toolchain lacks the target, and adding it failed:\n{stderr}"
            ),
            Self::Start { command, .. } => write!(f, "cannot start {}", command.display()),
            Self::Failed { stderr } => write!(f, "cargo could not build the guests:\n{stderr}"),
            Self::NoComponent { path } => write!(
                f,
                "cargo built no {}: set `crate-type = [\"cdylib\"]` below `[lib]`",
                path.display()
            ),
        }
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        match self {
            Self::Read { source, .. } | Self::Start { source, .. } => write!(f, ": {source}"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } | Self::Start { source, .. } => Some(source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_says_what_is_wrong() {
        let path = || PathBuf::from("/p/x");
        let source = || io::Error::other("no luck");
        for (error, message, source) in [
            (
                BuildError::NotABuildScript { variable: "CARGO" },
                "CARGO is not set: call this from a build script that Cargo runs",
                "",
            ),
            (
                BuildError::Read {
                    path: path(),
                    source: source(),
                },
                "cannot read /p/x",
                ": no luck",
            ),
            (
                BuildError::NoName { path: path() },
                "/p/x has no `name` below `[package]`",
                "",
            ),
            (
                BuildError::NoGuests,
                "there is no guest to build: name a folder",
                "",
            ),
            (
                BuildError::TargetMissing,
                "install the target wasm32-wasip2 for this Rust toolchain, which lacks it: with \
                 rustup by `rustup target add wasm32-wasip2`, without it from where the toolchain \
                 is from",
                "",
            ),
            (
                BuildError::TargetNotAdded {
                    toolchain: "1.95.0".into(),
                    stderr: "error: no network".into(),
                },
                "run `rustup target add wasm32-wasip2 --toolchain 1.95.0` where it can download: \
                 the toolchain lacks the target, and adding it failed:\nerror: no network",
                "",
            ),
            (
                BuildError::Start {
                    command: path(),
                    source: source(),
                },
                "cannot start /p/x",
                ": no luck",
            ),
            (
                BuildError::Failed {
                    stderr: "error: no".into(),
                },
                "cargo could not build the guests:\nerror: no",
                "",
            ),
            (
                BuildError::NoComponent { path: path() },
                "cargo built no /p/x: set `crate-type = [\"cdylib\"]` below `[lib]`",
                "",
            ),
        ] {
            assert_eq!(error.to_string(), message);
            // What a build script's `main` shows.
            assert_eq!(format!("{error:?}"), format!("{message}{source}"));
        }
    }
}
