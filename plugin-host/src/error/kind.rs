//! The kinds of errors, the words for each, and who is to blame.

use super::BoxError;
use super::grants::{explain_not_asked, explain_outdated};
use super::limit_kind::LimitKind;
use super::one_line::one_line;
use super::trap::Trap;
use crate::binding::Binding;
use crate::compat::Reason;
use crate::component::ComponentError;
use crate::digest::Digest;
use crate::grant_error::GrantError;
use crate::policy_error::PolicyError;
use plugin_host_manifest::{Capability, PluginId, PluginIdError, SourceError};
use std::fmt;
use std::path::PathBuf;

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
    /// the one that was granted something.
    Mismatch,
}

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file or folder cannot be read.
    Io(std::io::Error),
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
    /// The function that makes an instance's state failed.
    State(BoxError),
    /// A function of the application that the plugin called failed.
    HostFunction(BoxError),
    /// A call was given a handle to a resource of another instance: that
    /// instance failed or was replaced, or is another plugin's.
    StaleHandle {
        /// The call that was not made.
        call: String,
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
        /// The file that came first, and keeps the id.
        first: PathBuf,
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
    /// The plugin does not fit this application.
    Unfit(Vec<Reason>),
    /// The engine does not link what the verdict found nothing against, which no
    /// plugin is known to bring about: report it.
    Types(String),
}

impl ErrorKind {
    /// Whose fault it is.
    #[must_use]
    pub fn blame(&self) -> Blame {
        match self {
            Self::Io(_)
            | Self::Engine(_)
            | Self::Changed { .. }
            | Self::Directory { .. }
            | Self::Grant(GrantError::NotSet { .. } | GrantError::NotUnicode { .. })
            | Self::Policy(PolicyError::Save(_)) => Blame::Environment,
            // Who calls on after a failure is the application.
            Self::FuelNotMetered
            | Self::NoCompiler
            | Self::State(_)
            | Self::HostFunction(_)
            | Self::Grant(_)
            | Self::NotAsked(_)
            | Self::Policy(_)
            | Self::Cancelled { .. }
            | Self::TooDeep { .. }
            | Self::StaleHandle { .. }
            | Self::HandleInOneCall { .. }
            | Self::InstanceFailed { .. }
            | Self::Limit {
                limit: LimitKind::HostInstances | LimitKind::HostMemory,
                ..
            } => Blame::Application,
            Self::Component(_)
            | Self::FileName(_)
            | Self::ManifestFile(_)
            | Self::ComponentFiles(_)
            | Self::DuplicateId { .. }
            | Self::Compile(_)
            | Self::Limit { .. }
            | Self::Panic { .. }
            | Self::Trap { .. }
            | Self::Exit { .. } => Blame::Plugin,
            Self::BeforeCall { failure, .. } => failure.blame(),
            Self::GrantOutdated { .. } | Self::Unfit(_) | Self::Types(_) => Blame::Mismatch,
        }
    }

    pub(super) fn application_error(
        &self,
    ) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        match self {
            Self::State(error) | Self::HostFunction(error) => Some(&**error),
            Self::BeforeCall { failure, .. } => failure.application_error(),
            _ => None,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot read it: {error}"),
            Self::Engine(detail) => write!(f, "the engine failed: {detail}"),
            Self::Changed { found, expected } => write!(
                f,
                "the file changed after it was discovered, from {expected} to {found}: \
                 discover it again"
            ),
            Self::Directory { guest, path, error } => write!(
                f,
                "cannot open the directory `{}` that it was granted as `{}`: {error}",
                one_line(&path.display().to_string()),
                one_line(guest)
            ),
            Self::FuelNotMetered => f.write_str(
                "its limits name fuel, and this host does not meter: \
                 name fuel in the limits of `HostBuilder` too",
            ),
            Self::NoCompiler => f.write_str(
                "this application was built without a compiler: \
                 turn on the feature `compile` of plugin-host",
            ),
            // What failed follows in the chain of sources.
            Self::State(_) => f.write_str("the application could not make the plugin's state"),
            Self::HostFunction(_) => {
                f.write_str("a function of the application that the plugin called failed")
            }
            Self::StaleHandle { call } => write!(
                f,
                "`{call}` was not called, since a handle that it was given is of another \
                 instance, which failed or was replaced, or of another plugin: make a new one"
            ),
            Self::HandleInOneCall { call } => write!(
                f,
                "`{call}` was not called, since it takes or returns handles, and \
                 `Lifetime::OneCall` ends them with the call: use `Plugin::under_one_budget`"
            ),
            Self::Grant(error) => f.write_str(&one_line(&error.to_string())),
            Self::NotAsked(beyond) => explain_not_asked(f, beyond),
            Self::Policy(error) => f.write_str(&one_line(&error.to_string())),
            Self::Component(error) => f.write_str(&one_line(&error.to_string())),
            Self::FileName(error) => write!(
                f,
                "it has no manifest, and its file name cannot be its id: {error}"
            ),
            Self::ManifestFile(error) => {
                write!(f, "plugin.toml: {}", one_line(&error.to_string()))
            }
            Self::ComponentFiles(0) => f.write_str(
                "the folder has a plugin.toml and no component: put the built .wasm file there",
            ),
            Self::ComponentFiles(count) => write!(
                f,
                "the folder has {count} components, and a plugin is one: remove the others"
            ),
            Self::DuplicateId { id, first } => write!(
                f,
                "its id `{id}` is taken by `{}`: remove one of the two",
                one_line(&first.display().to_string())
            ),
            Self::Compile(detail) => write!(
                f,
                "its code is not accepted, rebuild it for wasm32-wasip2: {}",
                one_line(detail)
            ),
            Self::Limit {
                call,
                limit,
                allowed,
                asked,
            } => limit.explain(f, call, *allowed, *asked),
            Self::Panic {
                call,
                message,
                place,
            } => {
                write!(f, "`{call}` panicked")?;
                if let Some((file, line, column)) = place {
                    write!(f, " at {}:{line}:{column}", one_line(file))?;
                }
                write!(f, ": {}; report this to its author", one_line(message))
            }
            Self::Trap { call, trap } => {
                write!(f, "`{call}` {trap}; report this to its author")
            }
            Self::Exit { call, success } => write!(
                f,
                "`{call}` ended the plugin with {}, and a plugin is to return; \
                 report this to its author",
                if *success { "success" } else { "failure" }
            ),
            Self::Cancelled { call } => write!(f, "`{call}` was cancelled by the application"),
            Self::TooDeep { call } => write!(
                f,
                "`{call}` was not called, since functions of the application call plugins more \
                 than three deep: have them call fewer, or on a thread of their own"
            ),
            Self::InstanceFailed { call } => write!(
                f,
                "`{call}` was not called, since an earlier call under the same budget failed"
            ),
            Self::BeforeCall { call, failure } => write!(
                f,
                "{failure}; this ran before `{call}`, which was not called: call it again"
            ),
            Self::GrantOutdated {
                binding,
                found,
                added,
                removed,
            } => explain_outdated(f, binding, found, added, removed),
            Self::Unfit(reasons) => {
                const SHOWN: usize = 10;
                let shown = reasons.iter().take(SHOWN);
                let shown: Vec<String> = shown.map(|r| one_line(&r.to_string())).collect();
                f.write_str(&shown.join("; "))?;
                let more = reasons.iter().skip(SHOWN).map(|reason| match reason {
                    Reason::More { count } => *count,
                    _ => 1,
                });
                match more.sum::<usize>() {
                    0 => Ok(()),
                    more => write!(f, "; and {more} more"),
                }
            }
            Self::Types(detail) => write!(
                f,
                "its interface has the names of this application's and other types, \
                 use a version made for this application: {}",
                one_line(detail)
            ),
        }
    }
}
