//! What goes into and out of a component or a world, with the types of its
//! functions. Taken from validated types only.

mod reader;
mod types;

pub(crate) use reader::{NoRoom, Reader};
pub(crate) use types::{Function, ResourceId, Type, TypeId, Types};

use std::collections::BTreeMap;
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType, ComponentItem};
use wasmparser::types::TypesRef;
use wasmparser::{Parser, Payload, ValidPayload, Validator, WasmFeatures};

/// Imports or exports, by name.
pub(crate) type Externs = BTreeMap<String, Named>;

/// What is imported or exported under one name.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) shown: Extern,
    /// One for each name of an interface, in their order; else one alone.
    pub(crate) items: Vec<Item>,
}

/// One thing in an interface, or at the level of the world.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Function(Function),
    Resource(ResourceId),
    /// A type that is not a resource: functions that use it say what it is.
    Type,
    /// A module, a component, a value or an interface within an interface, none
    /// of which WIT can say.
    Foreign,
}

/// One thing that is imported or exported.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Extern {
    /// A function at the level of the world.
    Function,
    /// An interface and what is used or provided in it, sorted: functions, and
    /// resources as `[resource]bucket`.
    ///
    /// Methods of resources are named as in the component model's text format,
    /// such as `[method]bucket.get`.
    Interface(Vec<String>),
    /// A type, a module or a component.
    Other,
}

/// The imports and exports of one side.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surface {
    pub(crate) imports: Externs,
    pub(crate) exports: Externs,
    pub(crate) types: Types,
    /// Whether anything in it needs an asynchronous host.
    pub(crate) needs_async: bool,
}

impl Surface {
    /// Several worlds as one, each encoded as a component type: of the first,
    /// all; of the others, the imports.
    ///
    /// # Errors
    ///
    /// A text where one is no such encoding.
    pub(crate) fn of_worlds(worlds: &[&[u8]]) -> Result<Self, String> {
        let mut reader = Reader::new(usize::MAX);
        let mut surface = Self::default();
        for (i, wit) in worlds.iter().enumerate() {
            let (types, _) = validated_types(wit)?;
            let types = types.as_ref();
            reader.next_file();
            // The encoding wraps the world twice: a component that exports a
            // component type that exports the world.
            let package = component_type(&types, first_export(wit, &types).as_ref());
            let world = package
                .and_then(|package| package.exports.values().next())
                .and_then(|item| component_type(&types, Some(item)))
                .ok_or("the encoded WIT holds no world")?;
            let no_room = |NoRoom| "the world is too large".to_owned();
            for (name, item) in &world.imports {
                let import = reader.named(name, item, true, &types).map_err(no_room)?;
                surface.imports.insert(name.clone(), import);
            }
            if i > 0 {
                continue;
            }
            for are_interfaces in [true, false] {
                reader.exported_interfaces(are_interfaces);
                for (name, item) in &world.exports {
                    if matches!(item.ty, ComponentEntityType::Instance(_)) == are_interfaces {
                        let export = reader.named(name, item, false, &types).map_err(no_room)?;
                        surface.exports.insert(name.clone(), export);
                    }
                }
            }
        }
        surface.types = reader.types;
        Ok(surface)
    }

    /// Those of a component, whose names are read already.
    pub(crate) fn of_component(
        types: &TypesRef<'_>,
        imports: &[&str],
        exports: &[&str],
        needs_async: bool,
        room: usize,
    ) -> Result<Self, NoRoom> {
        let mut reader = Reader::new(room);
        let mut surface = Self {
            needs_async,
            ..Self::default()
        };
        for name in imports {
            if let Some(item) = types.component_item_for_import(name) {
                let named = reader.named(name, item, true, types)?;
                surface.imports.insert((*name).to_owned(), named);
            }
        }
        for name in exports {
            if let Some(item) = types.component_item_for_export(name) {
                let named = reader.named(name, item, false, types)?;
                surface.exports.insert((*name).to_owned(), named);
            }
        }
        surface.types = reader.types;
        Ok(surface)
    }
}

impl Named {
    /// What an interface holds, by name; what stands at the level of the world
    /// has no name beside its own.
    pub(crate) fn items(&self) -> impl Iterator<Item = (&str, &Item)> {
        let names: &[String] = match &self.shown {
            Extern::Interface(names) => names,
            _ => &[],
        };
        let names = names.iter().map(String::as_str);
        names.chain(std::iter::once("")).zip(&self.items)
    }

    /// The item of this name.
    pub(crate) fn item(&self, name: &str) -> Option<&Item> {
        match &self.shown {
            Extern::Interface(names) => {
                let index = names.binary_search_by(|n| n.as_str().cmp(name)).ok()?;
                self.items.get(index)
            }
            _ => self.items.first(),
        }
    }
}

/// Validates everything but function bodies; gives the types, and whether they
/// need an asynchronous host.
pub(crate) fn validated_types(bytes: &[u8]) -> Result<(wasmparser::types::Types, bool), String> {
    let mut synchronous = WasmFeatures::default();
    synchronous.remove(WasmFeatures::CM_ASYNC);
    match validated_types_with(bytes, synchronous) {
        Ok(types) => Ok((types, false)),
        // What is wrong either way is told as by one who knows both.
        Err(_) => {
            let asynchronous = WasmFeatures::default()
                | WasmFeatures::CM_ASYNC
                | WasmFeatures::CM_ASYNC_STACKFUL
                | WasmFeatures::CM_MORE_ASYNC_BUILTINS
                | WasmFeatures::CM_ERROR_CONTEXT;
            validated_types_with(bytes, asynchronous).map(|types| (types, true))
        }
    }
}

fn validated_types_with(
    bytes: &[u8],
    features: WasmFeatures,
) -> Result<wasmparser::types::Types, String> {
    let mut validator = Validator::new_with_features(features);
    let mut outermost = None;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(|e| e.to_string())?;
        // Compilation looks at the bodies; reading names needs no such work.
        if let ValidPayload::End(types) = validator.payload(&payload).map_err(|e| e.to_string())? {
            outermost = Some(types);
        }
    }
    outermost.ok_or_else(|| "unexpected end of the file".to_owned())
}

fn first_export(bytes: &[u8], types: &TypesRef<'_>) -> Option<ComponentItem> {
    Parser::new(0).parse_all(bytes).find_map(|payload| {
        let Ok(Payload::ComponentExportSection(section)) = payload else {
            return None;
        };
        let export = section.into_iter().next()?.ok()?;
        types.component_item_for_export(export.name.name).cloned()
    })
}

fn component_type<'t>(
    types: &'t TypesRef<'_>,
    item: Option<&ComponentItem>,
) -> Option<&'t wasmparser::component_types::ComponentType> {
    match item?.ty {
        ComponentEntityType::Component(id)
        | ComponentEntityType::Type {
            referenced: ComponentAnyTypeId::Component(id),
            ..
        } => Some(&types[id]),
        _ => None,
    }
}
