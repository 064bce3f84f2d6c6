//! The component through wasmtime alone, with nothing counted and nothing
//! refused.

use crate::cases::{self, Case};
use crate::inputs::inputs;
use crate::settings;
use crate::subject::{Subject, repeat};
use anyhow::{Result, anyhow};
use bindings::exports::bench::calls::measured::{Item, Order, Product};
use bindings::plugin_host::base;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;
use wasmtime::component::{Component, HasSelf, InstancePre, Linker, Resource, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

pub use crate::settings::Settings;

mod bindings {
    wasmtime::component::bindgen!({
        path: ["../wit/base", "wit"],
        inline: "
            package bench:bare;
            world bare {
                include bench:calls/calls@0.1.0;
                import plugin-host:base/log@0.1.0;
                import plugin-host:base/config@0.1.0;
            }",
        with: { "bench:calls/host.counter": super::Counter },
    });
}

inputs!();

/// A resource of the application's.
#[derive(Debug)]
pub struct Counter(u32);

/// The store's data.
pub struct State {
    wasi: WasiCtx,
    table: ResourceTable,
    config: BTreeMap<String, String>,
}

impl State {
    fn new() -> Self {
        let (key, value) = cases::SETTING;
        Self {
            wasi: WasiCtx::builder().build(),
            table: ResourceTable::new(),
            config: BTreeMap::from([(key.to_owned(), value.to_owned())]),
        }
    }
}

impl bindings::bench::calls::host::Host for State {
    fn ping(&mut self, value: u32) -> u32 {
        value
    }
}

impl bindings::bench::calls::host::HostCounter for State {
    fn add(&mut self, counter: Resource<Counter>, value: u32) -> u32 {
        let counter = self.table.get_mut(&counter).expect("it is in the table");
        counter.0 = counter.0.wrapping_add(value);
        counter.0
    }

    fn drop(&mut self, counter: Resource<Counter>) -> wasmtime::Result<()> {
        self.table.delete(counter)?;
        Ok(())
    }
}

impl base::log::Host for State {
    fn log(&mut self, level: base::log::Level, message: String, fields: Vec<base::log::Field>) {
        black_box((level, message, fields));
    }
}

impl base::config::Host for State {
    fn get(&mut self, key: String) -> Option<String> {
        self.config.get(&key).cloned()
    }

    fn entries(&mut self) -> Vec<(String, String)> {
        self.config.clone().into_iter().collect()
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

/// An instance with its store, and what more are made from.
pub struct Bare {
    settings: Settings,
    pre: bindings::BarePre<State>,
    least: bindings::BarePre<State>,
    store: Store<State>,
    calls: bindings::Bare,
}

/// A component with what it imports, ready to make instances.
pub type Linked = InstancePre<State>;

/// The engine, with the settings that `plugin-host` uses.
///
/// # Errors
///
/// When it does not run here.
pub fn engine() -> Result<Engine> {
    Engine::new(&settings::of_plugin_host()).map_err(|error| anyhow!("{error:#}"))
}

/// Links a component with WASI, and with nothing in the place of what else it
/// imports.
///
/// # Errors
///
/// When its types are wrong.
pub fn link(engine: &Engine, component: &Component) -> Result<Linked> {
    link_with(engine, component, |_| Ok(())).map_err(|error| anyhow!("{error:#}"))
}

fn link_with(
    engine: &Engine,
    component: &Component,
    more: impl FnOnce(&mut Linker<State>) -> wasmtime::Result<()>,
) -> wasmtime::Result<Linked> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    more(&mut linker)?;
    linker.define_unknown_imports_as_traps(component)?;
    linker.instantiate_pre(component)
}

impl Bare {
    /// An instance, ready to be called.
    ///
    /// # Errors
    ///
    /// When the component cannot be read, compiled or started.
    pub fn new(settings: Settings) -> Result<Self> {
        let new = || -> wasmtime::Result<Self> {
            let engine = Engine::new(&settings.config())?;
            let least = prepare(&engine, crate::GUEST_LEAST)?;
            let pre = prepare(&engine, crate::GUEST)?;
            let (store, calls) = start(&pre, settings)?;
            Ok(Self {
                settings,
                pre,
                least,
                store,
                calls,
            })
        };
        new().map_err(|error| anyhow!("{error:#}"))
    }

    fn time(&mut self, case: Case, times: u64) -> wasmtime::Result<Duration> {
        let store = &mut self.store;
        let calls = self.calls.bench_calls_measured();
        match case {
            Case::Nothing => repeat(times, || calls.call_nothing(&mut *store)),
            Case::Add | Case::Adapter => {
                repeat(times, || calls.call_add(&mut *store, black_box(3), 4))
            }
            Case::Echo(bytes) => {
                let text = cases::text(bytes);
                repeat(times, || calls.call_echo(&mut *store, black_box(&text)))
            }
            Case::Order => {
                let order = order();
                repeat(times, || {
                    calls.call_an_order(&mut *store, black_box(&order))
                })
            }
            Case::Products(count) => {
                let all = products(count);
                repeat(times, || calls.call_products(&mut *store, black_box(&all)))
            }
            Case::Items(count) => {
                let all = items(count);
                repeat(times, || calls.call_items(&mut *store, black_box(&all)))
            }
            Case::Bytes(count) => {
                let all = vec![7; count];
                repeat(times, || calls.call_bytes(&mut *store, black_box(&all)))
            }
            Case::Ping(count) => repeat(times, || calls.call_ping(&mut *store, black_box(count))),
            Case::Lend(count) => {
                let counter = store.data_mut().table.push(Counter(0))?;
                let rep = counter.rep();
                let time = repeat(times, || {
                    let lent = Resource::new_borrow(black_box(rep));
                    calls.call_lent(&mut *store, lent, count)
                })?;
                store.data_mut().table.delete(counter)?;
                Ok(time)
            }
            Case::Give => repeat(times, || {
                let counter = store.data_mut().table.push(Counter(black_box(0)))?;
                calls.call_given(&mut *store, counter)
            }),
            Case::Log(count) => repeat(times, || calls.call_log(&mut *store, black_box(count))),
            Case::Config(count) => {
                repeat(times, || calls.call_config(&mut *store, black_box(count)))
            }
            Case::Start => repeat(times, || start(&self.pre, self.settings)),
            Case::OneCall => repeat(times, || one_call(&self.pre, self.settings)),
            Case::StartLeast => repeat(times, || start(&self.least, self.settings)),
            Case::OneCallLeast => repeat(times, || one_call(&self.least, self.settings)),
        }
    }
}

impl Bare {
    /// Another instance of what was compiled and linked once.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn another(&self) -> Result<Self> {
        let started = start(&self.pre, self.settings).map_err(|error| anyhow!("{error:#}"));
        let (store, calls) = started?;
        Ok(Self {
            settings: self.settings,
            pre: self.pre.clone(),
            least: self.least.clone(),
            store,
            calls,
        })
    }
}

impl Subject for Bare {
    fn run(&mut self, case: Case, times: u64) -> Result<Option<Duration>> {
        let time = self.time(case, times);
        time.map(Some).map_err(|error| anyhow!("{error:#}"))
    }
}

fn prepare(engine: &Engine, guest: &str) -> wasmtime::Result<bindings::BarePre<State>> {
    let component = Component::from_file(engine, guest)?;
    let pre = link_with(engine, &component, |linker| {
        bindings::Bare::add_to_linker::<_, HasSelf<_>>(linker, |state| state)
    })?;
    bindings::BarePre::new(pre)
}

fn one_call(pre: &bindings::BarePre<State>, settings: Settings) -> wasmtime::Result<u32> {
    let (mut store, calls) = start(pre, settings)?;
    let calls = calls.bench_calls_measured();
    calls.call_add(&mut store, black_box(3), 4)
}

fn start(
    pre: &bindings::BarePre<State>,
    settings: Settings,
) -> wasmtime::Result<(Store<State>, bindings::Bare)> {
    let mut store = Store::new(pre.engine(), State::new());
    if settings == Settings::Best {
        // Never used up: nothing ticks here, and the fuel lasts for centuries.
        store.set_epoch_deadline(1);
        store.set_fuel(u64::MAX)?;
    }
    let calls = pre.instantiate(&mut store)?;
    Ok((store, calls))
}
