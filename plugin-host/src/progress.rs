//! Tells the application what discovering and loading are at. Decides nothing.

use crate::error::Error;
use plugin_host_manifest::PluginId;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// What discovering and loading are at; see
/// [`HostBuilder::progress`](crate::HostBuilder::progress).
///
/// Told on the thread that does it, and so by several at once: `done` may then
/// come out of order.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// [`Host::discover_in`](crate::Host::discover_in) has looked at so many
    /// files and folders.
    Discovering {
        /// How many it has looked at.
        done: usize,
        /// How many there are.
        of: usize,
    },
    /// A plugin is given to the compiler now, which may take long. Those that
    /// wait for their turn are not told.
    Compiling {
        /// Which plugin.
        plugin: &'a PluginId,
        /// The size of its component.
        bytes: u64,
    },
    /// A plugin is loaded.
    Loaded {
        /// Which plugin.
        plugin: &'a PluginId,
        /// Where its code is from.
        code: CodeOrigin,
        /// How long it took from the verdict on, waiting included.
        time: Duration,
    },
    /// Something was refused, by discovering or by
    /// [`Host::load_all`](crate::Host::load_all). Who loads one plugin gets its
    /// error, and it is not told.
    Refused {
        /// Why.
        error: &'a Error,
    },
    /// [`Host::load_all`](crate::Host::load_all) is through with so many,
    /// whether they were loaded or refused.
    Loading {
        /// How many it is through with.
        done: usize,
        /// How many it was given.
        of: usize,
    },
}

/// Where a plugin's code is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeOrigin {
    /// It was compiled now.
    Compiled,
    /// It was compiled before, and kept.
    Stored,
    /// A plugin of the same host that is loaded has the same bytes.
    Shared,
}

/// Who is told of progress, if anybody.
#[derive(Clone, Default)]
pub(crate) struct Watcher(Option<Arc<Watch>>);

type Watch = dyn Fn(Progress<'_>) + Send + Sync;

impl Watcher {
    pub(crate) fn new(watch: impl Fn(Progress<'_>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(watch)))
    }

    /// A panic of the application's is no reason to lose a plugin.
    pub(crate) fn tell(&self, progress: Progress<'_>) {
        if let Some(watch) = &self.0 {
            let _ = catch_unwind(AssertUnwindSafe(|| watch(progress)));
        }
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "told" } else { "not told" })
    }
}
