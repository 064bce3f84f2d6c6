//! Why something is not WIT that can be compared. Always for whoever calls.

use std::path::PathBuf;

/// Why something is not WIT that can be compared.
///
/// ```
/// let error = plugin_host_wit_check::Wit::from_path("nowhere").expect_err("not there");
/// assert!(error.to_string().starts_with("`nowhere` does not exist"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WitError {
    /// There is nothing at the path.
    #[error("`{}` does not exist: give a folder of .wit files, or one file", path.display())]
    Missing {
        /// The path as given.
        path: PathBuf,
    },
    /// The folder has no `.wit` file of its own.
    #[error("`{}` holds no .wit file: give the folder that has them", path.display())]
    Empty {
        /// The folder as given.
        path: PathBuf,
    },
    /// The text is not WIT, or names something that is not there.
    #[error("`{origin}` cannot be read as one WIT package: {reason}")]
    Invalid {
        /// The path as given, or `text.wit`.
        origin: String,
        /// What is wrong, with file and line.
        reason: String,
    },
    /// No package has the name that was asked for.
    #[error("there is no package `{name}`: there is {known}")]
    UnknownPackage {
        /// The name that was asked for.
        name: String,
        /// The packages that there are.
        known: String,
    },
}
