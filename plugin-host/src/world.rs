//! The trait that generated bindings implement.

use crate::exports::Exports;
use crate::live::Live;
use crate::store::StoreData;
use wasmtime::component::Linker;

/// A world of the application's, as [`world!`](crate::world!) generates it.
///
/// Only that macro implements it: what is hidden here changes with the engine.
pub trait World: Sized + Send + 'static {
    /// The application's state, which its import traits are implemented on.
    type State: Send + 'static;

    /// The world's full name, such as `acme:catalog/plugin@0.1.0`.
    const NAME: &'static str;

    /// The world's own WIT, encoded as a component type.
    const WIT: &'static [u8];

    /// The interfaces, of those that the world exports, that a plugin may leave
    /// out.
    const OPTIONAL: &'static [&'static str];

    #[doc(hidden)]
    type Exports: Exports<Self::State>;

    #[doc(hidden)]
    fn link(linker: &mut Linker<StoreData<Self::State>>) -> wasmtime::Result<()>;

    #[doc(hidden)]
    fn from_live(live: Live<Self::State, Self::Exports>) -> Self;

    #[doc(hidden)]
    fn live(&self) -> &Live<Self::State, Self::Exports>;

    #[doc(hidden)]
    fn live_mut(&mut self) -> &mut Live<Self::State, Self::Exports>;
}
