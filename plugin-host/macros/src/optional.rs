//! Interfaces that a plugin may leave out: puts them among the world's exports,
//! and makes an `Option` of each in the bindings that wasmtime's generator wrote.

use crate::wit::Wit;
use quote::format_ident;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, Fields, Ident, ImplItemFn, ItemImpl, ItemStruct, Local, ReturnType, Type, parse_quote,
};
use wit_parser::{Docs, InterfaceId, Resolve, Span, Stability, WorldId, WorldItem, WorldKey};

/// Adds the interfaces that the application named to what the world exports, and
/// to what it imports those whose types they use.
pub(crate) fn include(
    resolve: &mut Resolve,
    world: WorldId,
    wanted: &[String],
) -> Result<Vec<WorldKey>, String> {
    let mut keys = Vec::new();
    for name in wanted {
        let id = find(resolve, world, name)?;
        let key = WorldKey::Interface(id);
        if resolve.interfaces[id].functions.is_empty() {
            return Err(format!(
                "the optional interface `{name}` has no functions: there is nothing to leave out"
            ));
        }
        if keys.contains(&key) {
            return Err(format!("`{name}` is optional twice"));
        }
        let exports = &mut resolve.worlds[world].exports;
        exports.entry(key.clone()).or_insert_with(|| interface(id));
        keys.push(key);
    }
    for key in &keys {
        let WorldKey::Interface(id) = key else {
            continue;
        };
        for used in resolve.interface_direct_deps(*id).collect::<Vec<_>>() {
            if !resolve.worlds[world]
                .exports
                .contains_key(&WorldKey::Interface(used))
            {
                import_types_of(resolve, world, used)?;
            }
        }
    }
    Ok(keys)
}

fn interface(id: InterfaceId) -> WorldItem {
    WorldItem::Interface {
        id,
        stability: Stability::Unknown,
        external_id: None,
        docs: Docs::default(),
        span: Span::default(),
    }
}

/// The interface that a user wrote by its name in the world's package, or with
/// the package before it.
fn find(resolve: &Resolve, world: WorldId, wanted: &str) -> Result<InterfaceId, String> {
    let package = resolve.worlds[world]
        .package
        .expect("a world is in a package");
    let own = &resolve.packages[package].interfaces;
    if let Some(id) = own.get(wanted) {
        return Ok(*id);
    }
    let without_version = |name: &str| name.split('@').next() == Some(wanted);
    let named = |id: &InterfaceId| {
        let name = resolve.id_of(*id).unwrap_or_default();
        name == wanted || without_version(&name)
    };
    let mut matching = resolve.interfaces.iter().map(|(id, _)| id).filter(named);
    match (matching.next(), matching.next()) {
        (Some(id), None) => Ok(id),
        (Some(_), Some(_)) => Err(format!(
            "`{wanted}` stands for several interfaces: write the version behind it"
        )),
        (None, _) => {
            let own: Vec<&str> = own.keys().map(String::as_str).collect();
            Err(format!(
                "there is no interface `{wanted}` to be optional; the package of the world has \
                 `{}`",
                own.join("`, `")
            ))
        }
    }
}

/// Imports an interface for its types, after those whose types it uses. As WIT
/// says, what is imported uses nothing that is exported.
fn import_types_of(resolve: &mut Resolve, world: WorldId, id: InterfaceId) -> Result<(), String> {
    let key = WorldKey::Interface(id);
    if resolve.worlds[world].imports.contains_key(&key) {
        return Ok(());
    }
    for used in resolve.interface_direct_deps(id).collect::<Vec<_>>() {
        if resolve.worlds[world]
            .exports
            .contains_key(&WorldKey::Interface(used))
        {
            let name = |id| resolve.id_of(id).unwrap_or_default();
            return Err(format!(
                "an optional interface uses types of `{}`, which uses types of `{}`, which the \
                 world exports: let the world export both",
                name(id),
                name(used)
            ));
        }
        import_types_of(resolve, world, used)?;
    }
    resolve.worlds[world].imports.insert(key, interface(id));
    Ok(())
}

/// Makes an `Option` of each optional interface in the bindings.
pub(crate) fn rewrite(file: &mut syn::File, wit: &Wit) -> Result<(), String> {
    let world = format_ident!("{}", wit.upstream_name());
    for key in &wit.optional {
        let WorldKey::Interface(id) = key else {
            continue;
        };
        let path = wit.module_path(key, *id);
        let accessor: Vec<String> = path.iter().map(Ident::to_string).collect();
        let mut field = FieldOf {
            accessor: accessor.join("_"),
            found: None,
        };
        field.visit_file_mut(file);
        let field = field.found.ok_or_else(|| {
            format!(
                "wasmtime's generator made no bindings for `{}`",
                accessor.join("/")
            )
        })?;
        let indices = format_ident!("{world}Indices");
        let has = has(&accessor.join("_"));
        file.items.push(parse_quote! {
            impl #indices {
                fn #has(&self) -> bool {
                    self.#field.is_some()
                }
            }
        });
        let mut optional = Optional {
            structs: [world.clone(), indices],
            field,
            export: wit.resolve.name_world_key(key),
        };
        optional.visit_file_mut(file);
    }
    Ok(())
}

/// What says whether there is what an accessor gives.
pub(crate) fn has(accessor: &str) -> Ident {
    format_ident!("has_{accessor}")
}

/// Finds the field that an accessor gives, and makes the accessor give an option.
struct FieldOf {
    accessor: String,
    found: Option<Ident>,
}

impl VisitMut for FieldOf {
    fn visit_impl_item_fn_mut(&mut self, function: &mut ImplItemFn) {
        if function.sig.ident != self.accessor {
            return;
        }
        let Some(syn::Stmt::Expr(Expr::Reference(given), None)) = function.block.stmts.last()
        else {
            return;
        };
        let (Expr::Field(field), ReturnType::Type(_, ty)) = (&*given.expr, &function.sig.output)
        else {
            return;
        };
        if let syn::Member::Named(name) = &field.member {
            self.found = Some(name.clone());
            function.sig.output = parse_quote!(-> ::core::option::Option<#ty>);
            function.block = parse_quote!({ self.#name.as_ref() });
        }
    }
}

/// Makes an `Option` of one field, and of what it is made from.
struct Optional {
    structs: [Ident; 2],
    field: Ident,
    /// What the component exports where it has the interface.
    export: String,
}

impl VisitMut for Optional {
    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        if let (true, Fields::Named(fields)) =
            (self.structs.contains(&item.ident), &mut item.fields)
        {
            for field in &mut fields.named {
                if field.ident.as_ref() == Some(&self.field) {
                    let ty: &Type = &field.ty;
                    field.ty = parse_quote!(::core::option::Option<#ty>);
                }
            }
        }
    }

    fn visit_item_impl_mut(&mut self, item: &mut ItemImpl) {
        let is_ours = matches!(&*item.self_ty, Type::Path(path)
            if self.structs.iter().any(|name| path.path.is_ident(name)));
        if is_ours {
            visit_mut::visit_item_impl_mut(self, item);
        }
    }

    fn visit_local_mut(&mut self, local: &mut Local) {
        let syn::Pat::Ident(name) = &local.pat else {
            return visit_mut::visit_local_mut(self, local);
        };
        let (true, Some(init)) = (name.ident == self.field, &mut local.init) else {
            return visit_mut::visit_local_mut(self, local);
        };
        let (made, field, export) = (&init.expr, &self.field, &self.export);
        // Of the index it is `GuestIndices::new(..)?`, of the export `self.field.load(..)?`.
        *init.expr = match &**made {
            Expr::Try(made) if matches!(*made.expr, Expr::MethodCall(_)) => {
                let Expr::MethodCall(load) = &*made.expr else {
                    return;
                };
                let arguments = &load.args;
                parse_quote!(match &self.#field {
                    ::core::option::Option::Some(__indices) =>
                        ::core::option::Option::Some(__indices.load(#arguments)?),
                    ::core::option::Option::None => ::core::option::Option::None,
                })
            }
            _ => parse_quote!(
                match _instance_pre.component().get_export_index(None, #export) {
                    ::core::option::Option::Some(_) => ::core::option::Option::Some(#made),
                    ::core::option::Option::None => ::core::option::Option::None,
                }
            ),
        };
    }
}
