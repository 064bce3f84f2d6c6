//! The component through `plugin-host`, with every budget armed.

use crate::adapted;
use crate::cases::{self, Case};
use crate::inputs::inputs;
use crate::subject::{Subject, repeat};
use anyhow::{Result, ensure};
use measured::{Item, Order, Product};
use plugin_host::{
    Allocation, Candidate, Host, HostLimits, Lifetime, Limits, Loader, MIB, Plugin, Prepared,
};
use std::hint::black_box;
use std::time::Duration;

plugin_host::world! { path: "wit", world: "calls" }

inputs!();

/// The application's side.
#[derive(Debug)]
pub struct State;

impl host::Host for State {
    fn ping(&mut self, value: u32) -> u32 {
        value
    }
}

/// The plugin, and what more are made from.
#[derive(Debug)]
pub struct Hosted {
    prepared: Prepared<CallsCalls<State>>,
    plugin: Plugin<CallsCalls<State>>,
}

impl Hosted {
    /// The plugin, ready to be called.
    ///
    /// # Errors
    ///
    /// When the component cannot be read or loaded.
    pub fn new() -> Result<Self> {
        Self::of(prepare(loader()?)?)
    }

    /// An instance of what was compiled and linked once.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn of(prepared: Prepared<CallsCalls<State>>) -> Result<Self> {
        let plugin = prepared.start()?;
        Ok(Self { prepared, plugin })
    }
}

/// The plugin compiled and linked, by a host with room for so many instances.
///
/// # Errors
///
/// When the component cannot be read or loaded.
pub fn prepared(instances: u64) -> Result<Prepared<CallsCalls<State>>> {
    prepare(loader_with_room(instances)?)
}

fn prepare(loader: Loader) -> Result<Prepared<CallsCalls<State>>> {
    Ok(loader.prepare(|_| Ok(State))?)
}

impl Subject for Hosted {
    fn run(&mut self, case: Case, times: u64) -> Result<Option<Duration>> {
        let mut calls = self.plugin.measured();
        let time = match case {
            Case::Nothing => repeat(times, || calls.nothing()),
            Case::Add => repeat(times, || calls.add(black_box(3), 4)),
            Case::Adapter => {
                let mut plugin = adapted::plugin()?;
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
            Case::Log(count) => repeat(times, || calls.log(black_box(count))),
            Case::Config(count) => repeat(times, || calls.config(black_box(count))),
            Case::Start => repeat(times, || self.prepared.start()),
            Case::OneCall => {
                let loader = loader()?.lifetime(Lifetime::OneCall);
                let mut plugin = loader.load::<CallsCalls<State>>(|_| Ok(State))?;
                repeat(times, || plugin.measured().add(black_box(3), 4))
            }
        };
        Ok(Some(time?))
    }
}

/// The component by a host with a pool that fits: callgrind leaves little address
/// space, and checked memory is other code than what is measured.
pub(crate) fn loader() -> Result<Loader> {
    loader_with_room(2)
}

/// The component with limits in which every case has room; what is not named is as
/// it is by default.
fn loader_with_room(instances: u64) -> Result<Loader> {
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
    let candidate = Candidate::from_file(crate::GUEST, &limits)?;
    Ok(host.plugin(&candidate).config([cases::SETTING]))
}
