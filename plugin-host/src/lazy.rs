//! A plugin that is loaded when it is first needed. Judges nothing: that was done
//! before.

use crate::error::Error;
use plugin_host_manifest::PluginId;
use std::fmt;

/// A plugin that was judged, and that is compiled and started when it is first
/// needed; made by [`Loader::lazy`](crate::Loader::lazy) and
/// [`Versions::lazy`](crate::Versions::lazy).
///
/// `P` is what it becomes, [`Plugin`](crate::Plugin) or
/// [`AnyPlugin`](crate::AnyPlugin). Until then it holds no code, instance,
/// address space or file descriptor.
///
/// ```
/// use plugin_host::{Error, Host, Lazy, Plugins};
///
/// plugin_host::world! {
///     inline: "
///         package acme:shop;
///         interface discount { apply: func(price: u32) -> u32; }
///         world plugin { export discount; }",
/// }
///
/// type Plugin = plugin_host::Plugin<ShopPlugin>;
///
/// fn price(host: &Host, price: u32) -> u32 {
///     let found = host.discover("plugins");
///     let mut plugins: Plugins<Lazy<Plugin>> =
///         host.load_all(found, |loader| loader.lazy());
///     // Only plugins that are asked before one answers are compiled.
///     let first = plugins.first_answer(|plugin| {
///         let cheaper = plugin.get()?.discount().apply(price)?;
///         Ok::<_, Error>((cheaper < price).then_some(cheaper))
///     });
///     first.answer.unwrap_or(price)
/// }
/// # fn main() {}
/// ```
pub struct Lazy<P> {
    id: PluginId,
    loaded: Option<P>,
    load: Box<dyn FnMut() -> Result<P, Error> + Send>,
}

impl<P> Lazy<P> {
    pub(crate) fn new(
        id: PluginId,
        load: impl FnMut() -> Result<P, Error> + Send + 'static,
    ) -> Self {
        Self {
            id,
            loaded: None,
            load: Box::new(load),
        }
    }

    /// The plugin's id.
    #[must_use]
    pub fn id(&self) -> &PluginId {
        &self.id
    }

    /// The plugin, which is compiled, or read from the cache, and started where it
    /// is not loaded.
    ///
    /// # Errors
    ///
    /// As [`Loader::load`](crate::Loader::load): when the plugin's file changed
    /// since it was discovered, the engine refuses its code, or it fails while it
    /// starts. What fails is tried again the next time.
    pub fn get(&mut self) -> Result<&mut P, Error> {
        if self.loaded.is_none() {
            self.loaded = Some((self.load)()?);
        }
        Ok(self.loaded.as_mut().expect("it was there or just loaded"))
    }

    /// The plugin, where it is loaded.
    #[must_use]
    pub fn loaded(&self) -> Option<&P> {
        self.loaded.as_ref()
    }

    /// Lets go of the plugin and of what it holds; the next [`get`](Self::get)
    /// loads it again, with a state of its own.
    pub fn unload(&mut self) {
        self.loaded = None;
    }
}

impl<P: fmt::Debug> fmt::Debug for Lazy<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lazy")
            .field("id", &self.id)
            .field("loaded", &self.loaded)
            .finish_non_exhaustive()
    }
}
