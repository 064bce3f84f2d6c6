//! Reads WIT, refuses what is not supported, and has wasmtime's own generator
//! write the bindings.

use crate::input::{Input, from_child_module_text};
use crate::optional;
use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::BTreeSet;
use std::path::PathBuf;
use wasmtime_internal_wit_bindgen::{FunctionFilter, FunctionFlags, Opts};
use wit_parser::{
    Function, FunctionKind, InterfaceId, Resolve, Type, TypeDefKind, UnresolvedPackageGroup, World,
    WorldId, WorldItem, WorldKey,
};

/// The world to generate for, and where it was read from.
pub(crate) struct Wit {
    pub(crate) resolve: Resolve,
    pub(crate) world: WorldId,
    pub(crate) files: Vec<String>,
    /// Which of its exports a plugin may leave out.
    pub(crate) optional: Vec<WorldKey>,
}

/// Finds the world that `input` names.
pub(crate) fn load(input: &Input) -> Result<Wit, String> {
    let mut resolve = Resolve::default();
    let mut files = Vec::new();
    let package = if let Some(text) = &input.inline {
        let group = UnresolvedPackageGroup::parse("inline.wit", text)
            .map_err(|(map, error)| error.render(&map))?;
        resolve
            .push_group(group)
            .map_err(|error| format!("{error:#}"))?
    } else {
        let relative = input.path.as_deref().unwrap_or("wit");
        let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        let path = PathBuf::from(root).join(relative);
        if !path.exists() {
            return Err(format!(
                "there is no WIT at `{}`: set `path`, which starts at the crate's own folder",
                path.display()
            ));
        }
        let (package, sources) = resolve.push_path(&path).map_err(|error| {
            let detail = resolve.render_error(&error);
            format!("cannot read the WIT at `{relative}`: {detail}")
        })?;
        files = sources
            .paths()
            .map(|path| path.display().to_string())
            .collect();
        package
    };
    let world = resolve
        .select_world(&[package], input.world.as_deref())
        .map_err(|error| format!("cannot find the world: {error:#}"))?;
    let optional = optional::include(&mut resolve, world, &input.optional)?;
    Ok(Wit {
        resolve,
        world,
        files,
        optional,
    })
}

/// Refuses what bindings cannot be made for yet, naming the item.
pub(crate) fn refuse_unsupported(wit: &Wit) -> Result<(), String> {
    let resolve = &wit.resolve;
    let world = wit.world();
    for (exported, (key, item)) in world
        .imports
        .iter()
        .map(|item| (false, item))
        .chain(world.exports.iter().map(|item| (true, item)))
    {
        let name = resolve.name_world_key(key);
        match item {
            WorldItem::Function(function) => {
                refuse_async(resolve, function, &name)?;
                if exported {
                    refuse_keyword(function, &name)?;
                }
            }
            WorldItem::Type { .. } => {}
            WorldItem::Interface { id, .. } => {
                let interface = &resolve.interfaces[*id];
                for (type_name, id) in &interface.types {
                    if let Some(what) = unsupported(resolve, &Type::Id(*id)) {
                        return Err(not_yet(
                            &format!("the type `{type_name}` of `{name}`"),
                            what,
                        ));
                    }
                }
                for function in interface.functions.values() {
                    let name = format!("{}` of `{name}", function.name);
                    refuse_async(resolve, function, &name)?;
                    if exported {
                        refuse_keyword(function, &name)?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn refuse_async(resolve: &Resolve, function: &Function, name: &str) -> Result<(), String> {
    let subject = format!("the function `{name}`");
    if matches!(
        function.kind,
        FunctionKind::AsyncFreestanding
            | FunctionKind::AsyncMethod(_)
            | FunctionKind::AsyncStatic(_)
    ) {
        return Err(format!(
            "{subject} is async: async functions are not supported yet"
        ));
    }
    let types = function
        .params
        .iter()
        .map(|param| &param.ty)
        .chain(&function.result);
    for ty in types {
        if let Some(what) = unsupported(resolve, ty) {
            return Err(not_yet(&subject, what));
        }
    }
    Ok(())
}

/// wasmtime's generator makes a struct field of an exported function's name.
fn refuse_keyword(function: &Function, name: &str) -> Result<(), String> {
    let field = function.name.to_snake_case();
    if syn::parse_str::<syn::Ident>(&field).is_ok() || function.kind != FunctionKind::Freestanding {
        return Ok(());
    }
    Err(format!(
        "the function `{name}` is exported under a name that Rust keeps for itself: rename it"
    ))
}

fn not_yet(subject: &str, what: &str) -> String {
    format!("{subject} uses a {what}: that is not supported yet")
}

/// What a type is or holds that bindings cannot be made for.
fn unsupported(resolve: &Resolve, ty: &Type) -> Option<&'static str> {
    let id = match ty {
        Type::Id(id) => *id,
        Type::ErrorContext => return Some("error-context"),
        _ => return None,
    };
    let first = |types: Vec<&Type>| types.into_iter().find_map(|ty| unsupported(resolve, ty));
    match &resolve.types[id].kind {
        TypeDefKind::Future(_) => Some("future"),
        TypeDefKind::Stream(_) => Some("stream"),
        TypeDefKind::FixedLengthList(..) => Some("list of a fixed length"),
        TypeDefKind::Map(..) => Some("map"),
        // The component model has no more.
        TypeDefKind::Flags(flags) if flags.flags.len() > 32 => Some("set of more than 32 flags"),
        TypeDefKind::Record(record) => first(record.fields.iter().map(|field| &field.ty).collect()),
        TypeDefKind::Variant(variant) => first(
            variant
                .cases
                .iter()
                .filter_map(|case| case.ty.as_ref())
                .collect(),
        ),
        TypeDefKind::Tuple(tuple) => first(tuple.types.iter().collect()),
        TypeDefKind::Result(result) => first(result.ok.iter().chain(&result.err).collect()),
        TypeDefKind::Option(ty) | TypeDefKind::List(ty) | TypeDefKind::Type(ty) => {
            unsupported(resolve, ty)
        }
        _ => None,
    }
}

/// The bindings as wasmtime's `bindgen!` would write them.
pub(crate) fn generate(wit: &mut Wit, input: &Input) -> Result<syn::File, String> {
    let mut opts = Opts {
        wasmtime_crate: Some("::plugin_host::generated::wasmtime".into()),
        include_component_type: true,
        additional_derive_attributes: input
            .derives
            .iter()
            .map(|path| quote::quote!(#path).to_string().replace(' ', ""))
            .collect(),
        ..Opts::default()
    };
    for (name, path) in &input.with {
        opts.with.insert(name.clone(), from_child_module_text(path));
    }
    let mut fallible = BTreeSet::new();
    for name in &input.fallible {
        fallible.extend(wit.imported_functions(name)?);
    }
    for function in fallible {
        opts.imports
            .push(FunctionFilter::Name(function), FunctionFlags::TRAPPABLE);
    }
    let code = opts
        .generate(&mut wit.resolve, wit.world)
        .map_err(|error| format!("{error:#}"))?;
    syn::parse_file(&code).map_err(|error| {
        format!(
            "wasmtime's generator wrote code that is not Rust ({error}): \
             a name in the WIT may be a Rust keyword"
        )
    })
}

impl Wit {
    pub(crate) fn world(&self) -> &World {
        &self.resolve.worlds[self.world]
    }

    /// The name of the struct that the upstream generator makes for the world.
    pub(crate) fn upstream_name(&self) -> String {
        self.world().name.to_upper_camel_case()
    }

    /// `namespace:package/world@version`.
    pub(crate) fn full_name(&self) -> String {
        let world = self.world();
        let package = world.package.expect("a world is in a package");
        let name = &self.resolve.packages[package].name;
        let version = name
            .version
            .as_ref()
            .map(|v| format!("@{v}"))
            .unwrap_or_default();
        format!("{}:{}/{}{version}", name.namespace, name.name, world.name)
    }

    /// What an interface is called before its functions in errors.
    pub(crate) fn short_name(&self, key: &WorldKey) -> String {
        let full_name = self.resolve.name_world_key(key);
        let name = full_name.rsplit('/').next().unwrap_or_default();
        name.split('@').next().unwrap_or_default().to_owned()
    }

    /// Whether functions are imported at the level of the world.
    pub(crate) fn has_world_imports(&self) -> bool {
        self.world()
            .imports
            .values()
            .any(|item| matches!(item, WorldItem::Function(_)))
    }

    /// The interfaces that the world imports or exports.
    pub(crate) fn interfaces<'a>(
        &'a self,
        items: &'a wit_parser::IndexMap<WorldKey, WorldItem>,
    ) -> impl Iterator<Item = (&'a WorldKey, InterfaceId)> + 'a {
        items.iter().filter_map(|(key, item)| match item {
            WorldItem::Interface { id, .. } => Some((key, *id)),
            _ => None,
        })
    }

    /// The names, as the generator takes them, of the imported functions that a user
    /// wrote: `*` for all, else one as `function`, `interface.function` or with the
    /// package before it.
    fn imported_functions(&self, wanted: &str) -> Result<Vec<String>, String> {
        let mut known = Vec::new();
        for (key, item) in &self.world().imports {
            match item {
                WorldItem::Function(function) => known.push(function.name.clone()),
                WorldItem::Interface { id, .. } => {
                    let name = self.resolve.name_world_key(key);
                    let name = name.split('@').next().unwrap_or_default();
                    for function in self.resolve.interfaces[*id].functions.keys() {
                        known.push(format!("{name}.{function}"));
                    }
                }
                WorldItem::Type { .. } => {}
            }
        }
        match wanted {
            "*" if known.is_empty() => {
                return Err("`*` stands for no function, since the world imports none".into());
            }
            "*" => return Ok(known),
            _ => {}
        }
        let short = |full: &str| full.rsplit('/').next().map(str::to_owned);
        let matching: Vec<&String> = known
            .iter()
            .filter(|full| *full == wanted || short(full).as_deref() == Some(wanted))
            .collect();
        match matching.as_slice() {
            [one] => Ok(vec![(*one).clone()]),
            [] => Err(format!(
                "the world imports no function `{wanted}`; it imports `{}`",
                known.join("`, `")
            )),
            _ => Err(format!(
                "`{wanted}` stands for several functions: write the package before it"
            )),
        }
    }
}
