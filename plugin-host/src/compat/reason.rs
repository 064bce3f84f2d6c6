//! Why a component does not fit, and the words for it.

use super::Purpose;
use plugin_host_manifest::Capability;
use semver::{Version, VersionReq};
use std::fmt;

/// One reason why a component does not fit, with what would help.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The plugin imports something that this host does not have at all.
    MissingImport {
        /// The interface or function, as the plugin names it.
        import: String,
    },
    /// The plugin imports a function that the host's interface does not have.
    MissingFunction {
        /// The interface, as the plugin names it.
        import: String,
        /// The function.
        function: String,
    },
    /// The plugin does not export something that every plugin must.
    MissingExport {
        /// The interface or function, as the host names it.
        export: String,
        /// The function in it that is missing, where the interface is there.
        function: Option<String>,
    },
    /// The plugin was built for a newer version of an interface.
    NeedsNewerHost {
        /// The interface with the version that the plugin was built for.
        wanted: String,
        /// The version that this host has.
        has: String,
    },
    /// The plugin was built for an older version of an interface.
    NeedsNewerPlugin {
        /// The interface with the version that the plugin was built for.
        wanted: String,
        /// The version that this host has.
        has: String,
    },
    /// The manifest names a range of the application's versions, and this is
    /// not in it.
    HostRequirement {
        /// The application's name.
        application: String,
        /// The range in the plugin's manifest.
        required: VersionReq,
        /// The version of the running application.
        actual: Version,
    },
    /// The plugin asks for something that is not granted, and the host is
    /// strict.
    NotGranted {
        /// What it asks for.
        capability: Capability,
    },
    /// The plugin imports an interface of WASI that is for something which is
    /// not granted, and the host is strict.
    ImportNotGranted {
        /// The interface, as the plugin names it.
        import: String,
        /// What the interface is for.
        purpose: Purpose,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingImport { import } => write!(
                f,
                "it imports `{import}`, which this application does not provide: \
                 use a plugin made for this application"
            ),
            Self::MissingFunction { import, function } => write!(
                f,
                "it imports `{function}` of `{import}`, which this application does not provide: \
                 use a plugin made for this application"
            ),
            Self::MissingExport {
                export,
                function: None,
            } => write!(
                f,
                "it does not export `{export}`, which every plugin of this application must: \
                 use a plugin made for this application"
            ),
            Self::MissingExport {
                export,
                function: Some(function),
            } => write!(
                f,
                "it does not export `{function}` of `{export}`, which every plugin of this \
                 application must: upgrade the plugin"
            ),
            Self::NeedsNewerHost { wanted, has } => write!(
                f,
                "it needs `{wanted}`, and this application has {has}: upgrade the application"
            ),
            Self::NeedsNewerPlugin { wanted, has } => write!(
                f,
                "it was built for `{wanted}`, and this application has {has}: upgrade the plugin"
            ),
            Self::HostRequirement {
                application,
                required,
                actual,
            } => write!(
                f,
                "it requires {application} {required}, and this is {application} {actual}: \
                 upgrade {}",
                if is_behind(actual, required) {
                    "the application"
                } else {
                    "the plugin"
                }
            ),
            Self::NotGranted { capability } => write!(
                f,
                "it asks for {capability}, and this host is strict: grant it, or build the host \
                 without `strict`"
            ),
            Self::ImportNotGranted {
                import,
                purpose: purpose @ Purpose::Network,
            } => write!(
                f,
                "it imports `{import}`, which needs {purpose}, and that cannot be granted: use a \
                 plugin that does without, or build the host without `strict`"
            ),
            Self::ImportNotGranted { import, purpose } => write!(
                f,
                "it imports `{import}`, which needs {purpose}, and this host is strict: grant \
                 that, which its plugin.toml must ask for, or build the host without `strict`"
            ),
        }
    }
}

/// Whether `actual` lies below what `required` asks for at the least.
fn is_behind(actual: &Version, required: &VersionReq) -> bool {
    use semver::Op::{Caret, Exact, Greater, GreaterEq, Tilde, Wildcard};
    required.comparators.iter().any(|comparator| {
        let lowest = Version::new(
            comparator.major,
            comparator.minor.unwrap_or(0),
            comparator.patch.unwrap_or(0),
        );
        matches!(
            comparator.op,
            Exact | Greater | GreaterEq | Tilde | Caret | Wildcard
        ) && *actual <= lowest
    })
}
