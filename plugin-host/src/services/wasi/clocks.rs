//! `wasi:clocks`. Sleeping works with every grant; telling the time needs one.

use crate::services::Services;
use plugin_host_manifest::Clock;
use std::time::{Duration, Instant, SystemTime};
use wasmtime::component::Resource;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::bindings::clocks::{monotonic_clock, wall_clock};
use wasmtime_wasi::p2::{DynPollable, Pollable, subscribe};

/// The resolution of every clock, frozen or real, in nanoseconds.
const RESOLUTION: u32 = 1;

/// The clocks of one instance.
pub(in crate::services) enum Clocks {
    /// One moment, for ever.
    Frozen,
    /// The time; the monotonic clock counts from here.
    Real(Instant),
}

impl Clocks {
    pub(in crate::services) fn new(granted: Clock) -> Self {
        match granted {
            Clock::Real => Self::Real(Instant::now()),
            _ => Self::Frozen,
        }
    }

    fn monotonic(&self) -> u64 {
        match self {
            Self::Frozen => 0,
            Self::Real(start) => u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX),
        }
    }

    fn wall(&self) -> Duration {
        match self {
            Self::Frozen => Duration::ZERO,
            Self::Real(_) => SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or_default(),
        }
    }
}

impl wall_clock::Host for Services {
    fn now(&mut self) -> wasmtime::Result<wall_clock::Datetime> {
        self.meter.enter_service(0)?;
        let now = self.clocks.wall();
        Ok(wall_clock::Datetime {
            seconds: now.as_secs(),
            nanoseconds: now.subsec_nanos(),
        })
    }

    fn resolution(&mut self) -> wasmtime::Result<wall_clock::Datetime> {
        self.meter.enter_service(0)?;
        Ok(wall_clock::Datetime {
            seconds: 0,
            nanoseconds: RESOLUTION,
        })
    }
}

impl monotonic_clock::Host for Services {
    fn now(&mut self) -> wasmtime::Result<monotonic_clock::Instant> {
        self.meter.enter_service(0)?;
        Ok(self.clocks.monotonic())
    }

    fn resolution(&mut self) -> wasmtime::Result<monotonic_clock::Duration> {
        self.meter.enter_service(0)?;
        Ok(RESOLUTION.into())
    }

    fn subscribe_instant(
        &mut self,
        when: monotonic_clock::Instant,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        self.meter.enter_service(0)?;
        let left = when.saturating_sub(self.clocks.monotonic());
        self.sleep(left)
    }

    fn subscribe_duration(
        &mut self,
        duration: monotonic_clock::Duration,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        self.meter.enter_service(0)?;
        self.sleep(duration)
    }
}

impl Services {
    fn sleep(&mut self, nanoseconds: u64) -> wasmtime::Result<Resource<DynPollable>> {
        // What the platform cannot represent lies beyond every deadline.
        let end = tokio::time::Instant::now().checked_add(Duration::from_nanos(nanoseconds));
        let sleep = self.table.push(Sleep(end))?;
        subscribe(&mut self.table, sleep)
    }
}

/// Is ready at an instant, or never.
struct Sleep(Option<tokio::time::Instant>);

#[async_trait]
impl Pollable for Sleep {
    async fn ready(&mut self) {
        match self.0 {
            // The timer would take another tick for what is over already.
            Some(end) if end <= tokio::time::Instant::now() => {}
            Some(end) => tokio::time::sleep_until(end).await,
            None => std::future::pending().await,
        }
    }
}
