//! Which budget a call used up, and the words for each.

use std::fmt;
use std::time::Duration;

/// Which budget was used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitKind {
    /// [`Limits::fuel`](crate::Limits::fuel).
    Fuel,
    /// [`Limits::deadline`](crate::Limits::deadline).
    Deadline,
    /// [`Limits::memory`](crate::Limits::memory).
    Memory,
    /// [`Limits::table_elements`](crate::Limits::table_elements).
    TableElements,
    /// [`Limits::memories`](crate::Limits::memories).
    Memories,
    /// [`Limits::instances`](crate::Limits::instances).
    Instances,
    /// [`Limits::handles`](crate::Limits::handles).
    Handles,
    /// [`Limits::host_calls`](crate::Limits::host_calls).
    HostCalls,
    /// [`Limits::value`](crate::Limits::value).
    Value,
    /// [`HostLimits::instances`](crate::HostLimits::instances): all plugins
    /// together have too many.
    HostInstances,
    /// [`HostLimits::memory`](crate::HostLimits::memory): all plugins together
    /// have too much.
    HostMemory,
    /// The host's [pool](crate::Allocation::Pooled): all plugins together have too
    /// many memories or tables for it.
    HostPool,
    /// [`HostLimits::components`](crate::HostLimits::components): all plugins
    /// together are of too many components.
    HostComponents,
}

impl LimitKind {
    /// The words for a call that used the budget up.
    pub(super) fn explain(
        self,
        f: &mut fmt::Formatter<'_>,
        call: &str,
        allowed: u64,
        asked: Option<u64>,
    ) -> fmt::Result {
        let at_once = asked;
        let asked = asked.unwrap_or(allowed);
        match self {
            Self::Fuel => write!(
                f,
                "`{call}` used up its fuel of {allowed} instructions; \
                 it may loop: report this to its author, or allow more fuel"
            ),
            Self::Deadline => write!(
                f,
                "`{call}` ran past its deadline of {:?}; \
                 it may loop or wait: report this to its author, or allow more time",
                Duration::from_millis(allowed)
            ),
            Self::Memory => write!(
                f,
                "`{call}` asked for {asked} bytes of memory, and {allowed} are allowed; \
                 report this to its author, or allow more memory"
            ),
            Self::TableElements => write!(
                f,
                "`{call}` asked for {asked} table elements, and {allowed} are allowed; \
                 report this to its author, or allow more"
            ),
            Self::Memories => write!(
                f,
                "`{call}` would make more than {allowed} memories; \
                 report this to its author, or allow more"
            ),
            Self::Instances => write!(
                f,
                "`{call}` would make more than {allowed} core instances or tables; \
                 report this to its author, or allow more"
            ),
            Self::Handles => write!(
                f,
                "`{call}` held more than {allowed} resource handles; \
                 it may leak them: report this to its author, or allow more"
            ),
            Self::HostCalls => write!(
                f,
                "`{call}` called the host more than {allowed} times; \
                 it may loop: report this to its author, or allow more calls"
            ),
            Self::Value => {
                write!(f, "`{call}` handed over or asked for ")?;
                match at_once {
                    Some(asked) => write!(f, "{asked} bytes at once, and {allowed} are allowed")?,
                    None => write!(f, "more than {allowed} bytes at once")?,
                }
                f.write_str("; report this to its author, or allow larger values")
            }
            Self::HostInstances => write!(
                f,
                "`{call}` would make {asked} instances alive in this host, and {allowed} are \
                 allowed; drop plugins that are not needed, or allow more in `HostLimits`"
            ),
            Self::HostMemory => write!(
                f,
                "`{call}` would make {asked} bytes of memory over all plugins of this host, and \
                 {allowed} are allowed; drop plugins that are not needed, or allow more in \
                 `HostLimits`"
            ),
            Self::HostPool => write!(
                f,
                "`{call}` found the memories or tables used up that this host has for {allowed} \
                 instances; drop plugins that are not needed, or allow more instances in \
                 `HostLimits`"
            ),
            Self::HostComponents => write!(
                f,
                "`{call}` would make {asked} components loaded in this host, and {allowed} are \
                 allowed; drop plugins that are not needed, load them when they are, with \
                 `Loader::lazy`, or allow more in `HostLimits`"
            ),
        }
    }
}
