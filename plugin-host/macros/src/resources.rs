//! Puts a type for each resource that the guest exports in place of the engine's,
//! and a type with the resource's calls beside it.

use crate::call::{Call, Method, calls_type, docs, ident};
use crate::guest_resources::function_names;
use crate::handles::Handles;
use crate::surface::inherent_functions;
use crate::wit::Wit;
use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use std::collections::HashSet;
use syn::{Ident, Item};
use wit_parser::{Function, Interface, InterfaceId, TypeId};

/// A resource that the guest exports.
pub(crate) struct Resource<'a> {
    pub(crate) wit: &'a Wit,
    pub(crate) name: &'a str,
    pub(crate) id: TypeId,
    pub(crate) interface: InterfaceId,
    /// What its calls' names start with in errors.
    pub(crate) calls: String,
    /// The generator's value for the interface.
    pub(crate) target: &'a TokenStream,
    /// The generator's type for the world.
    pub(crate) world: &'a TokenStream,
}

/// What a resource's functions are called through.
pub(crate) struct Calls {
    /// The accessor of the interface's calls type.
    pub(crate) accessor: TokenStream,
    /// That accessor's name.
    pub(crate) name: Ident,
    /// The trait with the resource's functions.
    pub(crate) calls_trait: Ident,
    pub(crate) methods: Vec<Method>,
}

/// Adds both types to the items of the interface's module. What comes back is how the
/// resource's functions are called, if it has any.
pub(crate) fn add(
    resource: &Resource<'_>,
    handles: &Handles<'_>,
    items: &mut Vec<Item>,
    names: &mut Names,
) -> Result<Option<Calls>, String> {
    let ty = resource.wit.type_name(resource.id);
    let docs = docs(
        resource.wit.resolve.types[resource.id]
            .docs
            .contents
            .as_deref(),
    );
    let root = handles.root();
    items.retain(|item| !matches!(item, Item::Type(alias) if alias.ident == ty));
    items.push(syn::parse_quote! {
        #docs
        #[derive(Debug)]
        pub struct #ty(pub(in #root) ::plugin_host::generated::GuestHandle);
    });
    items.push(syn::parse_quote! {
        impl #ty {
            /// A handle to a value of Rust, for a `NativePlugin` to hand out. Plugins
            /// that are loaded refuse it (`ErrorKind::StaleHandle`).
            pub fn native(value: impl ::core::any::Any + ::core::marker::Send + ::core::marker::Sync) -> Self {
                Self(::plugin_host::generated::GuestHandle::native(value))
            }

            /// The value that it was made of by `native`, if that is of this type.
            pub fn value<V: ::core::any::Any>(&self) -> ::core::option::Option<&V> {
                self.0.value()
            }
        }
    });

    let functions: Vec<&Function> = resource.wit.resolve.interfaces[resource.interface]
        .functions
        .values()
        .filter(|function| function.kind.resource() == Some(resource.id))
        .collect();
    if functions.is_empty() {
        return Ok(None);
    }
    let generated = inherent_functions(items, &format_ident!("Guest{ty}")).unwrap_or_default();
    let accessor = ident(&resource.name.to_snake_case());
    let mut methods = Vec::new();
    let rust_names = function_names(resource.name, &functions)?;
    for (function, name) in functions.into_iter().zip(rust_names) {
        let target = resource.target;
        let call = Call {
            function,
            name: ident(&name),
            call: format!("{}.{}", resource.calls, function.item_name()),
            target: quote!(#target.#accessor()),
        };
        methods.push(call.method(&generated, handles)?);
    }
    let calls = names.free(&format!("Guest{ty}Calls"));
    let inherent: Vec<TokenStream> = methods.iter().map(Method::inherent).collect();
    let added = calls_type(&docs, &calls, resource.world, &inherent);
    items.extend(added.items);
    Ok(Some(Calls {
        accessor: quote! {
            #docs
            pub fn #accessor(&mut self) -> #calls<'_, T> {
                #calls { live: &mut *self.live }
            }
        },
        name: accessor,
        calls_trait: names.free(&format!("{ty}Calls")),
        methods,
    }))
}

/// The names of types in an interface's module.
pub(crate) struct Names(HashSet<String>);

impl Names {
    /// Those that the generator gives out.
    pub(crate) fn new(interface: &Interface) -> Self {
        let types = interface
            .types
            .keys()
            .map(|name| name.to_upper_camel_case());
        let own = ["Guest", "GuestIndices"].map(str::to_owned);
        let guests = types.clone().map(|name| format!("Guest{name}"));
        Self(types.chain(guests).chain(own).collect())
    }

    /// A name like `name` that nothing has, and that is now taken.
    pub(crate) fn free(&mut self, name: &str) -> Ident {
        let numbered = (2..).map(|number| format!("{name}{number}"));
        let free = std::iter::once(name.to_owned())
            .chain(numbered)
            .find(|name| self.0.insert(name.clone()));
        format_ident!("{}", free.expect("numbers do not end"))
    }
}
