//! One version of one package, with names by which two releases are matched.
//! Compares nothing.

use crate::side::Sides;
use std::collections::{BTreeMap, HashMap};
use wit_parser::{
    InterfaceId, PackageId, PackageName, Resolve, Type, TypeDefKind, TypeId, TypeOwner, World,
    WorldId, WorldItem, WorldKey,
};

/// One version of one package.
pub(crate) struct View<'a> {
    pub(crate) resolve: &'a Resolve,
    pub(crate) package: PackageId,
    /// Interfaces that stand in a world, which have no name of their own.
    inline: HashMap<InterfaceId, String>,
    /// Where worlds have an interface.
    placed: BTreeMap<String, Sides>,
    /// Where its types end up, through the interfaces that use them.
    reached: BTreeMap<String, Sides>,
    /// The interfaces with names whose items worlds or other interfaces use.
    used: BTreeMap<String, InterfaceId>,
}

impl<'a> View<'a> {
    pub(crate) fn new(resolve: &'a Resolve, package: PackageId, root: PackageId) -> Self {
        let mut view = Self {
            resolve,
            package,
            inline: HashMap::new(),
            placed: BTreeMap::new(),
            reached: BTreeMap::new(),
            used: BTreeMap::new(),
        };
        let worlds = resolve.worlds.iter();
        let counted: Vec<_> = worlds
            .filter(|(_, world)| world.package == Some(package) || world.package == Some(root))
            .collect();
        for (id, world) in &counted {
            view.name_inline(*id, world);
        }
        for (_, world) in &counted {
            view.place(world);
        }
        for &interface in resolve.packages[package].interfaces.values() {
            view.reach(interface, Sides::default());
        }
        view
    }

    /// What names an interface in every release: without the version for the
    /// package's own, with its track for others.
    pub(crate) fn key(&self, interface: InterfaceId) -> String {
        if let Some(name) = self.inline.get(&interface) {
            return name.clone();
        }
        let it = &self.resolve.interfaces[interface];
        let name = it.name.as_deref().unwrap_or_default();
        self.qualified(it.package, name)
    }

    /// What names a world in every release.
    pub(crate) fn world_key(&self, world: WorldId) -> String {
        let it = &self.resolve.worlds[world];
        self.qualified(it.package, &it.name)
    }

    /// What names an import or export in every release, and people.
    pub(crate) fn item_key(&self, key: &WorldKey) -> String {
        match key {
            WorldKey::Name(name) => name.clone(),
            WorldKey::Interface(id) => self.key(*id),
        }
    }

    /// Where worlds have the interface.
    pub(crate) fn sides(&self, key: &str) -> Sides {
        self.placed.get(key).copied().unwrap_or_default()
    }

    /// Where the interface's types end up.
    pub(crate) fn type_sides(&self, key: &str) -> Sides {
        self.reached.get(key).copied().unwrap_or_default()
    }

    /// The interfaces with names: the package's own and all that they or its
    /// worlds use.
    pub(crate) fn interfaces(&self) -> &BTreeMap<String, InterfaceId> {
        &self.used
    }

    pub(crate) fn is_own(&self, interface: InterfaceId) -> bool {
        self.resolve.interfaces[interface].package == Some(self.package)
    }

    /// The names under which a type goes, its own first and then those of what
    /// it is an alias of, and the type that it comes to in the end.
    pub(crate) fn names(&self, mut id: TypeId) -> (Vec<String>, Type) {
        let mut names = Vec::new();
        loop {
            let def = &self.resolve.types[id];
            if let Some(name) = &def.name {
                names.push(format!("{} {name}", self.owner_key(def.owner)));
            }
            match def.kind {
                TypeDefKind::Type(Type::Id(next)) => id = next,
                TypeDefKind::Type(primitive) => return (names, primitive),
                _ => return (names, Type::Id(id)),
            }
        }
    }

    fn owner_key(&self, owner: TypeOwner) -> String {
        match owner {
            TypeOwner::Interface(id) => self.key(id),
            TypeOwner::World(id) => self.world_key(id),
            TypeOwner::None => String::new(),
        }
    }

    fn qualified(&self, package: Option<PackageId>, name: &str) -> String {
        let Some(package) = package else {
            return name.to_owned();
        };
        let of = &self.resolve.packages[package].name;
        let base = format!("{}:{}/{name}", of.namespace, of.name);
        match &of.version {
            Some(version) if package != self.package => {
                let track = PackageName::version_compat_track_string(version);
                format!("{base}@{track}")
            }
            _ => base,
        }
    }

    fn name_inline(&mut self, id: WorldId, world: &World) {
        let of = self.world_key(id);
        for (side, items) in [("import", &world.imports), ("export", &world.exports)] {
            for (key, item) in items {
                if let (WorldKey::Name(name), WorldItem::Interface { id, .. }) = (key, item)
                    && self.resolve.interfaces[*id].name.is_none()
                {
                    self.inline.insert(*id, format!("{of} {side} {name}"));
                }
            }
        }
    }

    fn place(&mut self, world: &World) {
        let on = |imports| Sides {
            imports,
            exports: !imports,
        };
        for (sides, items) in [(on(true), &world.imports), (on(false), &world.exports)] {
            for item in items.values() {
                if let WorldItem::Interface { id, .. } = item {
                    self.placed.entry(self.key(*id)).or_default().add(sides);
                    self.reach(*id, sides);
                }
            }
        }
    }

    fn reach(&mut self, interface: InterfaceId, sides: Sides) {
        let key = self.key(interface);
        let named = self.resolve.interfaces[interface].name.is_some();
        let seen = self.reached.contains_key(&key);
        let reached = self.reached.entry(key.clone()).or_default();
        // An interface is used once for each type, by each of its users.
        if seen && reached.has(sides) {
            return;
        }
        reached.add(sides);
        if named {
            self.used.insert(key, interface);
        }
        for dep in self.resolve.interface_direct_deps(interface) {
            self.reach(dep, sides);
        }
    }
}
