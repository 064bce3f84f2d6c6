//! One live plugin of whichever version, as the application holds it.

use crate::error::Error;
use crate::meter::Canceller;
use crate::plugin::Plugin;
use crate::services::Output;
use crate::usage::Usage;
use crate::world::World;
use plugin_host_manifest::{Capabilities, PluginId};
use semver::Version;

/// One live plugin of any of the versions that the application serves; made by
/// [`Versions::load`](crate::Versions::load), or of a plain value by
/// [`NativePlugin`](crate::NativePlugin).
///
/// Its functions are behind [`calls`](Self::calls); the rest is as with
/// [`Plugin`].
pub struct AnyPlugin<C: ?Sized>(Box<dyn Routed<C>>);

impl<C: ?Sized + 'static> AnyPlugin<C> {
    pub(crate) fn new<W: World>(plugin: Plugin<W>, calls: fn(&mut W) -> &mut C) -> Self {
        Self(Box::new(Route { plugin, calls }))
    }

    pub(crate) fn routed(routed: impl Routed<C> + 'static) -> Self {
        Self(Box::new(routed))
    }

    /// The plugin's functions: its own, or the adapter's in front of them.
    pub fn calls(&mut self) -> &mut C {
        self.0.calls()
    }

    /// The world that it was loaded as, such as `acme:shop/plugin@0.1.0`.
    #[must_use]
    pub fn world(&self) -> &'static str {
        self.0.world()
    }

    /// The plugin's id.
    #[must_use]
    pub fn id(&self) -> &PluginId {
        self.0.id()
    }

    /// The plugin's version, where it has a manifest.
    #[must_use]
    pub fn version(&self) -> Option<&Version> {
        self.0.version()
    }

    /// What it was granted.
    #[must_use]
    pub fn granted(&self) -> Capabilities {
        self.0.granted()
    }

    /// What the last call used, failed ones included. Where the adapter makes
    /// several of one, it is the last of these.
    #[must_use]
    pub fn last_usage(&self) -> Usage {
        self.0.last_usage()
    }

    /// What all calls used together; starting is not counted.
    #[must_use]
    pub fn total_usage(&self) -> Usage {
        self.0.total_usage()
    }

    /// What the plugin wrote last, whichever of its instances did.
    #[must_use]
    pub fn output(&self) -> Output {
        self.0.output()
    }

    /// What ends the next call, from any thread, as [`Plugin::canceller`].
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        self.0.canceller()
    }

    /// Has earlier cancellers end no call of whoever has the plugin from now on.
    pub(crate) fn forget_cancellers(&self) {
        self.0.forget_cancellers();
    }

    /// Makes several calls under one budget, and on one instance, as
    /// [`Plugin::under_one_budget`].
    ///
    /// # Errors
    ///
    /// When an instance is needed and does not start.
    pub fn under_one_budget<R>(&mut self, calls: impl FnOnce(&mut C) -> R) -> Result<R, Error> {
        let (mut calls, mut made) = (Some(calls), None);
        self.0.under_one_budget(&mut |plugin| {
            made = calls.take().map(|calls| calls(plugin));
        })?;
        Ok(made.expect("what is given is called once"))
    }
}

impl<C: ?Sized + 'static> std::fmt::Debug for AnyPlugin<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnyPlugin")
            .field("world", &self.world())
            .field("id", self.id())
            .field("version", &self.version())
            .finish_non_exhaustive()
    }
}

/// A plugin of a world that is not named any more.
pub(crate) trait Routed<C: ?Sized>: Send {
    fn calls(&mut self) -> &mut C;
    fn under_one_budget(&mut self, calls: &mut dyn FnMut(&mut C)) -> Result<(), Error>;
    fn world(&self) -> &'static str;
    fn id(&self) -> &PluginId;
    fn version(&self) -> Option<&Version>;
    fn granted(&self) -> Capabilities;
    fn last_usage(&self) -> Usage;
    fn total_usage(&self) -> Usage;
    fn output(&self) -> Output;
    fn canceller(&self) -> Canceller;
    fn forget_cancellers(&self);
}

struct Route<W: World, C: ?Sized> {
    plugin: Plugin<W>,
    calls: fn(&mut W) -> &mut C,
}

impl<W: World, C: ?Sized> Routed<C> for Route<W, C> {
    fn calls(&mut self) -> &mut C {
        (self.calls)(&mut self.plugin)
    }

    fn under_one_budget(&mut self, calls: &mut dyn FnMut(&mut C)) -> Result<(), Error> {
        let of = self.calls;
        Plugin::under_one_budget(&mut self.plugin, |world| calls(of(world)))
    }

    fn world(&self) -> &'static str {
        W::NAME
    }

    fn id(&self) -> &PluginId {
        Plugin::id(&self.plugin)
    }

    fn version(&self) -> Option<&Version> {
        Plugin::version(&self.plugin)
    }

    fn granted(&self) -> Capabilities {
        Plugin::granted(&self.plugin)
    }

    fn last_usage(&self) -> Usage {
        Plugin::last_usage(&self.plugin)
    }

    fn total_usage(&self) -> Usage {
        Plugin::total_usage(&self.plugin)
    }

    fn output(&self) -> Output {
        Plugin::output(&self.plugin)
    }

    fn canceller(&self) -> Canceller {
        Plugin::canceller(&self.plugin)
    }

    fn forget_cancellers(&self) {
        Plugin::forget_cancellers(&self.plugin);
    }
}
