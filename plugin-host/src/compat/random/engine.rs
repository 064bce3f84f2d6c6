//! The engine's word on a plugin that meets what a host's world has.

use test_encoder::wit_parser::{Resolve, TypeDefKind, WorldId, WorldItem};
use wasmparser::{BinaryReader, Parser, Payload};
use wasmtime::component::{Component, Linker, LinkerInstance, ResourceType};
use wasmtime::{Config, Engine, OptLevel, Store};
use wasmtime_environ::component::{NameMap, NameMapNoIntern};

pub(super) fn engine() -> Engine {
    let mut config = Config::new();
    config
        .cranelift_opt_level(OptLevel::None)
        .memory_guard_size(0)
        .memory_reservation(0);
    Engine::new(&config).expect("the engine starts")
}

/// Links a plugin's imports with what a host's world has. Nothing else of it is
/// compiled, which would take most of the time.
pub(super) fn link(
    engine: &Engine,
    resolve: &Resolve,
    world: WorldId,
    plugin: &[u8],
) -> wasmtime::Result<()> {
    let component = Component::from_binary(engine, imports(plugin))?;
    linker(engine, resolve, world)?.instantiate_pre(&component)?;
    Ok(())
}

/// The part of a component before its code, which is its imports.
fn imports(plugin: &[u8]) -> &[u8] {
    let mut code = Parser::new(0).parse_all(plugin).filter_map(|payload| {
        match payload.expect("it is a component") {
            Payload::ModuleSection {
                unchecked_range, ..
            } => Some(unchecked_range.start),
            _ => None,
        }
    });
    let start = code.next().expect("it has code");
    // Two bytes at the least are the section's own: its id and its size.
    let section = (2..=6).map(|header| start - header).find(|at| {
        let mut reader = BinaryReader::new(&plugin[at + 1..], 0);
        let size = reader.read_var_u32();
        plugin[*at] == 1 && size.is_ok() && at + 1 + reader.original_position() == start
    });
    &plugin[..section.expect("the section begins")]
}

/// Compiles, links and instantiates a plugin, and looks its exports up.
pub(super) fn start(
    engine: &Engine,
    resolve: &Resolve,
    world: WorldId,
    plugin: &[u8],
) -> wasmtime::Result<()> {
    let component = Component::from_binary(engine, plugin)?;
    let pre = linker(engine, resolve, world)?.instantiate_pre(&component)?;
    pre.instantiate(Store::new(engine, ()))?;
    for (key, item) in &resolve.worlds[world].exports {
        let name = resolve.name_world_key(key);
        let missing = |what: &str| wasmtime::Error::msg(format!("no export {name} {what}"));
        let export = component.get_export_index(None, &name);
        let export = export.ok_or_else(|| missing(""))?;
        if let WorldItem::Interface { id, .. } = item {
            for function in resolve.interfaces[*id].functions.keys() {
                let inner = component.get_export_index(Some(&export), function);
                inner.ok_or_else(|| missing(function))?;
            }
        }
    }
    Ok(())
}

/// What generated bindings link: functions, and resources where they are defined.
fn linker(engine: &Engine, resolve: &Resolve, world: WorldId) -> wasmtime::Result<Linker<()>> {
    let mut linker = Linker::new(engine);
    let mut resources = 0;
    for (key, item) in &resolve.worlds[world].imports {
        match item {
            WorldItem::Function(function) => provide(&mut linker.root(), &function.name)?,
            WorldItem::Interface { id, .. } => {
                let mut instance = linker.instance(&resolve.name_world_key(key))?;
                let interface = &resolve.interfaces[*id];
                for (name, id) in &interface.types {
                    if matches!(resolve.types[*id].kind, TypeDefKind::Resource) {
                        resources += 1;
                        let ty = ResourceType::host_dynamic(resources);
                        instance.resource(name, ty, |_, _| Ok(()))?;
                    }
                }
                for name in interface.functions.keys() {
                    provide(&mut instance, name)?;
                }
            }
            WorldItem::Type { .. } => {}
        }
    }
    Ok(linker)
}

fn provide(instance: &mut LinkerInstance<'_, ()>, name: &str) -> wasmtime::Result<()> {
    instance.func_new(name, |_, _, _, _| Ok(()))
}

/// Names as the engine looks them up.
pub(super) struct Names(NameMap<wasmtime_environ::prelude::TryString, usize>);

impl Names {
    pub(super) fn new(names: &[String]) -> Self {
        let mut map = NameMap::default();
        for (i, name) in names.iter().enumerate() {
            map.insert(name, &mut NameMapNoIntern, false, i)
                .expect("no name is there twice");
        }
        Self(map)
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.0.get(name, &NameMapNoIntern).copied()
    }
}
