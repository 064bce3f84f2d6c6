//! Names of what goes into and out of a component or a world, with the
//! functions in each. Taken from validated types only.

use std::collections::BTreeMap;
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType, ComponentItem};
use wasmparser::types::TypesRef;
use wasmparser::{Parser, Payload, ValidPayload, Validator};

/// Imports or exports, by name.
pub(crate) type Externs = BTreeMap<String, Extern>;

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

/// The imports and exports of a world that was encoded as a component type.
///
/// # Errors
///
/// A text where `wit` is no such encoding.
pub(crate) fn read_world(wit: &[u8]) -> Result<(Externs, Externs), String> {
    let types = validated_types(wit)?;
    let types = types.as_ref();
    // The encoding wraps the world twice: a component that exports a component
    // type that exports the world.
    let package = component_type(&types, first_export(wit, &types).as_ref());
    let world = package
        .and_then(|package| package.exports.values().next())
        .and_then(|item| component_type(&types, Some(item)))
        .ok_or("the encoded WIT holds no world")?;
    let externs = |items: &mut dyn Iterator<Item = (&String, &ComponentItem)>| {
        items
            .map(|(name, item)| (name.clone(), Extern::of(item, &types)))
            .collect()
    };
    Ok((
        externs(&mut world.imports.iter()),
        externs(&mut world.exports.iter()),
    ))
}

/// Validates everything but function bodies, and gives the types.
pub(crate) fn validated_types(bytes: &[u8]) -> Result<wasmparser::types::Types, String> {
    let mut validator = Validator::new();
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

impl Extern {
    pub(crate) fn of(item: &ComponentItem, types: &TypesRef<'_>) -> Self {
        match item.ty {
            ComponentEntityType::Func(_) => Self::Function,
            ComponentEntityType::Instance(id) => {
                let exports = types[id].exports.iter();
                let mut needed: Vec<String> = exports
                    .filter_map(|(name, item)| match item.ty {
                        ComponentEntityType::Func(_) => Some(name.clone()),
                        ComponentEntityType::Type {
                            referenced: ComponentAnyTypeId::Resource(_),
                            ..
                        } => Some(format!("[resource]{name}")),
                        _ => None,
                    })
                    .collect();
                needed.sort();
                Self::Interface(needed)
            }
            _ => Self::Other,
        }
    }
}

/// How many bytes an extern takes to remember, in names.
pub(crate) fn name_bytes(name: &str, item: &ComponentItem, types: &TypesRef<'_>) -> Option<usize> {
    let inner = match item.ty {
        ComponentEntityType::Instance(id) => types[id]
            .exports
            .keys()
            .try_fold(0usize, |sum, name| sum.checked_add(name.len() + 16))?,
        _ => 0,
    };
    inner.checked_add(name.len())
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
