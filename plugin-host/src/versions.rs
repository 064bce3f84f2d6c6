//! The versions of a world that an application serves side by side, and which of
//! them a plugin is loaded as. Converts nothing: that is the adapters' part.

use crate::any_plugin::AnyPlugin;
use crate::blueprint::{InstanceContext, MakeState};
use crate::compat::Reason;
use crate::error::{BoxError, Error, ErrorKind};
use crate::judge::Judge;
use crate::lazy::Lazy;
use crate::loader::Loader;
use crate::pool::Pool;
use crate::world::World;
use plugin_host_manifest::Capabilities;
use std::sync::Arc;

/// The versions of a world that an application serves side by side, the
/// preferred one first. All are called as `C`: most often the trait `Calls` that
/// [`world!`](crate::world!) makes of an interface of the newest version.
///
/// A plugin of the newest version answers by itself. For an older one the
/// application writes one adapter: that trait, implemented for the older world.
///
/// ```
/// use plugin_host::{Error, Host, Versions};
///
/// mod v1 {
///     plugin_host::world! {
///         inline: "
///             package acme:shop@0.1.0;
///             interface discount { apply: func(price: u32) -> u32; }
///             world plugin { export discount; }",
///     }
/// }
///
/// mod v2 {
///     plugin_host::world! {
///         inline: "
///             package acme:shop@0.2.0;
///             interface discount {
///                 record price { cents: u32, currency: string }
///                 apply: func(price: price) -> price;
///             }
///             world plugin { export discount; }",
///     }
/// }
///
/// use v2::discount::{Calls, Price};
///
/// // The adapter: what 0.1 does not know stays as it is.
/// impl Calls for v1::ShopPlugin {
///     fn apply(&mut self, price: &Price) -> Result<Price, Error> {
///         let cents = self.discount().apply(price.cents)?;
///         Ok(Price { cents, ..price.clone() })
///     }
/// }
///
/// fn price(host: &Host, mut price: Price) -> Result<Price, Error> {
///     let versions = Versions::<dyn Calls>::newest::<v2::ShopPlugin>(|plugin| plugin)
///         .older::<v1::ShopPlugin>(|plugin| plugin);
///     for candidate in host.discover("plugins") {
///         let mut plugin = versions.load(host.plugin(&candidate?))?;
///         price = plugin.calls().apply(&price)?;
///     }
///     Ok(price)
/// }
/// # fn main() {}
/// ```
///
/// What plugins import is served by each version's own traits, which one state
/// can implement.
///
/// What tells versions apart is what a plugin must export: interfaces that it may
/// leave out are taken for absent where they are of another version.
pub struct Versions<C: ?Sized> {
    newest: Arc<dyn Served<C>>,
    older: Vec<Arc<dyn Served<C>>>,
}

impl<C: ?Sized + 'static> Versions<C> {
    /// Serves the version that is preferred, with the default of its state.
    ///
    /// `calls` gives the world as what is called: `|plugin| plugin`, if it
    /// implements the trait.
    #[must_use]
    pub fn newest<W: World<State: Default>>(calls: fn(&mut W) -> &mut C) -> Self {
        Self::newest_with(calls, |_| Ok(W::State::default()))
    }

    /// Serves the version that is preferred, with a state that `make_state` makes,
    /// as with [`Loader::load_with`].
    #[must_use]
    pub fn newest_with<W: World>(
        calls: fn(&mut W) -> &mut C,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            newest: ServedAs::shared(calls, make_state),
            older: Vec::new(),
        }
    }

    /// Serves another version, for plugins that fit none of those before it, with
    /// the default of its state.
    #[must_use]
    pub fn older<W: World<State: Default>>(self, calls: fn(&mut W) -> &mut C) -> Self {
        self.older_with(calls, |_| Ok(W::State::default()))
    }

    /// The same, with a state that `make_state` makes, as with
    /// [`Loader::load_with`].
    #[must_use]
    pub fn older_with<W: World>(
        mut self,
        calls: fn(&mut W) -> &mut C,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
    ) -> Self {
        self.older.push(ServedAs::shared(calls, make_state));
        self
    }

    /// Every reason why the candidate fits none of the versions; none where it
    /// fits one. Compiles nothing.
    ///
    /// The reasons are those against the version that is nearest to what it was
    /// built for, by how many interfaces are of another one.
    #[must_use]
    pub fn reasons(&self, judge: &Judge) -> Vec<Reason> {
        self.route(judge).err().unwrap_or_default()
    }

    /// What a candidate is granted, if it may run as any of the versions.
    ///
    /// # Errors
    ///
    /// When it fits none, and as [`Judge::judge`].
    pub fn judge(&self, judge: &Judge) -> Result<Capabilities, Error> {
        self.fitting(judge)?.judge(judge)
    }

    /// Loads a candidate as the first version that it fits.
    ///
    /// # Errors
    ///
    /// When it fits none, and as [`Loader::load`].
    pub fn load(&self, loader: Loader) -> Result<AnyPlugin<C>, Error> {
        self.fitting(loader.judge())?.load(loader)
    }

    /// Judges a candidate now, and loads it, as the first version that it fits,
    /// when it is first needed.
    ///
    /// # Errors
    ///
    /// When it fits none, and as [`Loader::lazy`].
    pub fn lazy(&self, loader: Loader) -> Result<Lazy<AnyPlugin<C>>, Error> {
        self.fitting(loader.judge())?.lazy(loader)
    }

    /// Judges a candidate now, and makes a pool of at most `size` instances of it as the
    /// first version that it fits.
    ///
    /// It is compiled when an instance is first needed, or by [`Pool::prepare`].
    ///
    /// # Errors
    ///
    /// When it fits none, and as [`Loader::lazy`].
    pub fn pool(&self, loader: Loader, size: usize) -> Result<Pool<AnyPlugin<C>>, Error> {
        self.fitting(loader.judge())?.pool(loader, size)
    }

    fn fitting(&self, judge: &Judge) -> Result<&dyn Served<C>, Error> {
        // What the policy says comes before what fits, as with one version.
        judge.granted()?;
        let unfit = |reasons| judge.candidate().error(ErrorKind::Unfit(reasons));
        self.route(judge).map_err(unfit)
    }

    fn route(&self, judge: &Judge) -> Result<&dyn Served<C>, Vec<Reason>> {
        let mut against = Vec::new();
        for version in std::iter::once(&self.newest).chain(&self.older) {
            let reasons = version.reasons(judge);
            if reasons.is_empty() {
                return Ok(&**version);
            }
            against.push(reasons);
        }
        let other_versions = |reasons: &Vec<Reason>| {
            let reasons = reasons.iter();
            reasons
                .filter(|reason| reason.is_of_another_version())
                .count()
        };
        let nearest = (0..against.len()).min_by_key(|at| other_versions(&against[*at]));
        let nearest = nearest.expect("one is served at least");
        Err(against.swap_remove(nearest))
    }
}

impl<C: ?Sized> Clone for Versions<C> {
    fn clone(&self) -> Self {
        Self {
            newest: Arc::clone(&self.newest),
            older: self.older.clone(),
        }
    }
}

impl<C: ?Sized> std::fmt::Debug for Versions<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let versions = std::iter::once(&self.newest).chain(&self.older);
        f.debug_list()
            .entries(versions.map(|version| version.world()))
            .finish()
    }
}

/// A version whose world is not named any more.
trait Served<C: ?Sized>: Send + Sync {
    fn world(&self) -> &'static str;
    fn reasons(&self, judge: &Judge) -> Vec<Reason>;
    fn judge(&self, judge: &Judge) -> Result<Capabilities, Error>;
    fn load(&self, loader: Loader) -> Result<AnyPlugin<C>, Error>;
    fn lazy(&self, loader: Loader) -> Result<Lazy<AnyPlugin<C>>, Error>;
    fn pool(&self, loader: Loader, size: usize) -> Result<Pool<AnyPlugin<C>>, Error>;
}

struct ServedAs<W: World, C: ?Sized> {
    calls: fn(&mut W) -> &mut C,
    make_state: Arc<MakeState<W::State>>,
}

impl<W: World, C: ?Sized + 'static> ServedAs<W, C> {
    fn shared(
        calls: fn(&mut W) -> &mut C,
        make_state: impl Fn(InstanceContext) -> Result<W::State, BoxError> + Send + Sync + 'static,
    ) -> Arc<dyn Served<C>> {
        let make_state = Arc::new(make_state);
        Arc::new(Self { calls, make_state })
    }
}

impl<W: World, C: ?Sized + 'static> Served<C> for ServedAs<W, C> {
    fn world(&self) -> &'static str {
        W::NAME
    }

    fn reasons(&self, judge: &Judge) -> Vec<Reason> {
        judge.reasons::<W>()
    }

    fn judge(&self, judge: &Judge) -> Result<Capabilities, Error> {
        judge.judge::<W>()
    }

    fn load(&self, loader: Loader) -> Result<AnyPlugin<C>, Error> {
        let make_state = Arc::clone(&self.make_state);
        let plugin = loader.load_with::<W>(move |context| make_state(context))?;
        Ok(AnyPlugin::new(plugin, self.calls))
    }

    fn lazy(&self, loader: Loader) -> Result<Lazy<AnyPlugin<C>>, Error> {
        let (calls, make_state) = (self.calls, Arc::clone(&self.make_state));
        loader.lazy_as::<W, _>(
            move |context| make_state(context),
            move |plugin| AnyPlugin::new(plugin, calls),
        )
    }

    fn pool(&self, loader: Loader, size: usize) -> Result<Pool<AnyPlugin<C>>, Error> {
        let (calls, make_state) = (self.calls, Arc::clone(&self.make_state));
        let id = loader.candidate().id().clone();
        let from = loader.when_needed::<W, _>(
            move |context| make_state(context),
            move |plugin| AnyPlugin::new(plugin, calls),
        )?;
        Ok(Pool::of_any(id, from, size))
    }
}
