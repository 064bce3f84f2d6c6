//! A plugin that is a plain value of Rust. Runs under no budget, and has no authority
//! taken from it.

use crate::any_plugin::{AnyPlugin, Routed};
use crate::error::Error;
use crate::limits::Limits;
use crate::meter::{Canceller, Meter};
use crate::services::Output;
use crate::usage::Usage;
use plugin_host_manifest::{Capabilities, PluginId};
use semver::Version;

/// A plain value of Rust that an application calls as one of its plugins: in tests
/// of what the application does with plugins, which then need no wasm, and for what
/// the application brings along itself.
///
/// ```
/// use plugin_host::{AnyPlugin, Error, NativePlugin, Plugins};
///
/// plugin_host::world! {
///     inline: "
///         package acme:shop;
///         interface discount { apply: func(price: u32) -> u32; }
///         world plugin { export discount; }",
/// }
///
/// use discount::Calls;
///
/// /// What the application does with its plugins.
/// fn price(plugins: &mut Plugins<AnyPlugin<dyn Calls>>, price: u32) -> u32 {
///     plugins.chain(price, |plugin, price| plugin.calls().apply(*price)).value
/// }
///
/// struct Half;
///
/// impl Calls for Half {
///     fn apply(&mut self, price: u32) -> Result<u32, Error> {
///         Ok(price / 2)
///     }
/// }
///
/// let half = NativePlugin::new("half".parse()?, Half);
/// let mut plugins = Plugins::new();
/// plugins.add(half.id().clone(), 0, half.called::<dyn Calls>(|half| half));
/// assert_eq!(price(&mut plugins, 100), 50);
/// # Ok::<(), plugin_host::PluginIdError>(())
/// ```
///
/// Nothing bounds it: it is the application's own code.
#[derive(Clone, Debug)]
pub struct NativePlugin<V> {
    id: PluginId,
    version: Option<Version>,
    usage: Usage,
    output: Output,
    value: V,
}

impl<V: Send + 'static> NativePlugin<V> {
    /// A plugin of this id that used nothing and wrote nothing.
    #[must_use]
    pub fn new(id: PluginId, value: V) -> Self {
        Self {
            id,
            version: None,
            usage: Usage::default(),
            output: Output::default(),
            value,
        }
    }

    /// Sets the version that it tells.
    #[must_use]
    pub fn version(mut self, version: Version) -> Self {
        self.version = Some(version);
        self
    }

    /// Sets what it tells of its last call, and of all together.
    #[must_use]
    pub fn usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }

    /// Sets what it tells that it wrote.
    #[must_use]
    pub fn output(mut self, output: Output) -> Self {
        self.output = output;
        self
    }

    /// The plugin's id.
    #[must_use]
    pub fn id(&self) -> &PluginId {
        &self.id
    }

    /// The plugin as applications hold one: `calls` gives what is called, which is
    /// `|value| value` if the value implements that trait.
    ///
    /// Its [`AnyPlugin::world`] is `native`, and its canceller ends nothing.
    #[must_use]
    pub fn called<C: ?Sized + 'static>(self, calls: fn(&mut V) -> &mut C) -> AnyPlugin<C> {
        AnyPlugin::routed(NativeRoute {
            plugin: self,
            calls,
        })
    }
}

struct NativeRoute<V, C: ?Sized> {
    plugin: NativePlugin<V>,
    calls: fn(&mut V) -> &mut C,
}

impl<V: Send, C: ?Sized> Routed<C> for NativeRoute<V, C> {
    fn calls(&mut self) -> &mut C {
        (self.calls)(&mut self.plugin.value)
    }

    fn under_one_budget(&mut self, calls: &mut dyn FnMut(&mut C)) -> Result<(), Error> {
        calls(self.calls());
        Ok(())
    }

    fn world(&self) -> &'static str {
        "native"
    }

    fn id(&self) -> &PluginId {
        &self.plugin.id
    }

    fn version(&self) -> Option<&Version> {
        self.plugin.version.as_ref()
    }

    fn granted(&self) -> Capabilities {
        Capabilities::none()
    }

    fn last_usage(&self) -> Usage {
        self.plugin.usage
    }

    fn total_usage(&self) -> Usage {
        self.plugin.usage
    }

    fn output(&self) -> Output {
        self.plugin.output.clone()
    }

    fn canceller(&self) -> Canceller {
        Meter::new(&Limits::default()).canceller()
    }

    fn forget_cancellers(&self) {}
}
