//! A WIT text as data, so that it can be changed.

use std::collections::BTreeSet;

/// Which type it is, in whatever interface it is.
pub(super) type Id = usize;

/// Packages, of which the last holds the world.
#[derive(Clone, Default)]
pub(super) struct Wit {
    pub(super) packages: Vec<Package>,
    /// Each uses earlier ones alone; packages come in the same order.
    pub(super) interfaces: Vec<Interface>,
    pub(super) world: World,
    /// Worlds that nobody uses.
    pub(super) other_worlds: Vec<String>,
    /// Of the next name and the next type.
    pub(super) next: usize,
}

#[derive(Clone)]
pub(super) struct Package {
    pub(super) name: String,
    /// Empty where it has none.
    pub(super) version: String,
}

#[derive(Clone, Default)]
pub(super) struct World {
    pub(super) name: String,
    /// Interfaces, by index.
    pub(super) imports: Vec<usize>,
    pub(super) exports: Vec<usize>,
    pub(super) imported: Vec<Function>,
    pub(super) exported: Vec<Function>,
}

#[derive(Clone)]
pub(super) struct Interface {
    pub(super) package: usize,
    pub(super) name: String,
    pub(super) types: Vec<Def>,
    pub(super) functions: Vec<Function>,
}

#[derive(Clone)]
pub(super) struct Def {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) kind: Kind,
}

#[derive(Clone)]
pub(super) enum Kind {
    /// Members with their types: all those of a record, some of a variant.
    Members(Shape, Vec<(String, Option<Ty>)>),
    Alias(Ty),
    Resource,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Record,
    Variant,
    Enum,
    Flags,
}

#[derive(Clone)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) params: Vec<(String, Ty)>,
    pub(super) result: Option<Ty>,
    pub(super) is_async: bool,
    /// What stands before it: documentation, or when it came.
    pub(super) note: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Free,
    Constructor(Id),
    Method(Id),
    Static(Id),
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Ty {
    Primitive(&'static str),
    /// A type that has a name; a resource is owned.
    Named(Id),
    Borrow(Id),
    List(Box<Self>),
    Option(Box<Self>),
    Result(Option<Box<Self>>, Option<Box<Self>>),
    Tuple(Vec<Self>),
    Stream(Box<Self>),
    Future(Box<Self>),
}

impl Role {
    /// The same of another resource.
    pub(super) fn with(self, f: &dyn Fn(Id) -> Id) -> Self {
        match self {
            Self::Free => Self::Free,
            Self::Constructor(id) => Self::Constructor(f(id)),
            Self::Method(id) => Self::Method(f(id)),
            Self::Static(id) => Self::Static(f(id)),
        }
    }
}

impl Ty {
    /// Calls `f` with each type that has a name in it.
    pub(super) fn each(&self, f: &mut dyn FnMut(Id)) {
        match self {
            Self::Primitive(_) => {}
            Self::Named(id) | Self::Borrow(id) => f(*id),
            Self::List(ty) | Self::Option(ty) | Self::Stream(ty) | Self::Future(ty) => ty.each(f),
            Self::Result(ok, err) => ok.iter().chain(err).for_each(|ty| ty.each(f)),
            Self::Tuple(types) => types.iter().for_each(|ty| ty.each(f)),
        }
    }

    /// The same with other types that have a name.
    pub(super) fn rename(&mut self, f: &dyn Fn(Id) -> Id) {
        match self {
            Self::Primitive(_) => {}
            Self::Named(id) | Self::Borrow(id) => *id = f(*id),
            Self::List(ty) | Self::Option(ty) | Self::Stream(ty) | Self::Future(ty) => {
                ty.rename(f);
            }
            Self::Result(ok, err) => ok.iter_mut().chain(err).for_each(|ty| ty.rename(f)),
            Self::Tuple(types) => types.iter_mut().for_each(|ty| ty.rename(f)),
        }
    }
}

impl Kind {
    pub(super) fn types(&mut self) -> Vec<&mut Ty> {
        match self {
            Self::Members(_, members) => {
                let types = members.iter_mut();
                types.filter_map(|(_, ty)| ty.as_mut()).collect()
            }
            Self::Alias(ty) => vec![ty],
            Self::Resource => Vec::new(),
        }
    }
}

impl Function {
    pub(super) fn types(&mut self) -> Vec<&mut Ty> {
        let params = self.params.iter_mut().map(|(_, ty)| ty);
        params.chain(&mut self.result).collect()
    }

    /// The resource that it is of.
    pub(super) fn resource(&self) -> Option<Id> {
        match self.role {
            Role::Free => None,
            Role::Constructor(id) | Role::Method(id) | Role::Static(id) => Some(id),
        }
    }

    /// All the types that have a name in its type, and its resource.
    pub(super) fn mentions(&self) -> BTreeSet<Id> {
        let mut ids: BTreeSet<Id> = self.resource().into_iter().collect();
        let params = self.params.iter().map(|(_, ty)| ty);
        let types = params.chain(&self.result);
        types.for_each(|ty| ty.each(&mut |id| _ = ids.insert(id)));
        ids
    }
}

impl Def {
    pub(super) fn mentions(&self) -> BTreeSet<Id> {
        let mut ids = BTreeSet::new();
        for ty in self.kind.clone().types() {
            ty.each(&mut |id| _ = ids.insert(id));
        }
        ids
    }
}

impl Wit {
    /// A name that nothing has yet.
    pub(super) fn fresh(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}{}", self.next)
    }

    pub(super) fn defs(&self) -> impl Iterator<Item = (usize, &Def)> {
        let interfaces = self.interfaces.iter().enumerate();
        interfaces.flat_map(|(i, interface)| interface.types.iter().map(move |def| (i, def)))
    }

    pub(super) fn def_mut(&mut self, id: Id) -> Option<&mut Def> {
        let mut defs = self.interfaces.iter_mut().flat_map(|i| &mut i.types);
        defs.find(|def| def.id == id)
    }

    /// Where a type is.
    pub(super) fn home(&self, id: Id) -> Option<(usize, &Def)> {
        self.defs().find(|(_, def)| def.id == id)
    }

    /// Whether it is a resource, or an alias of an earlier one: changes may make
    /// circles.
    pub(super) fn is_resource(&self, id: Id) -> bool {
        match self.home(id).map(|(_, def)| &def.kind) {
            Some(Kind::Resource) => true,
            Some(Kind::Alias(Ty::Named(of))) => *of < id && self.is_resource(*of),
            _ => false,
        }
    }

    /// Every place where functions are: interfaces, and the world's two.
    pub(super) fn places(&mut self) -> Vec<&mut Vec<Function>> {
        let interfaces = self.interfaces.iter_mut().map(|i| &mut i.functions);
        let world = [&mut self.world.imported, &mut self.world.exported];
        interfaces.chain(world).collect()
    }

    /// The interfaces that mention a type, and in the end the world.
    pub(super) fn users(&self, id: Id) -> BTreeSet<usize> {
        let mut users: BTreeSet<usize> = self
            .defs()
            .filter(|(_, def)| def.mentions().contains(&id))
            .map(|(i, _)| i)
            .collect();
        let mentioned = |f: &Function| f.mentions().contains(&id);
        for (i, interface) in self.interfaces.iter().enumerate() {
            if interface.functions.iter().any(mentioned) {
                users.insert(i);
            }
        }
        let mut world = self.world.imported.iter().chain(&self.world.exported);
        if world.any(mentioned) {
            users.insert(self.interfaces.len());
        }
        users
    }
}
