//! A plugin that is checked, compiled and linked, and from which instances are
//! made. Holds no instance itself.

use crate::blueprint::Blueprint;
use crate::error::Error;
use crate::live::Live;
use crate::plugin::Plugin;
use crate::world::World;
use plugin_host_manifest::PluginId;
use std::sync::Arc;

/// A plugin that is checked, compiled and linked.
///
/// Cheap to clone and to share between threads; each [`start`](Self::start)
/// makes a plugin of its own from it.
pub struct Prepared<W: World>(Arc<Blueprint<W::State, W::Exports>>);

impl<W: World> Prepared<W> {
    pub(crate) fn new(blueprint: Blueprint<W::State, W::Exports>) -> Self {
        Self(Arc::new(blueprint))
    }

    /// The plugin's id.
    #[must_use]
    pub fn id(&self) -> &PluginId {
        &self.0.id
    }

    /// Makes a plugin with its first instance started.
    ///
    /// With [`Lifetime::OneCall`](crate::Lifetime::OneCall) that instance serves the first call.
    ///
    /// # Errors
    ///
    /// When the application's function cannot make the state, or the plugin
    /// fails while it starts.
    pub fn start(&self) -> Result<Plugin<W>, Error> {
        let mut live = Live::new(Arc::clone(&self.0));
        live.start()?;
        Ok(Plugin::new(W::from_live(live)))
    }
}

impl<W: World> Clone for Prepared<W> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<W: World> std::fmt::Debug for Prepared<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared")
            .field("world", &W::NAME)
            .field("id", &self.0.id)
            .field("version", &self.0.version)
            .finish_non_exhaustive()
    }
}
