//! The guest that misbehaves on request, and the application around it.

use plugin_host::{Candidate, Host, HostBuilder, InstanceContext, Limits, Loader, Meter, Plugin};
use std::time::Duration;

plugin_host::world! { path: "tests/wit/rogue", world: "rogue" }

/// The state of one instance.
pub(crate) struct Shop {
    pub(crate) meter: Meter,
    /// Whether its functions panic.
    pub(crate) panics: bool,
}

impl shop::Host for Shop {
    fn stock(&mut self, sku: String) -> u32 {
        assert!(!self.panics, "the application's own");
        sku.len() as u32
    }

    fn work(&mut self, fuel: u64) -> u64 {
        self.meter.charge_fuel(fuel);
        self.meter.time_left().as_millis() as u64
    }
}

impl Shop {
    pub(crate) fn open(context: InstanceContext) -> Result<Self, plugin_host::BoxError> {
        Ok(Self {
            meter: context.meter,
            panics: false,
        })
    }
}

pub(crate) type Rogue = Plugin<RogueRogue<Shop>>;

/// An application that the guest's manifest accepts.
pub(crate) fn host_builder() -> HostBuilder {
    Host::builder().application("tests", "1.2.0".parse().expect("a version"))
}

/// Limits that a failing test does not wait long for.
pub(crate) fn limits() -> Limits {
    Limits::default()
        .fuel(500_000_000)
        .deadline(Duration::from_secs(20))
}

pub(crate) fn candidate() -> Candidate {
    let bytes = std::fs::read(test_guests::ROGUE).expect("the guest was built");
    Candidate::from_bytes("rogue", bytes).expect("it is a component")
}

pub(crate) fn loader(limits: Limits) -> Loader {
    let host = host_builder().limits(limits).build();
    host.expect("the engine starts").plugin(&candidate())
}

/// The guest under some limits.
pub(crate) fn rogue(limits: Limits) -> Rogue {
    loader(limits)
        .load_with(Shop::open)
        .expect("the guest fits")
}
