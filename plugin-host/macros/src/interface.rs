//! Adds what the application calls of each interface that the world exports: a
//! type with its functions, traits for others that answer them, and the accessor.

use crate::call::{Call, Method, calls_type, docs, ident};
use crate::handles::Handles;
use crate::optional;
use crate::resources::{self, Names, Resource};
use crate::surface::inherent_functions;
use crate::traits::Traits;
use crate::wit::Wit;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use std::collections::HashMap;
use syn::{Ident, ImplItemFn, Item};
use wit_parser::{InterfaceId, WorldKey};

/// An interface that the world exports.
pub(crate) struct Interface<'a> {
    pub(crate) wit: &'a Wit,
    /// The world's own type.
    pub(crate) world_type: &'a Ident,
    key: &'a WorldKey,
    id: InterfaceId,
    /// Our name for its accessor.
    accessor: Ident,
    /// The generator's.
    upstream_accessor: Ident,
    /// Where its module is, below `exports`.
    path: Vec<Ident>,
}

/// The interfaces that the world exports; none gets an accessor that is `taken`.
pub(crate) fn exported<'a>(
    wit: &'a Wit,
    world_type: &'a Ident,
    taken: &[String],
) -> Vec<Interface<'a>> {
    let exports: Vec<_> = wit
        .interfaces(&wit.world().exports)
        .map(|(key, id)| (key, id, wit.module_path(key, id)))
        .collect();
    let mut short_names: HashMap<String, usize> = HashMap::new();
    for (_, _, path) in &exports {
        *short_names.entry(last(path)).or_default() += 1;
    }
    exports
        .into_iter()
        .map(|(key, id, path)| {
            let short = last(&path);
            let long: Vec<String> = path.iter().map(Ident::to_string).collect();
            let long = long.join("_");
            let unique = short_names[&short] == 1 && !taken.contains(&short);
            Interface {
                wit,
                world_type,
                key,
                id,
                accessor: ident(if unique { &short } else { &long }),
                upstream_accessor: format_ident!("{long}"),
                path,
            }
        })
        .collect()
}

fn last(path: &[Ident]) -> String {
    path.last().map(Ident::to_string).unwrap_or_default()
}

impl Interface<'_> {
    /// Puts what the interface is called through into its module, and gives the
    /// accessor for it.
    pub(crate) fn add(
        &self,
        file: &mut syn::File,
        world_impl: &[ImplItemFn],
    ) -> Result<Accessor, String> {
        let (wit, accessor, upstream_accessor) =
            (self.wit, &self.accessor, &self.upstream_accessor);
        let missing = || format!("wasmtime's generator made no bindings for `{accessor}`");
        if !world_impl
            .iter()
            .any(|function| function.sig.ident == *upstream_accessor)
        {
            return Err(missing());
        }
        let short_name = wit.short_name(self.key);
        let interface = &wit.resolve.interfaces[self.id];

        let mut full_path = vec![format_ident!("exports")];
        full_path.extend(self.path.clone());
        let items = module(&mut file.items, &full_path).ok_or_else(missing)?;
        let guest_impl = inherent_functions(items, &format_ident!("Guest")).unwrap_or_default();
        let target = if self.is_optional() {
            quote!(__exports.#upstream_accessor().expect("the plugin has it"))
        } else {
            quote!(__exports.#upstream_accessor())
        };
        let handles = Handles::new(wit, full_path.len());
        let mut functions = Vec::new();
        for function in interface.functions.values() {
            if function.kind.resource().is_none() {
                let call = format!("{short_name}.{}", function.name);
                let call = Call::new(function, call, target.clone());
                functions.push(call.method(&guest_impl, &handles)?);
            }
        }
        let mut methods: Vec<TokenStream> = functions.iter().map(Method::inherent).collect();
        let root = handles.root();
        let upstream_world = format_ident!("{}", wit.upstream_name());
        let world = quote!(#root::#upstream_world);
        let mut names = Names::new(interface);
        let calls = names.free("GuestCalls");
        let mut resources = Vec::new();
        for (resource, resource_id) in wit.resources(self.id) {
            let resource = Resource {
                wit,
                name: resource,
                id: resource_id,
                interface: self.id,
                calls: format!("{short_name}.{resource}"),
                target: &target,
                world: &world,
            };
            let added = resources::add(&resource, &handles, items, &mut names)?;
            methods.extend(added.iter().map(|calls| calls.accessor.clone()));
            resources.extend(added);
        }
        let docs = docs(interface.docs.contents.as_deref());
        items.extend(calls_type(&docs, &calls, &world, &methods).items);
        let traits = Traits {
            interface: &short_name,
            name: names.free("Calls"),
            functions: &functions,
            resources: &resources,
        };
        items.extend(traits.declared());
        if self.is_optional() {
            let live = quote!(::plugin_host::generated::Live<T, #world>);
            items.extend(traits.implemented(&live, &quote!(#calls { live: self })));
        } else {
            let world_type = self.world_type;
            let world_type = quote!(#root::#world_type<T>);
            items.extend(traits.implemented(&world_type, &quote!(self.#accessor())));
        }
        let calls = quote!(#(#full_path)::*::#calls);
        let calls_trait = traits.name;
        let calls_trait = quote!(dyn #(#full_path)::*::#calls_trait);
        Ok(if self.is_optional() {
            let has = optional::has(&upstream_accessor.to_string());
            Accessor {
                inherent: quote! {
                    #docs
                    ///
                    /// None where the plugin does not have it.
                    pub fn #accessor(&mut self) -> ::core::option::Option<#calls<'_, T>> {
                        if !self.live.indices().#has() {
                            return ::core::option::Option::None;
                        }
                        ::core::option::Option::Some(#calls { live: &mut self.live })
                    }
                },
                signature: quote! {
                    #docs
                    ///
                    /// None where the plugin does not have it.
                    fn #accessor(&mut self) -> ::core::option::Option<&mut #calls_trait>
                },
                body: quote! {{
                    if !self.live.indices().#has() {
                        return ::core::option::Option::None;
                    }
                    ::core::option::Option::Some(&mut self.live)
                }},
            }
        } else {
            Accessor {
                inherent: quote! {
                    #docs
                    pub fn #accessor(&mut self) -> #calls<'_, T> {
                        #calls { live: &mut self.live }
                    }
                },
                signature: quote!(#docs fn #accessor(&mut self) -> &mut #calls_trait),
                body: quote!({ self }),
            }
        })
    }

    fn is_optional(&self) -> bool {
        self.wit.optional.contains(self.key)
    }
}

/// How an interface is reached from the world.
pub(crate) struct Accessor {
    /// As a method of the world's own type.
    pub(crate) inherent: TokenStream,
    /// As the world's trait declares it.
    pub(crate) signature: TokenStream,
    /// As the world's own type implements that.
    pub(crate) body: TokenStream,
}

/// The items of the module at `path`.
pub(crate) fn module<'a>(items: &'a mut Vec<Item>, path: &[Ident]) -> Option<&'a mut Vec<Item>> {
    let Some((first, rest)) = path.split_first() else {
        return Some(items);
    };
    items.iter_mut().find_map(|item| match item {
        Item::Mod(item) if item.ident == *first => module(&mut item.content.as_mut()?.1, rest),
        _ => None,
    })
}
