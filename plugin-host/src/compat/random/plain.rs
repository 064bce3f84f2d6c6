//! Writes a world anew without what does not count for a link, so that the
//! component model's validator can judge it: types are named by what they are,
//! parameters by their place, and interfaces by what they are linked with.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use test_encoder::wit_parser::{
    Function, FunctionKind, Handle, InterfaceId, Resolve, Type, TypeDefKind, TypeId, TypeOwner,
    WorldId, WorldItem, WorldKey,
};

/// An interface, and whether as an export.
type Side = (InterfaceId, bool);

/// A world to be written, with new names for its interfaces.
pub(super) struct Plain<'a> {
    resolve: &'a Resolve,
    names: BTreeMap<Side, String>,
    imported: Vec<&'a Function>,
    exported: Vec<&'a Function>,
    is_used: &'a dyn Fn(&Function) -> bool,
}

/// What an interface, or the world, says before its functions.
#[derive(Clone, Default)]
pub(super) struct Head {
    /// Types by their name.
    types: BTreeMap<String, String>,
}

impl<'a> Plain<'a> {
    /// `name` gives a new name for an import or an export; twice the same for two
    /// of them is nothing that can be written. Imports that are not used are left
    /// out.
    pub(super) fn new(
        resolve: &'a Resolve,
        world: WorldId,
        name: impl Fn(&str, bool) -> String,
        is_used: &'a dyn Fn(&Function) -> bool,
    ) -> Option<Self> {
        let world = &resolve.worlds[world];
        let mut plain = Self {
            resolve,
            names: BTreeMap::new(),
            imported: Vec::new(),
            exported: Vec::new(),
            is_used,
        };
        for (items, is_exported) in [(&world.imports, false), (&world.exports, true)] {
            for (key, item) in items {
                match item {
                    WorldItem::Interface { id, .. } => {
                        let name = name(&resolve.name_world_key(key), is_exported);
                        if plain.names.values().any(|other| *other == name) {
                            return None;
                        }
                        plain.names.insert((*id, is_exported), name);
                    }
                    WorldItem::Function(function) if is_exported => plain.exported.push(function),
                    WorldItem::Function(function) if is_used(function) => {
                        plain.imported.push(function);
                    }
                    WorldItem::Function(_) => {}
                    WorldItem::Type { .. } => {}
                }
            }
        }
        Some(plain)
    }

    /// The text, and what the world says before its functions; says that of
    /// `also`, too.
    pub(super) fn text(&self, also: &Head) -> (String, Head) {
        let mut head = also.clone();
        let mut body = String::new();
        for ((_, is_exported), name) in &self.names {
            let word = word(*is_exported);
            body.push_str(&format!("  {word} plain:{name}/x;\n"));
        }
        for (functions, is_exported) in [(&self.imported, false), (&self.exported, true)] {
            for function in functions {
                let text = self.function(function, None, &mut head);
                body.push_str(&format!("  {} {text}\n", word(is_exported)));
            }
        }
        let mut text = format!(
            "package plain:main; world plugin {{\n{}{body}}}\n",
            head.text()
        );
        for (side, name) in &self.names {
            let interface = self.interface(*side);
            text.push_str(&format!(
                "package plain:{name} {{ interface x {{\n{interface}}} }}\n"
            ));
        }
        (text, head)
    }

    fn interface(&self, side: Side) -> String {
        let mut head = Head::default();
        let mut body = String::new();
        let interface = &self.resolve.interfaces[side.0];
        let functions = interface.functions.values();
        let functions: Vec<_> = functions.filter(|f| side.1 || (self.is_used)(f)).collect();
        for (name, id) in &interface.types {
            if !matches!(self.resolve.types[*id].kind, TypeDefKind::Resource) {
                continue;
            }
            body.push_str(&format!("  resource {name} {{\n"));
            for function in &functions {
                if function.kind.resource() == Some(*id) {
                    let text = self.function(function, Some(side), &mut head);
                    body.push_str(&format!("    {text}\n"));
                }
            }
            body.push_str("  }\n");
        }
        for function in &functions {
            if function.kind.resource().is_none() {
                let text = self.function(function, Some(side), &mut head);
                body.push_str(&format!("  {text}\n"));
            }
        }
        head.text() + &body
    }

    fn function(&self, function: &Function, side: Option<Side>, head: &mut Head) -> String {
        let is_method = matches!(
            function.kind,
            FunctionKind::Method(_) | FunctionKind::AsyncMethod(_)
        );
        let params = function.params.iter().skip(usize::from(is_method));
        let params: Vec<String> = params
            .enumerate()
            .map(|(i, param)| format!("p{i}: {}", self.ty(&param.ty, side, head)))
            .collect();
        let params = params.join(", ");
        let name = function.item_name();
        let word = if function.kind.is_async() {
            "async func"
        } else {
            "func"
        };
        let result = match &function.result {
            Some(ty) => format!(" -> {}", self.ty(ty, side, head)),
            None => String::new(),
        };
        match function.kind {
            FunctionKind::Constructor(_) => format!("constructor({params});"),
            FunctionKind::Static(_) | FunctionKind::AsyncStatic(_) => {
                format!("{name}: static {word}({params}){result};")
            }
            _ => format!("{name}: {word}({params}){result};"),
        }
    }

    fn ty(&self, ty: &Type, side: Option<Side>, head: &mut Head) -> String {
        let Type::Id(id) = ty else {
            return format!("{ty:?}").to_lowercase();
        };
        let mut one = |ty: &Type| self.ty(ty, side, head);
        let maybe = |ty: &Option<Type>, one: &mut dyn FnMut(&Type) -> String| {
            ty.as_ref().map_or_else(|| "_".to_owned(), one)
        };
        let members = |members: Vec<String>| format!("{{ {} }}", members.join(", "));
        let (word, text) = match &self.resolve.types[*id].kind {
            TypeDefKind::Type(ty) => return one(ty),
            TypeDefKind::Handle(Handle::Own(id)) => return self.resource(*id, side, head),
            TypeDefKind::Handle(Handle::Borrow(id)) => {
                return format!("borrow<{}>", self.resource(*id, side, head));
            }
            TypeDefKind::List(ty) => return format!("list<{}>", one(ty)),
            TypeDefKind::Option(ty) => return format!("option<{}>", one(ty)),
            TypeDefKind::Stream(Some(ty)) => return format!("stream<{}>", one(ty)),
            TypeDefKind::Future(Some(ty)) => return format!("future<{}>", one(ty)),
            TypeDefKind::Tuple(tuple) => {
                let types: Vec<String> = tuple.types.iter().map(one).collect();
                return format!("tuple<{}>", types.join(", "));
            }
            TypeDefKind::Result(result) => {
                let ok = maybe(&result.ok, &mut one);
                return match &result.err {
                    Some(err) => format!("result<{ok}, {}>", one(err)),
                    None if result.ok.is_some() => format!("result<{ok}>"),
                    None => "result".to_owned(),
                };
            }
            TypeDefKind::Record(record) => {
                let fields = record.fields.iter();
                let fields = fields.map(|field| format!("{}: {}", field.name, one(&field.ty)));
                ("record", members(fields.collect()))
            }
            TypeDefKind::Variant(variant) => {
                let cases = variant.cases.iter().map(|case| match &case.ty {
                    Some(ty) => format!("{}({})", case.name, one(ty)),
                    None => case.name.clone(),
                });
                ("variant", members(cases.collect()))
            }
            TypeDefKind::Enum(cases) => {
                let cases = cases.cases.iter().map(|case| case.name.clone());
                ("enum", members(cases.collect()))
            }
            TypeDefKind::Flags(flags) => {
                let flags = flags.flags.iter().map(|flag| flag.name.clone());
                ("flags", members(flags.collect()))
            }
            other => unreachable!("{other:?} is not generated"),
        };
        let mut hasher = DefaultHasher::new();
        (word, &text).hash(&mut hasher);
        let name = format!("d{:x}", hasher.finish());
        let definition = format!("{word} {name} {text}");
        head.types.insert(name.clone(), definition);
        name
    }

    /// A resource's name where it is mentioned; uses it where it is another
    /// interface's.
    fn resource(&self, id: TypeId, side: Option<Side>, head: &mut Head) -> String {
        let def = &self.resolve.types[id];
        if let TypeDefKind::Type(Type::Id(id)) = def.kind {
            return self.resource(id, side, head);
        }
        let name = def.name.as_deref().expect("a resource has a name");
        let TypeOwner::Interface(home) = def.owner else {
            unreachable!("the world has no resources of its own");
        };
        if side.is_some_and(|side| side.0 == home) {
            return name.to_owned();
        }
        let from_export = side.is_some_and(|side| side.1);
        let home = [(home, true), (home, false)]
            .into_iter()
            .filter(|home| from_export || !home.1)
            .find_map(|home| self.names.get(&home))
            .expect("what is used is in the world");
        let alias = format!("u-{home}-{name}");
        let used = format!("use plain:{home}/x.{{{name} as {alias}}};");
        head.types.insert(alias.clone(), used);
        alias
    }
}

impl Head {
    fn text(&self) -> String {
        self.types
            .values()
            .map(|line| format!("  {line}\n"))
            .collect()
    }
}

fn word(is_exported: bool) -> &'static str {
    if is_exported { "export" } else { "import" }
}

/// The names of all interfaces that a world imports, or exports.
pub(super) fn interfaces(resolve: &Resolve, world: WorldId, is_exported: bool) -> Vec<String> {
    let world = &resolve.worlds[world];
    let items = if is_exported {
        &world.exports
    } else {
        &world.imports
    };
    let keys = items.iter().filter_map(|(key, item)| match item {
        WorldItem::Interface { .. } => Some(key),
        _ => None,
    });
    keys.map(|key: &WorldKey| resolve.name_world_key(key))
        .collect()
}
