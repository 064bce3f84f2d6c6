//! Takes imports and exports, with their types, out of what wasmparser has
//! validated. Keeps no more of them than there is room for.

use super::types::{Function, Primitive, Resource, ResourceId, Type, TypeId, Types};
use super::{Extern, Item, Named};
use std::collections::HashMap;
use std::sync::Arc;
use wasmparser::component_types::{
    ComponentAnyTypeId, ComponentDefinedType, ComponentDefinedTypeId, ComponentEntityType,
    ComponentFuncTypeId, ComponentItem, ComponentValType, ResourceId as ReadResourceId,
};
use wasmparser::types::TypesRef;

/// There is more than is kept.
pub(crate) struct NoRoom;

/// What is kept of anything that has a name, in bytes beside the name.
const EACH: usize = 16;

/// Reads one side's imports and exports into one set of types.
pub(crate) struct Reader {
    pub(super) types: Types,
    known: HashMap<Arc<Type>, TypeId>,
    read: HashMap<ComponentDefinedTypeId, TypeId>,
    resources: HashMap<ReadResourceId, ResourceId>,
    /// A world's own resources, by interface and name, which stand in its exported
    /// interfaces for the imported ones.
    own: HashMap<(String, String), ResourceId>,
    /// Whether they do in what is read.
    own_stand_in: bool,
    /// How many bytes more are kept.
    room: usize,
}

impl Reader {
    pub(crate) fn new(room: usize) -> Self {
        Self {
            types: Types::default(),
            known: HashMap::new(),
            read: HashMap::new(),
            resources: HashMap::new(),
            own: HashMap::new(),
            own_stand_in: false,
            room,
        }
    }

    /// Goes on with another validated file, whose ids mean other types.
    pub(super) fn next_file(&mut self) {
        self.read.clear();
    }

    /// Goes on with the interfaces that a world exports, or with the rest of it.
    ///
    /// One that uses a resource of another which is both imported and exported
    /// means the exported. wit-component encodes that as the imported one where
    /// an import uses it, too.
    pub(super) fn exported_interfaces(&mut self, begin: bool) {
        self.read.clear();
        self.own_stand_in = begin;
    }

    /// Reads an import or an export.
    pub(crate) fn named(
        &mut self,
        name: &str,
        item: &ComponentItem,
        is_imported: bool,
        from: &TypesRef<'_>,
    ) -> Result<Named, NoRoom> {
        self.charge(name)?;
        let ComponentEntityType::Instance(id) = item.ty else {
            let item = self.item("", name, item, is_imported, from)?;
            let shown = match item {
                Item::Function(_) => Extern::Function,
                _ => Extern::Other,
            };
            return Ok(Named {
                shown,
                items: vec![item],
            });
        };
        let exports = &from[id].exports;
        let mut items = Vec::new();
        for (inner, item) in exports {
            self.charge(inner)?;
            let item = self.item(name, inner, item, is_imported, from)?;
            let shown = match &item {
                // Types alone are nothing that either side must have.
                Item::Type => continue,
                Item::Resource(_) => format!("[resource]{inner}"),
                Item::Function(_) | Item::Foreign => inner.clone(),
            };
            items.push((shown, item));
        }
        for (inner, item) in exports {
            self.name_type(inner, item);
        }
        items.sort_by(|(a, _), (b, _)| a.cmp(b));
        let (names, items) = items.into_iter().unzip();
        Ok(Named {
            shown: Extern::Interface(names),
            items,
        })
    }

    fn item(
        &mut self,
        interface: &str,
        name: &str,
        item: &ComponentItem,
        is_imported: bool,
        from: &TypesRef<'_>,
    ) -> Result<Item, NoRoom> {
        Ok(match item.ty {
            ComponentEntityType::Func(id) => Item::Function(self.function(id, from)?),
            ComponentEntityType::Type {
                created: ComponentAnyTypeId::Resource(id),
                ..
            } => {
                let id = self.resource(id.resource());
                self.types.set_home(id, || Resource {
                    interface: interface.to_owned(),
                    name: name.to_owned(),
                    is_imported,
                });
                if self.own_stand_in {
                    let place = (interface.to_owned(), name.to_owned());
                    self.own.entry(place).or_insert(id);
                }
                Item::Resource(id)
            }
            ComponentEntityType::Type {
                created: ComponentAnyTypeId::Defined(_),
                ..
            } => Item::Type,
            _ => Item::Foreign,
        })
    }

    /// Keeps the name of a type that a function uses.
    fn name_type(&mut self, name: &str, item: &ComponentItem) {
        if let ComponentEntityType::Type {
            created: ComponentAnyTypeId::Defined(id),
            ..
        } = item.ty
            && let Some(id) = self.read.get(&id)
        {
            self.types.set_name(*id, name);
        }
    }

    fn function(
        &mut self,
        id: ComponentFuncTypeId,
        from: &TypesRef<'_>,
    ) -> Result<Function, NoRoom> {
        let ty = &from[id];
        let params = ty.params.iter();
        Ok(Function {
            is_async: ty.async_,
            params: params
                .map(|(name, ty)| Ok((self.keep(name.as_str())?, self.value(*ty, from)?)))
                .collect::<Result<_, NoRoom>>()?,
            result: self.optional(ty.result, from)?,
        })
    }

    fn optional(
        &mut self,
        ty: Option<ComponentValType>,
        from: &TypesRef<'_>,
    ) -> Result<Option<TypeId>, NoRoom> {
        ty.map(|ty| self.value(ty, from)).transpose()
    }

    /// The validator bounds how deep types are, which bounds this recursion.
    fn value(&mut self, ty: ComponentValType, from: &TypesRef<'_>) -> Result<TypeId, NoRoom> {
        let id = match ty {
            ComponentValType::Primitive(ty) => {
                return Ok(self.intern(Type::Primitive(Primitive(ty))));
            }
            ComponentValType::Type(id) => id,
        };
        if let Some(known) = self.read.get(&id) {
            return Ok(*known);
        }
        self.charge("")?;
        let ty = match &from[id] {
            ComponentDefinedType::Primitive(ty) => Type::Primitive(Primitive(*ty)),
            ComponentDefinedType::Record(record) => {
                let fields = record.fields.iter();
                let fields = fields
                    .map(|(name, ty)| Ok((self.keep(name.as_str())?, self.value(*ty, from)?)));
                Type::Record(fields.collect::<Result<_, NoRoom>>()?)
            }
            ComponentDefinedType::Variant(variant) => {
                let cases = variant.cases.iter();
                let cases = cases.map(|(name, case)| {
                    Ok((self.keep(name.as_str())?, self.optional(case.ty, from)?))
                });
                Type::Variant(cases.collect::<Result<_, NoRoom>>()?)
            }
            ComponentDefinedType::Enum(names) => {
                let names = names.iter().map(|name| self.keep(name.as_str()));
                Type::Enum(names.collect::<Result<_, NoRoom>>()?)
            }
            ComponentDefinedType::Flags(names) => {
                let names = names.iter().map(|name| self.keep(name.as_str()));
                Type::Flags(names.collect::<Result<_, NoRoom>>()?)
            }
            ComponentDefinedType::Tuple(tuple) => {
                let types = tuple.types.iter();
                let types = types.map(|ty| {
                    self.charge("")?;
                    self.value(*ty, from)
                });
                Type::Tuple(types.collect::<Result<_, NoRoom>>()?)
            }
            ComponentDefinedType::List { element, .. } => Type::List(self.value(*element, from)?),
            ComponentDefinedType::FixedLengthList {
                element, length, ..
            } => Type::FixedLengthList(self.value(*element, from)?, *length),
            ComponentDefinedType::Map { key, value, .. } => {
                Type::Map(self.value(*key, from)?, self.value(*value, from)?)
            }
            ComponentDefinedType::Option { ty, .. } => Type::Option(self.value(*ty, from)?),
            ComponentDefinedType::Result { ok, err, .. } => {
                Type::Result(self.optional(*ok, from)?, self.optional(*err, from)?)
            }
            ComponentDefinedType::Own(id) => Type::Own(self.resource(id.resource())),
            ComponentDefinedType::Borrow(id) => Type::Borrow(self.resource(id.resource())),
            ComponentDefinedType::Future { ty, .. } => Type::Future(self.optional(*ty, from)?),
            ComponentDefinedType::Stream { ty, .. } => Type::Stream(self.optional(*ty, from)?),
        };
        let known = self.intern(ty);
        self.read.insert(id, known);
        Ok(known)
    }

    fn intern(&mut self, ty: Type) -> TypeId {
        if let Some(known) = self.known.get(&ty) {
            return *known;
        }
        let ty = Arc::new(ty);
        let id = self.types.push(Arc::clone(&ty));
        self.known.insert(ty, id);
        id
    }

    fn resource(&mut self, id: ReadResourceId) -> ResourceId {
        let types = &mut self.types;
        let id = *self
            .resources
            .entry(id)
            .or_insert_with(|| types.push_resource());
        match self.types.resource(id) {
            Some(home) if self.own_stand_in && home.is_imported => {
                let place = (home.interface.clone(), home.name.clone());
                self.own.get(&place).copied().unwrap_or(id)
            }
            _ => id,
        }
    }

    fn keep(&mut self, name: &str) -> Result<Box<str>, NoRoom> {
        self.charge(name)?;
        Ok(name.into())
    }

    /// Before it is copied: a type that is written once may be used often.
    fn charge(&mut self, name: &str) -> Result<(), NoRoom> {
        let left = self.room.checked_sub(name.len() + EACH);
        self.room = left.ok_or(NoRoom)?;
        Ok(())
    }
}
