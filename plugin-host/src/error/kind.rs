//! The kinds of errors, and who is to blame for each.

use super::BoxError;
use super::limit_kind::LimitKind;
use super::trap::Trap;
use crate::binding::Binding;
use crate::compat::Reason;
use crate::component::ComponentError;
use crate::digest::Digest;
use crate::grant_error::GrantError;
use crate::policy_error::PolicyError;
use crate::release::Release;
use crate::shipped::ShippedError;
use plugin_host_manifest::{Capability, PluginId, PluginIdError, SourceError};
use semver::Version;
use std::path::PathBuf;
use std::time::Duration;

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Blame {
    /// The machine: a file that cannot be read, an engine that does not start.
    Environment,
    /// The application that embeds this library.
    Application,
    /// The plugin.
    Plugin,
    /// Neither alone: the plugin was made for another host than this, or is not
    /// the one that was granted something or locked.
    Mismatch,
}

/// Why one of several candidates of an id is preferred.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preference {
    /// The host's policy locks the plugin to it.
    Locked,
    /// It has the highest version.
    Higher(Version),
    /// It was found first.
    First,
}

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file or folder cannot be read.
    Io(std::io::Error),
    /// The process, or the machine, has no file descriptor left.
    Descriptors(std::io::Error),
    /// The engine does not work here, or did something that it should not.
    Engine(String),
    /// The file is not the one that was discovered.
    Changed {
        /// The digest of the bytes that are there now.
        found: Digest,
        /// The digest of the bytes that were discovered.
        expected: Digest,
    },
    /// A directory that the plugin was granted cannot be opened.
    Directory {
        /// The path at which the plugin would see it.
        guest: String,
        /// The path that was granted.
        path: PathBuf,
        /// Why it cannot be opened.
        error: std::io::Error,
    },

    /// A limit on fuel was asked of a host that does not meter.
    FuelNotMetered,
    /// This library was built without its compiler.
    NoCompiler,
    /// The application cancelled the load.
    LoadCancelled,
    /// What the application ships of the plugin compiled cannot be used, and this
    /// library was built without its compiler.
    Shipped(ShippedError),
    /// The function that makes an instance's state failed.
    State(BoxError),
    /// A function of the application that the plugin called failed.
    HostFunction(BoxError),
    /// What the application does itself with the plugin failed:
    /// [`Error::application`](crate::Error::application).
    Application(BoxError),
    /// A call was given a handle to a resource of another instance: that
    /// instance failed or was replaced, or is another plugin's.
    StaleHandle {
        /// The call that was not made, or the function of [`Lent`](crate::Lent).
        call: String,
        /// The resource's name in the WIT, or the Rust type for a function of
        /// [`Lent`](crate::Lent).
        resource: String,
    },
    /// A call takes or returns handles, and its instance would end with it.
    HandleInOneCall {
        /// The call that was not made.
        call: String,
    },
    /// Something cannot be granted, to whatever plugin.
    Grant(GrantError),
    /// The plugin is granted what it does not ask for.
    NotAsked(Vec<Capability>),
    /// A policy cannot be read or kept.
    Policy(PolicyError),
    /// The host loads locked plugins alone, and its policy does not lock this one.
    NotLocked,

    /// The bytes are no plugin.
    Component(ComponentError),
    /// The name of a component without a manifest cannot be an id.
    FileName(PluginIdError),
    /// The `plugin.toml` of a plugin folder cannot be used.
    ManifestFile(SourceError),
    /// A plugin folder holds no component, or several.
    ComponentFiles(usize),
    /// Another candidate has the same id.
    DuplicateId {
        /// The id that both have.
        id: PluginId,
        /// The file that keeps the id.
        kept: PathBuf,
        /// Why that one keeps it.
        why: Preference,
    },
    /// All instances of a pool were out for as long as was waited.
    PoolExhausted {
        /// How many the pool has.
        size: usize,
        /// How long it was.
        waited: Duration,
    },
    /// The engine refuses the component's code.
    Compile(String),
    /// A budget was used up.
    Limit {
        /// The call, or `start`.
        call: String,
        /// Which budget.
        limit: LimitKind,
        /// What it allows, in the limit's unit; milliseconds for the deadline.
        allowed: u64,
        /// What was asked for, where the budget knows.
        asked: Option<u64>,
    },
    /// The plugin panicked.
    Panic {
        /// The call, or `start`.
        call: String,
        /// The panic's message, as the plugin gave it.
        message: String,
        /// The place in the plugin's source: file, line and column.
        place: Option<(String, u32, u32)>,
    },
    /// The plugin's code failed without a panic.
    Trap {
        /// The call, or `start`.
        call: String,
        /// How it failed.
        trap: Trap,
    },
    /// The plugin ended itself through `wasi:cli/exit`.
    Exit {
        /// The call, or `start`.
        call: String,
        /// Whether it called that a success.
        success: bool,
    },
    /// The application cancelled the call.
    Cancelled {
        /// The call, or `start`.
        call: String,
    },
    /// The application's functions call plugins that call its functions, more
    /// than three deep.
    TooDeep {
        /// The call that was not made.
        call: String,
    },
    /// An earlier call under the same budget failed, by the plugin's fault or by
    /// a panic of the application's, and its instance is gone.
    InstanceFailed {
        /// The call that was not made.
        call: String,
    },
    /// A destructor that ran before a call failed, and the call was not made.
    BeforeCall {
        /// The call that was not made.
        call: String,
        /// How the destructor failed.
        failure: Box<ErrorKind>,
    },

    /// The policy grants something to a plugin of this id, which is another now.
    ///
    /// Neither side is at fault: plugins are upgraded, and consent to one is
    /// not consent to the next.
    GrantOutdated {
        /// What the grant is bound to.
        binding: Binding,
        /// The digest of the plugin that is there.
        found: Digest,
        /// What it asks for beyond what that one did; it widened where there is
        /// any.
        added: Vec<Capability>,
        /// What that one asked for beyond what it does.
        removed: Vec<Capability>,
    },
    /// The policy locks a plugin of this id, and this is another release of it.
    LockOutdated {
        /// The release that is locked.
        locked: Box<Release>,
        /// The release that is there.
        found: Box<Release>,
    },
    /// An adapter cannot have an older plugin do what is asked:
    /// [`Error::adapter`](crate::Error::adapter).
    Adapter {
        /// The world that the plugin was loaded as.
        world: &'static str,
        /// What the adapter says.
        error: BoxError,
    },
    /// The plugin does not fit this application.
    Unfit(Vec<Reason>),
    /// The engine does not link what the verdict found nothing against, which no
    /// plugin is known to bring about: report it.
    Types(String),
}

impl ErrorKind {
    /// What keeps a file or folder from being read.
    pub(crate) fn io(error: std::io::Error) -> Self {
        match error.raw_os_error() {
            Some(code) if is_shortage(code) => Self::Descriptors(error),
            _ => Self::Io(error),
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub fn blame(&self) -> Blame {
        match self {
            Self::Io(_)
            | Self::Descriptors(_)
            | Self::Engine(_)
            | Self::Changed { .. }
            | Self::Shipped(ShippedError::Io { .. } | ShippedError::Damaged { .. })
            | Self::Directory { .. }
            | Self::DuplicateId { .. }
            | Self::Grant(GrantError::NotSet { .. } | GrantError::NotUnicode { .. })
            | Self::Policy(PolicyError::Save(_)) => Blame::Environment,
            // Who calls on after a failure is the application.
            Self::FuelNotMetered
            | Self::NoCompiler
            | Self::LoadCancelled
            | Self::Shipped(_)
            | Self::State(_)
            | Self::HostFunction(_)
            | Self::Application(_)
            | Self::Grant(_)
            | Self::NotAsked(_)
            | Self::Policy(_)
            | Self::NotLocked
            | Self::Cancelled { .. }
            | Self::TooDeep { .. }
            | Self::StaleHandle { .. }
            | Self::HandleInOneCall { .. }
            | Self::InstanceFailed { .. }
            | Self::PoolExhausted { .. }
            | Self::Limit {
                limit: LimitKind::HostInstances | LimitKind::HostMemory | LimitKind::HostComponents,
                ..
            } => Blame::Application,
            Self::Component(_)
            | Self::FileName(_)
            | Self::ManifestFile(_)
            | Self::ComponentFiles(_)
            | Self::Compile(_)
            | Self::Limit { .. }
            | Self::Panic { .. }
            | Self::Trap { .. }
            | Self::Exit { .. } => Blame::Plugin,
            Self::BeforeCall { failure, .. } => failure.blame(),
            Self::GrantOutdated { .. }
            | Self::LockOutdated { .. }
            | Self::Adapter { .. }
            | Self::Unfit(_)
            | Self::Types(_) => Blame::Mismatch,
        }
    }

    pub(super) fn application_error(
        &self,
    ) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        match self {
            Self::State(error)
            | Self::HostFunction(error)
            | Self::Application(error)
            | Self::Adapter { error, .. } => Some(&**error),
            Self::BeforeCall { failure, .. } => failure.application_error(),
            _ => None,
        }
    }
}

/// Whether the system says by this that it has no file descriptor left.
pub(super) fn is_shortage(code: i32) -> bool {
    #[cfg(unix)]
    let shortage = matches!(code, libc::EMFILE | libc::ENFILE);
    // On Windows, `ERROR_TOO_MANY_OPEN_FILES`.
    #[cfg(not(unix))]
    let shortage = code == 4;
    shortage
}
