//! A call that runs as far as host functions can tell.

use crate::blueprint::InstanceContext;
use crate::limits::Limits;
use crate::meter::Meter;
use plugin_host_manifest::PluginId;

/// A call that runs as far as host functions can tell: for tests of these, and of the
/// function that makes their state.
///
/// ```
/// use plugin_host::{InstanceContext, Limits, Meter, testing::RunningCall};
/// use std::time::Duration;
///
/// struct Shop {
///     meter: Meter,
/// }
///
/// impl Shop {
///     fn open(context: InstanceContext) -> Self {
///         Self { meter: context.meter }
///     }
///
///     /// Makes the plugin pay for what is searched.
///     fn search(&mut self, words: &[String]) -> usize {
///         self.meter.charge_fuel(1_000 * words.len() as u64);
///         let words = words.iter().take_while(|_| !self.meter.is_cancelled());
///         words.filter(|word| *word == "tea").count()
///     }
/// }
///
/// let limits = Limits::default().deadline(Duration::from_secs(60));
/// let call = RunningCall::begin(&limits);
/// let mut shop = Shop::open(call.context("pricing".parse()?));
/// assert!(shop.meter.time_left() > Duration::from_secs(50));
/// assert_eq!(shop.search(&["tea".into(), "milk".into()]), 1);
/// assert_eq!(call.fuel_charged(), 2_000);
/// call.cancel();
/// assert_eq!(shop.search(&["tea".into()]), 0);
/// # Ok::<(), plugin_host::PluginIdError>(())
/// ```
///
/// No plugin is called, so nothing ends it: its host functions are called until the
/// test is done.
#[derive(Debug)]
pub struct RunningCall(Meter);

impl RunningCall {
    /// Begins a call under these limits, of which the deadline counts.
    #[must_use]
    pub fn begin(limits: &Limits) -> Self {
        Self(Meter::of_test(limits))
    }

    /// What the function is given that makes the state of this plugin's instance. A
    /// test may set its fields.
    #[must_use]
    pub fn context(&self, id: PluginId) -> InstanceContext {
        InstanceContext {
            id,
            version: None,
            meter: self.meter(),
        }
    }

    /// What host functions look at and charge.
    #[must_use]
    pub fn meter(&self) -> Meter {
        self.0.clone()
    }

    /// The fuel that host functions charged so far.
    #[must_use]
    pub fn fuel_charged(&self) -> u64 {
        self.0.charged()
    }

    /// Counts so many calls to the host, as if the plugin had made them.
    pub fn count_host_calls(&self, calls: u64) {
        self.0.count_host_calls(calls);
    }

    /// Cancels the call, as a [`Canceller`](crate::Canceller) does.
    pub fn cancel(&self) {
        self.0.cancel_running();
    }
}
