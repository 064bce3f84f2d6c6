//! Writes a model as WIT.

use super::model::{Function, Id, Interface, Kind, Role, Shape, Ty, Wit};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

impl Wit {
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let main = self.packages.len() - 1;
        let write = |text: &mut String| {
            writeln!(text, "package {};", self.package(main))?;
            self.interfaces_of(main, text)?;
            self.world_text(text)?;
            for package in 0..main {
                writeln!(text, "package {} {{", self.package(package))?;
                self.interfaces_of(package, text)?;
                writeln!(text, "}}")?;
            }
            std::fmt::Result::Ok(())
        };
        write(&mut text).expect("a string takes everything");
        text
    }

    fn package(&self, package: usize) -> String {
        let package = &self.packages[package];
        format!("acme:{}{}", package.name, at(&package.version))
    }

    /// An interface as it is called in a package.
    fn path(&self, interface: usize, from: usize) -> String {
        let Interface { package, name, .. } = &self.interfaces[interface];
        if *package == from {
            return name.clone();
        }
        let package = &self.packages[*package];
        format!("acme:{}/{name}{}", package.name, at(&package.version))
    }

    fn interfaces_of(&self, package: usize, text: &mut String) -> std::fmt::Result {
        let interfaces = self.interfaces.iter().enumerate();
        for (i, interface) in interfaces.filter(|(_, i)| i.package == package) {
            writeln!(text, "  interface {} {{", interface.name)?;
            let mut mentioned = BTreeSet::new();
            for def in &interface.types {
                mentioned.extend(def.mentions());
            }
            for function in &interface.functions {
                mentioned.extend(function.mentions());
            }
            let names = self.uses(i, &mentioned, text)?;
            self.defs_text(interface, &names, text)?;
            for function in interface.functions.iter().filter(|f| f.role == Role::Free) {
                function_text(function, &names, text)?;
            }
            writeln!(text, "  }}")?;
        }
        Ok(())
    }

    fn world_text(&self, text: &mut String) -> std::fmt::Result {
        let world = &self.world;
        let main = self.packages.len() - 1;
        writeln!(text, "  world {} {{", world.name)?;
        let mut mentioned = BTreeSet::new();
        for function in world.imported.iter().chain(&world.exported) {
            mentioned.extend(function.mentions());
        }
        let names = self.uses(self.interfaces.len(), &mentioned, text)?;
        for interface in &world.imports {
            writeln!(text, "    import {};", self.path(*interface, main))?;
        }
        for interface in &world.exports {
            writeln!(text, "    export {};", self.path(*interface, main))?;
        }
        for (word, functions) in [("import", &world.imported), ("export", &world.exported)] {
            for function in functions {
                write!(text, "    {}{word}", function.note)?;
                let without_note = Function {
                    note: String::new(),
                    ..function.clone()
                };
                function_text(&without_note, &names, text)?;
            }
        }
        writeln!(text, "  }}")?;
        for name in &self.other_worlds {
            writeln!(text, "  world {name} {{ export {name}-run: func(); }}")?;
        }
        Ok(())
    }

    /// Writes what `interface`, or the world, uses of others; gives the names of
    /// all that it mentions.
    fn uses(
        &self,
        interface: usize,
        mentioned: &BTreeSet<Id>,
        text: &mut String,
    ) -> Result<BTreeMap<Id, String>, std::fmt::Error> {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut names = BTreeMap::new();
        for (_, def) in self.defs().filter(|(home, _)| *home == interface) {
            names.insert(def.id, def.name.clone());
            taken.insert(def.name.clone());
        }
        for id in mentioned {
            let Some((home, def)) = self.home(*id).filter(|(home, _)| *home != interface) else {
                continue;
            };
            let from = self.interfaces.get(interface);
            let from = from.map_or(self.packages.len() - 1, |from| from.package);
            let path = self.path(home, from);
            let name = &def.name;
            // Some are used under another name, and all that are taken.
            if !(interface + id).is_multiple_of(4) && taken.insert(name.clone()) {
                writeln!(text, "    use {path}.{{{name}}};")?;
                names.insert(*id, name.clone());
            } else {
                writeln!(text, "    use {path}.{{{name} as n{id}}};")?;
                names.insert(*id, format!("n{id}"));
            }
        }
        Ok(names)
    }

    fn defs_text(
        &self,
        interface: &Interface,
        names: &BTreeMap<Id, String>,
        text: &mut String,
    ) -> std::fmt::Result {
        for def in &interface.types {
            let name = &def.name;
            match &def.kind {
                Kind::Alias(ty) => writeln!(text, "    type {name} = {};", ty_text(ty, names))?,
                Kind::Resource => {
                    writeln!(text, "    resource {name} {{")?;
                    let functions = interface.functions.iter();
                    for function in functions.filter(|f| f.resource() == Some(def.id)) {
                        function_text(function, names, text)?;
                    }
                    writeln!(text, "    }}")?;
                }
                Kind::Members(shape, members) => {
                    let word = match shape {
                        Shape::Record => "record",
                        Shape::Variant => "variant",
                        Shape::Enum => "enum",
                        Shape::Flags => "flags",
                    };
                    let members = members.iter().map(|(name, ty)| match (shape, ty) {
                        (Shape::Record, Some(ty)) => format!("{name}: {}", ty_text(ty, names)),
                        (Shape::Variant, Some(ty)) => format!("{name}({})", ty_text(ty, names)),
                        _ => name.clone(),
                    });
                    let members: Vec<String> = members.collect();
                    writeln!(text, "    {word} {name} {{ {} }}", members.join(", "))?;
                }
            }
        }
        Ok(())
    }
}

fn at(version: &str) -> String {
    if version.is_empty() {
        String::new()
    } else {
        format!("@{version}")
    }
}

fn function_text(
    function: &Function,
    names: &BTreeMap<Id, String>,
    text: &mut String,
) -> std::fmt::Result {
    let Function { name, note, .. } = function;
    let params = function.params.iter();
    let params: Vec<String> = params
        .map(|(name, ty)| format!("{name}: {}", ty_text(ty, names)))
        .collect();
    let params = params.join(", ");
    let word = if function.is_async {
        "async func"
    } else {
        "func"
    };
    match function.role {
        Role::Constructor(_) => return writeln!(text, "    {note}constructor({params});"),
        Role::Free | Role::Method(_) => write!(text, "    {note} {name}: {word}({params})")?,
        Role::Static(_) => write!(text, "    {note} {name}: static {word}({params})")?,
    }
    match &function.result {
        Some(ty) => writeln!(text, " -> {};", ty_text(ty, names)),
        None => writeln!(text, ";"),
    }
}

fn ty_text(ty: &Ty, names: &BTreeMap<Id, String>) -> String {
    let one = |ty: &Ty| ty_text(ty, names);
    match ty {
        Ty::Primitive(name) => (*name).to_owned(),
        Ty::Named(id) => names[id].clone(),
        Ty::Borrow(id) => format!("borrow<{}>", names[id]),
        Ty::List(ty) => format!("list<{}>", one(ty)),
        Ty::Option(ty) => format!("option<{}>", one(ty)),
        Ty::Stream(ty) => format!("stream<{}>", one(ty)),
        Ty::Future(ty) => format!("future<{}>", one(ty)),
        Ty::Tuple(types) => {
            let types: Vec<String> = types.iter().map(one).collect();
            format!("tuple<{}>", types.join(", "))
        }
        Ty::Result(None, None) => "result".to_owned(),
        Ty::Result(Some(ok), None) => format!("result<{}>", one(ok)),
        Ty::Result(ok, Some(err)) => {
            let ok = ok.as_deref().map_or_else(|| "_".to_owned(), one);
            format!("result<{ok}, {}>", one(err))
        }
    }
}
