//! wasm-link: the same component, called with values of no fixed type.

use crate::cases::{self, Case};
use crate::subject::{Subject, repeat};
use ::wasm_link::cardinality::ExactlyOne;
use ::wasm_link::{
    Binding, Component, Engine, Function, FunctionKind, Interface, Linker, Plugin, PluginContext,
    PluginInstanceSync, ResourceTable, ReturnKind, Val,
};
use anyhow::Result;
use std::collections::{HashMap, HashSet};
use std::hint::black_box;
use std::time::Duration;

pub(crate) struct Context(ResourceTable);

impl PluginContext for Context {
    fn resource_table(&mut self) -> &mut ResourceTable {
        &mut self.0
    }
}

type Instance = PluginInstanceSync<Context>;
type Calls = Binding<String, Context, ExactlyOne<String, Instance>>;

pub(crate) struct WasmLink {
    engine: Engine,
    component: Component,
    linker: Linker<Context>,
    calls: Calls,
}

impl WasmLink {
    pub(crate) fn new(guest: &str) -> Result<Self> {
        let engine = Engine::default();
        let component = Component::from_file(&engine, guest)?;
        let linker = linker(&engine, &component)?;
        let calls = bind(instance(&engine, &component, &linker)?);
        Ok(Self {
            engine,
            component,
            linker,
            calls,
        })
    }

    fn start(&self) -> Result<Instance> {
        instance(&self.engine, &self.component, &self.linker)
    }
}

impl Subject for WasmLink {
    fn run(&mut self, case: Case, times: u64) -> Result<Option<Duration>> {
        let (function, args) = match case {
            Case::Nothing => ("nothing", vec![]),
            Case::Add => ("add", vec![Val::U32(3), Val::U32(4)]),
            Case::Echo(bytes) => ("echo", vec![Val::String(cases::text(bytes))]),
            Case::Products(count) => ("products", vec![list(count, product)]),
            Case::Items(count) => ("items", vec![list(count, item)]),
            Case::Bytes(count) => ("bytes", vec![Val::List(vec![Val::U8(7); count])]),
            Case::Ping(count) => ("ping", vec![Val::U32(count)]),
            Case::Log(count) => ("log", vec![Val::U32(count)]),
            Case::Config(count) => ("config", vec![Val::U32(count)]),
            Case::Start => return Ok(Some(repeat(times, || self.start())?)),
            Case::OneCall => {
                let add = [Val::U32(3), Val::U32(4)];
                let time = repeat(times, || call(&bind(self.start()?), "add", black_box(&add)))?;
                return Ok(Some(time));
            }
            Case::Adapter | Case::Order | Case::StartLeast | Case::OneCallLeast => return Ok(None),
        };
        let time = repeat(times, || call(&self.calls, function, black_box(&args)))?;
        Ok(Some(time))
    }
}

/// Defines what the guest calls, and traps in the place of WASI, which it does not.
fn linker(engine: &Engine, component: &Component) -> Result<Linker<Context>> {
    let mut linker = Linker::new(engine);
    linker.define_unknown_imports_as_traps(component)?;
    linker.allow_shadowing(true);
    let mut host = linker.instance("bench:calls/host@0.1.0")?;
    host.func_wrap("ping", |_, (value,): (u32,)| Ok((value,)))?;
    let mut log = linker.instance("plugin-host:base/log@0.1.0")?;
    log.func_new("log", |_, _, args, _| {
        black_box(args);
        Ok(())
    })?;
    let mut config = linker.instance("plugin-host:base/config@0.1.0")?;
    let (key, value) = cases::SETTING;
    let entries = HashMap::from([(key, value)]);
    config.func_new("get", move |_, _, args, results| {
        let value = match args {
            [Val::String(key)] => entries.get(key.as_str()),
            _ => None,
        };
        results[0] = Val::Option(value.map(|text| Box::new(Val::String((*text).to_owned()))));
        Ok(())
    })?;
    Ok(linker)
}

fn instance(engine: &Engine, component: &Component, linker: &Linker<Context>) -> Result<Instance> {
    let context = Context(ResourceTable::new());
    let plugin = Plugin::new(component.clone(), context);
    Ok(plugin.instantiate(engine, linker)?)
}

fn bind(instance: Instance) -> Calls {
    let functions = [
        "nothing", "add", "echo", "products", "items", "bytes", "ping", "log", "config",
    ];
    let functions = functions.map(|name| {
        let returns = match name {
            "nothing" | "log" => ReturnKind::Void,
            _ => ReturnKind::AssumeNoResources,
        };
        (
            name.to_owned(),
            Function::new(FunctionKind::Freestanding, returns),
        )
    });
    let interface = Interface::new(HashMap::from(functions), HashSet::new());
    Binding::new(
        "bench:calls",
        HashMap::from([("measured@0.1.0".to_owned(), interface)]),
        ExactlyOne("guest".to_owned(), instance),
    )
}

fn call(calls: &Calls, function: &str, args: &[Val]) -> Result<Val> {
    let ExactlyOne(_, value) = calls.dispatch("measured@0.1.0", function, args)?;
    Ok(value?)
}

fn list(count: u32, value: impl Fn(u32) -> Val) -> Val {
    Val::List((0..count).map(value).collect())
}

fn product(i: u32) -> Val {
    let (id, [handle, title, vendor], tags) = cases::product(i);
    record([
        ("id", Val::U64(id)),
        ("handle", Val::String(handle)),
        ("title", Val::String(title)),
        ("vendor", Val::String(vendor)),
        ("tags", Val::List(tags.map(Val::String).into())),
    ])
}

fn item(i: u32) -> Val {
    let (id, price, quantity, available) = cases::item(i);
    record([
        ("id", Val::U64(id)),
        ("price", Val::U64(price)),
        ("quantity", Val::U32(quantity)),
        ("available", Val::Bool(available)),
    ])
}

fn record<const N: usize>(fields: [(&str, Val); N]) -> Val {
    Val::Record(fields.map(|(name, value)| (name.to_owned(), value)).into())
}
