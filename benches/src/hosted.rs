//! The component through `plugin-host`, with every budget armed.

use crate::adapted;
use crate::cases::{self, Case};
use crate::inputs::inputs;
use crate::subject::{Subject, repeat};
use anyhow::{Result, ensure};
use measured::{Item, Order, Product};
use plugin_host::{
    Allocation, Candidate, Host, HostLimits, Lent, Lifetime, Limits, Loader, MIB, Plugin, Prepared,
};
use std::hint::black_box;
use std::time::Duration;

plugin_host::world! {
    path: "wit",
    world: "calls",
    with: { "bench:calls/host.counter": crate::hosted::Counter },
}

inputs!();

/// The application's side.
#[derive(Debug)]
pub struct State;

impl host::Host for State {
    fn ping(&mut self, value: u32) -> u32 {
        value
    }
}

/// A resource of the application's.
#[derive(Debug)]
pub struct Counter(u32);

impl host::HostCounter for State {
    fn add(&mut self, counter: &mut Counter, value: u32) -> u32 {
        counter.0 = counter.0.wrapping_add(value);
        counter.0
    }
}

/// A host and its limits.
#[derive(Clone, Debug)]
pub struct Application {
    host: Host,
    limits: Limits,
}

impl Application {
    /// A host with room for so many instances, and with limits in which every case
    /// has room; what is not named is as it is by default.
    ///
    /// # Errors
    ///
    /// When the instances do not get their memory from a pool, which is other code
    /// than what is measured: callgrind leaves little address space.
    pub fn new(instances: u64) -> Result<Self> {
        let limits = Limits::default()
            .fuel(100_000_000_000)
            .deadline(Duration::from_secs(50))
            .memory(256 * MIB)
            .value(64 * MIB);
        let host = Host::builder()
            .limits(limits.clone())
            .host_limits(
                HostLimits::default()
                    .instances(instances)
                    .memory(64 * 1024 * MIB),
            )
            .build()?;
        ensure!(
            host.allocation() == Allocation::Pooled,
            "there is no room for a pool of instances"
        );
        Ok(Self { host, limits })
    }

    /// The plugin, compiled and linked.
    ///
    /// # Errors
    ///
    /// When the component cannot be read or loaded.
    pub fn prepare(&self) -> Result<Prepared<CallsCalls<State>>> {
        prepare(self.loader(crate::GUEST)?)
    }

    pub(crate) fn loader(&self, guest: &str) -> Result<Loader> {
        let candidate = Candidate::from_file(guest, &self.limits)?;
        Ok(self.host.plugin(&candidate).config([cases::SETTING]))
    }
}

/// The plugin, and what more are made from.
#[derive(Debug)]
pub struct Hosted {
    application: Application,
    prepared: Prepared<CallsCalls<State>>,
    least: Prepared<CallsCalls<State>>,
    plugin: Plugin<CallsCalls<State>>,
}

impl Hosted {
    /// The plugin, ready to be called.
    ///
    /// # Errors
    ///
    /// When the component cannot be read, loaded or started.
    pub fn new(application: Application) -> Result<Self> {
        let prepared = application.prepare()?;
        let least = prepare(application.loader(crate::GUEST_LEAST)?)?;
        let plugin = prepared.start()?;
        Ok(Self {
            application,
            prepared,
            least,
            plugin,
        })
    }

    fn one_call(&self, guest: &str, times: u64) -> Result<Duration> {
        let loader = self.application.loader(guest)?;
        let loader = loader.lifetime(Lifetime::OneCall);
        let mut plugin = loader.load_with::<CallsCalls<State>>(|_| Ok(State))?;
        Ok(repeat(times, || plugin.measured().add(black_box(3), 4))?)
    }
}

fn prepare(loader: Loader) -> Result<Prepared<CallsCalls<State>>> {
    Ok(loader.prepare_with(|_| Ok(State))?)
}

impl Subject for Hosted {
    fn run(&mut self, case: Case, times: u64) -> Result<Option<Duration>> {
        let mut calls = self.plugin.measured();
        let time = match case {
            Case::Nothing => repeat(times, || calls.nothing()),
            Case::Add => repeat(times, || calls.add(black_box(3), 4)),
            Case::Adapter => {
                let mut plugin = adapted::plugin(self.application.loader(crate::GUEST)?)?;
                repeat(times, || plugin.calls().add(black_box(3), 4))
            }
            Case::Echo(bytes) => {
                let text = cases::text(bytes);
                repeat(times, || calls.echo(black_box(&text)))
            }
            Case::Order => {
                let order = order();
                repeat(times, || calls.an_order(black_box(&order)))
            }
            Case::Products(count) => {
                let products = products(count);
                repeat(times, || calls.products(black_box(&products)))
            }
            Case::Items(count) => {
                let items = items(count);
                repeat(times, || calls.items(black_box(&items)))
            }
            Case::Bytes(count) => {
                let bytes = vec![7; count];
                repeat(times, || calls.bytes(black_box(&bytes)))
            }
            Case::Ping(count) => repeat(times, || calls.ping(black_box(count))),
            Case::Lend(count) => {
                let counter = Lent::new(&mut self.plugin, Counter(0))?;
                let mut calls = self.plugin.measured();
                repeat(times, || calls.lent(black_box(&counter), count))
            }
            Case::Give => repeat(times, || calls.given(Counter(black_box(0)))),
            Case::Log(count) => repeat(times, || calls.log(black_box(count))),
            Case::Config(count) => repeat(times, || calls.config(black_box(count))),
            Case::Start => repeat(times, || self.prepared.start()),
            Case::StartLeast => repeat(times, || self.least.start()),
            Case::OneCall => return self.one_call(crate::GUEST, times).map(Some),
            Case::OneCallLeast => {
                return self.one_call(crate::GUEST_LEAST, times).map(Some);
            }
        };
        Ok(Some(time?))
    }
}
