//! Why a component does not fit, and the words for it.

use super::Purpose;
use super::wording::Line;
use plugin_host_manifest::Capability;
use semver::{Version, VersionReq};
use std::cmp::Ordering;
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
        /// The version that this host has of it, or, where it has no such
        /// interface, of others in the package.
        has: String,
        /// The function in it that this host's version does not have; none where
        /// it is the whole interface that does not go together, or is not there.
        function: Option<String>,
    },
    /// The plugin was built for an older version of an interface.
    NeedsNewerPlugin {
        /// The interface with the version that the plugin was built for.
        wanted: String,
        /// The version that this host has.
        has: String,
    },
    /// The plugin and this host mean different types by one name.
    ///
    /// What differs in a type that several functions use is told of the first.
    OtherType {
        /// The interface, or the function at the level of the world: an import
        /// as the plugin names it, an export as the host does.
        item: String,
        /// The way from the function to what differs, such as
        /// `apply → param batch → element → product.price`.
        path: String,
        /// What it is in this application, such as `u64`.
        here: String,
        /// What it is in the plugin.
        plugin: String,
        /// Which side must move.
        remedy: Remedy,
    },
    /// The plugin is asynchronous, and this host calls plugins synchronously.
    NeedsAsyncHost {
        /// The interface that is, or that the function is in.
        interface: Option<String>,
        /// The function that is, or that takes or returns a stream or a future.
        function: Option<String>,
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
    /// There are more reasons than are kept.
    More {
        /// How many more.
        count: usize,
    },
}

/// Which side must move for two types to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Remedy {
    /// The application has an older version of the interface.
    UpgradeApplication,
    /// The plugin was built for an older version of the interface.
    UpgradePlugin,
    /// Both say that they have the same version, and one of them is wrong.
    Rebuild,
}

impl Remedy {
    /// For these versions of one interface.
    pub(super) fn between(plugin: Option<Version>, host: Option<Version>) -> Self {
        match plugin.cmp(&host) {
            Ordering::Less => Self::UpgradePlugin,
            Ordering::Equal => Self::Rebuild,
            Ordering::Greater => Self::UpgradeApplication,
        }
    }
}

impl Reason {
    /// Whether it says that a whole interface is of another version.
    pub(crate) fn is_of_another_version(&self) -> bool {
        matches!(
            self,
            Self::NeedsNewerPlugin { .. } | Self::NeedsNewerHost { function: None, .. }
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingImport { import } => write!(
                f,
                "it imports `{}`, which this application does not provide: \
                 use a plugin made for this application",
                Line(import)
            ),
            Self::MissingFunction { import, function } => write!(
                f,
                "it imports `{}` of `{}`, which this application does not provide: \
                 use a plugin made for this application",
                Line(function),
                Line(import)
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
                "it does not export `{function}` of `{export}`, which every plugin with that \
                 interface must: upgrade the plugin"
            ),
            Self::NeedsNewerHost {
                wanted,
                has,
                function: None,
            } => write!(
                f,
                "it needs `{}`, and this application has {}: upgrade the application",
                Line(wanted),
                Line(has)
            ),
            Self::NeedsNewerHost {
                wanted,
                has,
                function: Some(function),
            } => write!(
                f,
                "it needs `{}` of `{}`, and this application has {}: upgrade the application",
                Line(function),
                Line(wanted),
                Line(has)
            ),
            Self::NeedsNewerPlugin { wanted, has } => write!(
                f,
                "it was built for `{}`, and this application has {}: upgrade the plugin",
                Line(wanted),
                Line(has)
            ),
            Self::OtherType {
                item,
                path,
                here,
                plugin,
                remedy,
            } => write!(
                f,
                "in `{}`, {} is {} here and {} in the plugin: {remedy}",
                Line(item),
                Line(path),
                Line(here),
                Line(plugin)
            ),
            Self::NeedsAsyncHost {
                interface,
                function,
            } => {
                match (interface, function) {
                    (Some(interface), Some(function)) => {
                        write!(f, "its `{}` of `{}`", Line(function), Line(interface))
                    }
                    (Some(interface), None) => write!(f, "its import `{}`", Line(interface)),
                    (None, Some(function)) => write!(f, "its `{}`", Line(function)),
                    (None, None) => f.write_str("it"),
                }?;
                f.write_str(
                    " is asynchronous, and this host runs synchronous plugins: build it for \
                     WASI 0.2, without async functions, streams and futures",
                )
            }
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
                "it imports `{}`, which needs {purpose}, and that cannot be granted: use a \
                 plugin that does without, or build the host without `strict`",
                Line(import)
            ),
            Self::ImportNotGranted { import, purpose } => write!(
                f,
                "it imports `{}`, which needs {purpose}, and this host is strict: grant \
                 that, which its plugin.toml must ask for, or build the host without `strict`",
                Line(import)
            ),
            Self::More { count } => write!(f, "{count} more reasons"),
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UpgradeApplication => "upgrade the application",
            Self::UpgradePlugin => "upgrade the plugin",
            Self::Rebuild => "build the plugin against this application's WIT",
        })
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
