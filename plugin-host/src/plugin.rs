//! One live plugin, as the application holds it.

use crate::error::Error;
use crate::live::Live;
use crate::meter::Canceller;
use crate::services::Output;
use crate::usage::Usage;
use crate::world::World;
use plugin_host_manifest::{Capabilities, PluginId};
use semver::Version;
use std::ops::{Deref, DerefMut};

/// One live plugin. The world's exports are its methods.
///
/// Every call runs under the plugin's [`Limits`](crate::Limits). Where one
/// fails, its instance is thrown away, and the next call gets a fresh one: the
/// value keeps working.
///
/// What this type itself offers are associated functions, as with `Rc`, so that
/// a world may export any name: `Plugin::last_usage(&plugin)`.
pub struct Plugin<W: World>(W);

impl<W: World> Plugin<W> {
    pub(crate) fn new(world: W) -> Self {
        Self(world)
    }

    /// The plugin's id.
    #[must_use]
    pub fn id(plugin: &Self) -> &PluginId {
        &plugin.0.live().blueprint().id
    }

    /// The plugin's version, where it has a manifest.
    #[must_use]
    pub fn version(plugin: &Self) -> Option<&Version> {
        plugin.0.live().blueprint().version.as_ref()
    }

    /// What it was granted.
    #[must_use]
    pub fn granted(plugin: &Self) -> Capabilities {
        plugin.0.live().blueprint().grants.capabilities()
    }

    /// What the last call used, failed ones included.
    #[must_use]
    pub fn last_usage(plugin: &Self) -> Usage {
        plugin.0.live().last_usage()
    }

    /// What all calls used together; starting is not counted.
    #[must_use]
    pub fn total_usage(plugin: &Self) -> Usage {
        plugin.0.live().total_usage()
    }

    /// What the plugin wrote last, whichever of its instances did.
    #[must_use]
    pub fn output(plugin: &Self) -> Output {
        plugin.0.live().output().snapshot()
    }

    /// What ends the next call from any thread, or the next
    /// [`under_one_budget`](Self::under_one_budget) as a whole. Take one for each.
    ///
    /// It belongs to that call and to no later one, whoever makes it: cancelling
    /// before the call begins ends it soon after it begins, and cancelling after it
    /// ended does nothing. A start of an instance that the call needs, and
    /// [`drop_resources`](Self::drop_resources), are ended likewise.
    ///
    /// ```
    /// use plugin_host::{ErrorKind, Plugin};
    /// use std::time::Duration;
    ///
    /// plugin_host::world! {
    ///     inline: "package acme:shop; world report { export write: func() -> string; }",
    /// }
    ///
    /// fn or_nothing(plugin: &mut Plugin<ShopReport>) -> Result<String, plugin_host::Error> {
    ///     let canceller = Plugin::canceller(plugin);
    ///     std::thread::spawn(move || {
    ///         std::thread::sleep(Duration::from_secs(2)); // until somebody is tired of it
    ///         canceller.cancel();
    ///     });
    ///     match plugin.write() {
    ///         Err(error) if matches!(error.kind(), ErrorKind::Cancelled { .. }) => Ok(String::new()),
    ///         written => written,
    ///     }
    /// }
    /// # fn main() {}
    /// ```
    #[must_use]
    pub fn canceller(plugin: &Self) -> Canceller {
        plugin.0.live().canceller()
    }

    /// Has earlier cancellers end no call of whoever has the plugin from now on.
    pub(crate) fn forget_cancellers(plugin: &Self) {
        plugin.0.live().forget_cancellers();
    }

    /// The application's state in the instance that the next call goes to.
    ///
    /// # Errors
    ///
    /// When a fresh instance is needed for that, and does not start.
    pub fn state(plugin: &mut Self) -> Result<&mut W::State, Error> {
        plugin.0.live_mut().state()
    }

    /// Makes several calls under one budget, and on one instance.
    ///
    /// ```
    /// use plugin_host::{Error, Plugin};
    ///
    /// plugin_host::world! {
    ///     inline: "
    ///         package acme:shop;
    ///         world cart {
    ///             export add: func(item: string);
    ///             export total: func() -> u32;
    ///         }",
    /// }
    ///
    /// fn price_of_tea(plugin: &mut Plugin<ShopCart>) -> Result<u32, Error> {
    ///     Plugin::under_one_budget(plugin, |cart| {
    ///         cart.add("tea")?;
    ///         cart.total()
    ///     })?
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// After a call in it fails, the others in it are not made.
    ///
    /// # Errors
    ///
    /// When an instance is needed and does not start. What the calls return is
    /// for the closure to hand on.
    pub fn under_one_budget<R>(
        plugin: &mut Self,
        calls: impl FnOnce(&mut W) -> R,
    ) -> Result<R, Error> {
        Live::scope(&mut plugin.0, W::live_mut, calls)
    }

    /// Ends the resources whose handles were dropped.
    ///
    /// The destructors of the plugin's own otherwise run before the next call; what
    /// was lent by a dropped [`Lent`](crate::Lent) ends when something is lent again.
    ///
    /// ```
    /// use plugin_host::{Error, Plugin};
    ///
    /// plugin_host::world! {
    ///     inline: "
    ///         package acme:shop;
    ///         interface carts {
    ///             resource cart {
    ///                 constructor(owner: string);
    ///                 add: func(item: string);
    ///             }
    ///             total: func(carts: list<borrow<cart>>) -> u32;
    ///         }
    ///         world shopping { export carts; }",
    /// }
    ///
    /// fn price_of_tea(plugin: &mut Plugin<ShopShopping>) -> Result<u32, Error> {
    ///     let cart = plugin.carts().cart().new("Ann")?;
    ///     plugin.carts().cart().add(&cart, "tea")?;
    ///     let total = plugin.carts().total(&[&cart])?;
    ///     drop(cart);
    ///     Plugin::drop_resources(plugin)?;
    ///     Ok(total)
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// Destructors share one budget, as large as a call's, and count as one call in
    /// [`Usage`]. Under [`under_one_budget`](Self::under_one_budget) they run
    /// on that budget.
    ///
    /// # Errors
    ///
    /// When a destructor fails. The instance is thrown away then, as after a
    /// call, and with it all of its resources.
    pub fn drop_resources(plugin: &mut Self) -> Result<(), Error> {
        plugin.0.live_mut().run_destructors(None)
    }
}

impl<W: World> Deref for Plugin<W> {
    type Target = W;

    fn deref(&self) -> &W {
        &self.0
    }
}

impl<W: World> DerefMut for Plugin<W> {
    fn deref_mut(&mut self) -> &mut W {
        &mut self.0
    }
}

impl<W: World> std::fmt::Debug for Plugin<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin")
            .field("world", &W::NAME)
            .field("id", Self::id(self))
            .field("version", &Self::version(self))
            .finish_non_exhaustive()
    }
}
