//! The errors of the application's adapters between versions of a world. Adapts
//! nothing itself.

use crate::error::{BoxError, Error, ErrorKind};
use crate::world::World;

impl Error {
    /// An error of an adapter that cannot have an older plugin do what is asked of it:
    /// nobody's fault alone ([`Blame::Mismatch`](crate::Blame::Mismatch)).
    ///
    /// ```
    /// use plugin_host::Error;
    ///
    /// mod v1 {
    ///     plugin_host::world! {
    ///         inline: "
    ///             package acme:shop@0.1.0;
    ///             interface discount { apply: func(cents: u32) -> u32; }
    ///             world plugin { export discount; }",
    ///     }
    /// }
    ///
    /// /// What today's plugins are called through.
    /// trait Discount {
    ///     fn apply(&mut self, cents: u64) -> Result<u64, Error>;
    /// }
    ///
    /// impl Discount for v1::ShopPlugin {
    ///     fn apply(&mut self, cents: u64) -> Result<u64, Error> {
    ///         let cents = u32::try_from(cents).map_err(|error| Error::adapter(self, error))?;
    ///         Ok(self.discount().apply(cents)?.into())
    ///     }
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// If the adapter itself is wrong, [`Error::application`] says so.
    #[must_use]
    pub fn adapter<W: World>(plugin: &W, error: impl Into<BoxError>) -> Self {
        plugin.live().blueprint().error(ErrorKind::Adapter {
            world: W::NAME,
            error: error.into(),
        })
    }
}
