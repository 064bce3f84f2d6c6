//! What instances of a plugin are started from, whether that is compiled yet or not.
//! Keeps none of them.

use crate::error::Error;
use crate::plugin::Plugin;
use crate::prepared::Prepared;
use crate::world::World;
use std::sync::{Mutex, PoisonError};

/// What starts plugins, for as many threads as ask.
pub(crate) trait Starts<P>: Send + Sync {
    /// Compiles and links, unless that was done.
    fn prepare(&self) -> Result<(), Error>;

    fn start(&self) -> Result<P, Error>;
}

impl<W: World> Starts<Plugin<W>> for Prepared<W> {
    fn prepare(&self) -> Result<(), Error> {
        Ok(())
    }

    fn start(&self) -> Result<Plugin<W>, Error> {
        Self::start(self)
    }
}

/// What the application starts itself.
impl<P, F> Starts<P> for F
where
    F: Fn() -> Result<P, Error> + Send + Sync,
{
    fn prepare(&self) -> Result<(), Error> {
        Ok(())
    }

    fn start(&self) -> Result<P, Error> {
        self()
    }
}

/// A plugin that was judged, and is compiled when it is first started.
pub(crate) struct WhenNeeded<W: World, P> {
    prepared: Mutex<Option<Prepared<W>>>,
    load: Box<dyn Fn() -> Result<Prepared<W>, Error> + Send + Sync>,
    wrap: Box<dyn Fn(Plugin<W>) -> P + Send + Sync>,
}

impl<W: World, P> WhenNeeded<W, P> {
    pub(crate) fn new(
        load: impl Fn() -> Result<Prepared<W>, Error> + Send + Sync + 'static,
        wrap: impl Fn(Plugin<W>) -> P + Send + Sync + 'static,
    ) -> Self {
        Self {
            prepared: Mutex::new(None),
            load: Box::new(load),
            wrap: Box::new(wrap),
        }
    }

    /// What fails is tried again by the next that asks.
    fn prepared(&self) -> Result<Prepared<W>, Error> {
        // Held while one thread compiles, since the others could only do the same.
        let mut prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(prepared) = &*prepared {
            return Ok(prepared.clone());
        }
        let made = (self.load)()?;
        Ok(prepared.insert(made).clone())
    }
}

impl<W: World, P> Starts<P> for WhenNeeded<W, P> {
    fn prepare(&self) -> Result<(), Error> {
        self.prepared().map(drop)
    }

    fn start(&self) -> Result<P, Error> {
        let prepared = self.prepared()?;
        Ok((self.wrap)(prepared.start()?))
    }
}
