//! The types of one side's functions, each kept once: two types are the same
//! where their ids are.

use std::collections::HashMap;
use std::sync::Arc;
use wasmparser::PrimitiveValType;

/// Where a type is in its [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TypeId(pub(super) u32);

/// Where a resource is in its [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ResourceId(pub(super) u32);

/// A type; aliases and names are gone.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) enum Type {
    Primitive(Primitive),
    Record(Vec<(Box<str>, TypeId)>),
    Variant(Vec<(Box<str>, Option<TypeId>)>),
    Enum(Vec<Box<str>>),
    Flags(Vec<Box<str>>),
    Tuple(Vec<TypeId>),
    List(TypeId),
    FixedLengthList(TypeId, u32),
    Map(TypeId, TypeId),
    Option(TypeId),
    Result(Option<TypeId>, Option<TypeId>),
    Own(ResourceId),
    Borrow(ResourceId),
    Future(Option<TypeId>),
    Stream(Option<TypeId>),
}

/// wasmparser's own cannot be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Primitive(pub(super) PrimitiveValType);

impl std::hash::Hash for Primitive {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        std::mem::discriminant(&self.0).hash(state);
    }
}

impl std::fmt::Display for Primitive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A function's type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) is_async: bool,
    pub(crate) params: Vec<(Box<str>, TypeId)>,
    pub(crate) result: Option<TypeId>,
}

/// Where a resource is first named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resource {
    /// Empty for one of the world itself.
    pub(crate) interface: String,
    pub(crate) name: String,
    pub(crate) is_imported: bool,
}

/// The types of a component or a world.
#[derive(Clone, Debug, Default)]
pub(crate) struct Types {
    types: Vec<Arc<Type>>,
    /// For each, whether values of it need an asynchronous host.
    asynchronous: Vec<bool>,
    names: HashMap<TypeId, Box<str>>,
    resources: Vec<Option<Resource>>,
}

impl Types {
    pub(crate) fn get(&self, id: TypeId) -> &Type {
        &self.types[id.0 as usize]
    }

    /// What a record, a variant, an enum or flags are called, where they are.
    pub(crate) fn name(&self, id: TypeId) -> Option<&str> {
        self.names.get(&id).map(|name| &**name)
    }

    /// Where a resource is named; nowhere for one that is kept inside.
    pub(crate) fn resource(&self, id: ResourceId) -> Option<&Resource> {
        self.resources[id.0 as usize].as_ref()
    }

    /// Whether the function, or a value that it takes or returns, needs an
    /// asynchronous host.
    pub(crate) fn needs_async(&self, function: &Function) -> bool {
        let types = function.params.iter().map(|(_, ty)| ty);
        let mut types = types.chain(&function.result);
        function.is_async || types.any(|ty| self.asynchronous[ty.0 as usize])
    }

    pub(super) fn push(&mut self, ty: Arc<Type>) -> TypeId {
        let id = TypeId(self.types.len() as u32);
        let mut needs_async = matches!(
            *ty,
            Type::Future(_)
                | Type::Stream(_)
                | Type::Primitive(Primitive(PrimitiveValType::ErrorContext))
        );
        ty.each(|part| needs_async |= self.asynchronous[part.0 as usize]);
        self.types.push(ty);
        self.asynchronous.push(needs_async);
        id
    }

    pub(super) fn set_name(&mut self, id: TypeId, name: &str) {
        if matches!(
            self.get(id),
            Type::Record(_) | Type::Variant(_) | Type::Enum(_) | Type::Flags(_)
        ) {
            self.names.entry(id).or_insert_with(|| name.into());
        }
    }

    pub(super) fn push_resource(&mut self) -> ResourceId {
        self.resources.push(None);
        ResourceId(self.resources.len() as u32 - 1)
    }

    pub(super) fn set_home(&mut self, id: ResourceId, home: impl FnOnce() -> Resource) {
        self.resources[id.0 as usize].get_or_insert_with(home);
    }
}

impl Type {
    /// Calls `f` with each type that this one is made of.
    fn each(&self, mut f: impl FnMut(TypeId)) {
        match self {
            Self::Record(fields) => fields.iter().for_each(|(_, ty)| f(*ty)),
            Self::Variant(cases) => cases.iter().filter_map(|(_, ty)| *ty).for_each(f),
            Self::Tuple(types) => types.iter().copied().for_each(f),
            Self::List(ty) | Self::FixedLengthList(ty, _) | Self::Option(ty) => f(*ty),
            Self::Map(key, value) => [*key, *value].into_iter().for_each(f),
            Self::Result(ok, err) => [*ok, *err].into_iter().flatten().for_each(f),
            Self::Future(ty) | Self::Stream(ty) => ty.iter().copied().for_each(f),
            Self::Primitive(_)
            | Self::Enum(_)
            | Self::Flags(_)
            | Self::Own(_)
            | Self::Borrow(_) => {}
        }
    }
}
