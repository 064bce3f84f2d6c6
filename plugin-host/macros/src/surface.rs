//! Adds what the application calls: the world's own type, whose methods arm
//! every budget.

use crate::call::{Call, Method, docs};
use crate::handles::Handles;
use crate::interface::{self, Accessor};
use crate::wit::Wit;
use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, ImplItem, ImplItemFn, Item, Type, WherePredicate};
use wit_parser::WorldItem;

/// Names of what was added.
pub(crate) struct Surface {
    /// The module that holds all that is generated.
    pub(crate) module: Ident,
    /// The world's own type.
    pub(crate) name: Ident,
    /// The trait with all that the world exports.
    pub(crate) calls: Ident,
}

/// Adds the world's type to the bindings.
pub(crate) fn add(mut file: syn::File, wit: &Wit) -> Result<(syn::File, Surface), String> {
    let world = wit.world();
    let package = &wit.resolve.packages[world.package.expect("a world is in a package")];
    let name = format_ident!(
        "{}{}",
        package.name.name.to_upper_camel_case(),
        wit.upstream_name()
    );
    let surface = Surface {
        module: format_ident!("{}", name.to_string().to_snake_case()),
        calls: format_ident!("{name}Calls"),
        name,
    };
    let upstream = format_ident!("{}", wit.upstream_name());
    let world_impl = inherent_functions(&file.items, &upstream)
        .ok_or("wasmtime's generator made no bindings for the world")?;
    let bounds = import_bounds(&world_impl);

    let handles = Handles::new(wit, 0);
    let mut methods = Vec::new();
    for item in world.exports.values() {
        if let WorldItem::Function(function) = item {
            let call = Call::new(function, function.name.clone(), quote!(__exports));
            methods.push(call.method(&world_impl, &handles)?);
        }
    }
    let taken: Vec<String> = methods
        .iter()
        .map(|method| method.name.to_string())
        .collect();
    let mut accessors = Vec::new();
    for interface in interface::exported(wit, &surface.name, &taken) {
        accessors.push(interface.add(&mut file, &world_impl)?);
    }
    file.items
        .extend(calls_trait(&surface, &methods, &accessors));
    let methods = methods.iter().map(Method::inherent);
    let methods = methods.chain(accessors.into_iter().map(|accessor| accessor.inherent));

    let resources = wit.exports_resources().then(|| {
        quote!(
            const RESOURCES: bool = true;
        )
    });
    let link = bounds.as_ref().map(|_| {
        quote! {
            #upstream::add_to_linker::<
                ::plugin_host::generated::StoreData<T>,
                ::plugin_host::generated::wasmtime::component::HasSelf<T>,
            >(linker, ::plugin_host::generated::StoreData::state)?;
        }
    });
    let optional = wit
        .optional
        .iter()
        .map(|key| wit.resolve.name_world_key(key));
    let bounds = bounds.map(|bounds| quote!(T: #bounds,));
    let indices = format_ident!("{upstream}Indices");
    let (name, full_name) = (&surface.name, wit.full_name());
    let docs = docs(world.docs.contents.as_deref());
    let added: syn::File = syn::parse_quote! {
        #docs
        pub struct #name<T: ::core::marker::Send + 'static = ()> {
            live: ::plugin_host::generated::Live<T, #upstream>,
        }

        impl<T: ::core::marker::Send + 'static> #name<T> {
            #(#methods)*
        }

        impl<T: ::core::marker::Send + 'static> ::plugin_host::World for #name<T>
        where
            #bounds
        {
            type State = T;
            type Exports = #upstream;
            const NAME: &'static str = #full_name;
            const WIT: &'static [u8] = COMPONENT_TYPE;
            const OPTIONAL: &'static [&'static str] = &[#(#optional),*];

            fn link(
                linker: &mut ::plugin_host::generated::wasmtime::component::Linker<
                    ::plugin_host::generated::StoreData<T>,
                >,
            ) -> ::plugin_host::generated::wasmtime::Result<()> {
                let _ = &linker;
                #link
                Ok(())
            }

            fn from_live(live: ::plugin_host::generated::Live<T, #upstream>) -> Self {
                Self { live }
            }

            fn live(&self) -> &::plugin_host::generated::Live<T, #upstream> {
                &self.live
            }

            fn live_mut(&mut self) -> &mut ::plugin_host::generated::Live<T, #upstream> {
                &mut self.live
            }
        }

        impl<T: ::core::marker::Send + 'static> ::plugin_host::generated::Exports<T> for #upstream {
            type Indices = #indices;
            #resources

            fn indices(
                pre: &::plugin_host::generated::wasmtime::component::InstancePre<
                    ::plugin_host::generated::StoreData<T>,
                >,
            ) -> ::plugin_host::generated::wasmtime::Result<#indices> {
                #indices::new(pre)
            }

            fn load(
                indices: &#indices,
                store: &mut ::plugin_host::generated::wasmtime::Store<
                    ::plugin_host::generated::StoreData<T>,
                >,
                instance: &::plugin_host::generated::wasmtime::component::Instance,
            ) -> ::plugin_host::generated::wasmtime::Result<Self> {
                indices.load(store, instance)
            }
        }
    };
    file.items.extend(added.items);
    Ok((file, surface))
}

/// All that the world exports as a trait, whoever answers it, which the world's own type
/// implements.
fn calls_trait(surface: &Surface, methods: &[Method], accessors: &[Accessor]) -> [Item; 2] {
    let (name, calls) = (&surface.name, &surface.calls);
    let docs = format!(
        " What a [`{name}`] is called through, as a trait: for a plugin, an adapter in front of \
         a plugin of another version, or a plain value."
    );
    let declarations = methods.iter().map(Method::declaration);
    let forwards = methods.iter().map(Method::forward_inherent);
    let signatures = accessors.iter().map(|accessor| &accessor.signature);
    let bodies = accessors.iter().map(|accessor| {
        let (signature, body) = (&accessor.signature, &accessor.body);
        quote!(#signature #body)
    });
    [
        syn::parse_quote! {
            #[doc = #docs]
            pub trait #calls {
                #(#declarations)*
                #(#signatures;)*
            }
        },
        syn::parse_quote! {
            impl<T: ::core::marker::Send + 'static> #calls for #name<T> {
                #(#forwards)*
                #(#bodies)*
            }
        },
    ]
}

/// What the application's state must implement, where the world imports anything.
fn import_bounds(world_impl: &[ImplItemFn]) -> Option<TokenStream> {
    let link = world_impl
        .iter()
        .find(|item| item.sig.ident == "add_to_linker")?;
    let clause = link.sig.generics.where_clause.as_ref()?;
    clause
        .predicates
        .iter()
        .find_map(|predicate| match predicate {
            WherePredicate::Type(predicate) if predicate.lifetimes.is_some() => {
                let bounds = &predicate.bounds;
                Some(quote!(#bounds))
            }
            _ => None,
        })
}

/// The functions of `impl name { .. }`, also where it stands in a `const _`.
pub(crate) fn inherent_functions(items: &[Item], name: &Ident) -> Option<Vec<ImplItemFn>> {
    items.iter().find_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() && is_named(&item.self_ty, name) => {
            let functions = item.items.iter().filter_map(|item| match item {
                ImplItem::Fn(function) => Some(function.clone()),
                _ => None,
            });
            Some(functions.collect())
        }
        Item::Const(item) => match &*item.expr {
            syn::Expr::Block(block) => {
                let items: Vec<Item> = block
                    .block
                    .stmts
                    .iter()
                    .filter_map(|statement| match statement {
                        syn::Stmt::Item(item) => Some(item.clone()),
                        _ => None,
                    })
                    .collect();
                inherent_functions(&items, name)
            }
            _ => None,
        },
        _ => None,
    })
}

fn is_named(ty: &Type, name: &Ident) -> bool {
    matches!(ty, Type::Path(path)
        if path.path.segments.len() == 1 && path.path.segments[0].ident == *name)
}
