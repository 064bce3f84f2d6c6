//! Why something cannot be granted. No plugin is involved yet.

use plugin_host_manifest::{GuestPathError, VariableName, VariableNameError};

/// Why something cannot be granted, to whatever plugin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GrantError {
    /// The path at which the plugin would see a directory cannot be one.
    #[error("cannot grant a directory: {0}")]
    Path(GuestPathError),
    /// The name of an environment variable cannot be one.
    #[error("cannot grant an environment variable: {0}")]
    Name(VariableNameError),
    /// An environment variable to inherit is not in the application's
    /// environment.
    #[error(
        "cannot inherit the environment variable `{name}`, which is not set: \
         set it for the application, or grant a value"
    )]
    NotSet {
        /// The variable.
        name: VariableName,
    },
    /// The value of an environment variable to inherit is no Unicode.
    #[error(
        "cannot inherit the environment variable `{name}`, whose value is no Unicode: \
         set another for the application, or grant a value"
    )]
    NotUnicode {
        /// The variable.
        name: VariableName,
    },
}
