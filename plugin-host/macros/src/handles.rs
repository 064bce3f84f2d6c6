//! Handles to the guest's resources in parameters and results: the types that
//! the application sees, and how they become the engine's and back.

use crate::guest_resources::Form;
use crate::wit::Wit;
use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{GenericArgument, Ident, PathArguments};
use wit_parser::{InterfaceId, Type, TypeDefKind, TypeId, TypeOwner, WorldKey};

/// Handles as functions of one generated module see them.
pub(crate) struct Handles<'a> {
    wit: &'a Wit,
    /// How many modules deep.
    depth: usize,
}

/// A parameter that holds handles.
pub(crate) struct Param {
    pub(crate) ty: TokenStream,
    /// Whether every handle in it belongs to `__home`.
    pub(crate) belongs: TokenStream,
    /// What the engine is given.
    pub(crate) engine: TokenStream,
}

impl<'a> Handles<'a> {
    pub(crate) fn new(wit: &'a Wit, depth: usize) -> Self {
        Self { wit, depth }
    }

    /// The parameter, where it holds handles.
    pub(crate) fn param(&self, name: &Ident, ty: &Type) -> Option<Param> {
        let (form, resource, owned) = self.wit.guest_param(ty)?;
        let handle = self.path(resource);
        let (one, into) = if owned {
            (quote!(#handle), quote!(give))
        } else {
            (quote!(&#handle), quote!(lend))
        };
        let belongs = quote!(__handle.0.belongs_to(__home));
        Some(match form {
            Form::One => Param {
                ty: one,
                belongs: quote!(#name.0.belongs_to(__home)),
                engine: quote!(#name.0.#into()),
            },
            Form::Option => Param {
                ty: quote!(::core::option::Option<#one>),
                belongs: quote!(#name.iter().all(|__handle| #belongs)),
                engine: quote!(#name.map(|__handle| __handle.0.#into())),
            },
            Form::List => Param {
                ty: if owned {
                    quote!(::std::vec::Vec<#one>)
                } else {
                    quote!(&[#one])
                },
                belongs: quote!(#name.iter().all(|__handle| #belongs)),
                engine: quote!(&#name
                    .into_iter()
                    .map(|__handle| __handle.0.#into())
                    .collect::<::std::vec::Vec<_>>()),
            },
        })
    }

    /// The type of a result that the generator wrote as `generated`, and the
    /// expression that makes it of the engine's `value`.
    pub(crate) fn result(
        &self,
        ty: &Type,
        generated: &syn::Type,
        value: TokenStream,
    ) -> Option<(TokenStream, TokenStream)> {
        if self.wit.held(ty).is_none() {
            return Some((quote!(#generated), value));
        }
        if let Some((resource, _)) = self.wit.guest_handle(ty) {
            let (handle, destructor) = (self.path(resource), self.wit.destructor(resource));
            let wrapped = quote!(#handle(
                ::plugin_host::generated::GuestHandle::new(#value, &__home, #destructor)
            ));
            return Some((handle, wrapped));
        }
        let Type::Id(id) = ty else { return None };
        let inner = arguments(generated);
        match &self.wit.resolve.types[*id].kind {
            TypeDefKind::Option(ty) => {
                let (ty, one) = self.result(ty, inner.first()?, quote!(__value))?;
                Some((
                    quote!(::core::option::Option<#ty>),
                    quote!(#value.map(|__value| #one)),
                ))
            }
            TypeDefKind::List(ty) => {
                let (ty, one) = self.result(ty, inner.first()?, quote!(__value))?;
                Some((
                    quote!(::std::vec::Vec<#ty>),
                    quote!(#value.into_iter().map(|__value| #one).collect()),
                ))
            }
            TypeDefKind::Result(result) => {
                let side = |ty: &Option<Type>, generated: &syn::Type| match ty {
                    Some(ty) => self.result(ty, generated, quote!(__value)),
                    None => Some((quote!(()), quote!(__value))),
                };
                let (ok, ok_value) = side(&result.ok, inner.first()?)?;
                let (err, err_value) = side(&result.err, inner.get(1)?)?;
                Some((
                    quote!(::core::result::Result<#ok, #err>),
                    quote!(match #value {
                        ::core::result::Result::Ok(__value) => ::core::result::Result::Ok(#ok_value),
                        ::core::result::Result::Err(__value) => ::core::result::Result::Err(#err_value),
                    }),
                ))
            }
            TypeDefKind::Tuple(tuple) => {
                let names: Vec<Ident> = (0..tuple.types.len())
                    .map(|i| format_ident!("__value{i}"))
                    .collect();
                let parts: Option<Vec<_>> = tuple
                    .types
                    .iter()
                    .zip(&names)
                    .zip(inner)
                    .map(|((ty, name), generated)| self.result(ty, generated, quote!(#name)))
                    .collect();
                let (types, values): (Vec<_>, Vec<_>) = parts?.into_iter().unzip();
                Some((
                    quote!((#(#types,)*)),
                    quote!({
                        let (#(#names,)*) = #value;
                        (#(#values,)*)
                    }),
                ))
            }
            _ => None,
        }
    }

    /// Whether values of the type hold handles.
    pub(crate) fn holds(&self, ty: &Type) -> bool {
        self.wit.held(ty).is_some()
    }

    /// A resource's name in the WIT.
    pub(crate) fn name(&self, resource: TypeId) -> &str {
        self.wit.resource_name(resource)
    }

    /// The module that holds all that is generated.
    pub(crate) fn root(&self) -> TokenStream {
        let up = vec![quote!(super); self.depth];
        quote!(#(#up)::*)
    }

    /// The generated type of a resource, as this module names it.
    fn path(&self, resource: TypeId) -> TokenStream {
        let up = vec![quote!(super::); self.depth];
        let (key, id) = self.wit.home(resource);
        let (path, name) = (self.wit.module_path(key, id), self.wit.type_name(resource));
        quote!(#(#up)* exports::#(#path::)*#name)
    }
}

impl Wit {
    /// The name of a resource's generated type.
    pub(crate) fn type_name(&self, resource: TypeId) -> Ident {
        format_ident!("{}", self.resource_name(resource).to_upper_camel_case())
    }

    /// What errors call the destructor.
    fn destructor(&self, resource: TypeId) -> String {
        let interface = self.short_name(self.home(resource).0);
        format!("{interface}.{}.drop", self.resource_name(resource))
    }

    /// The exported interface that defines a resource of the guest's.
    fn home(&self, resource: TypeId) -> (&WorldKey, InterfaceId) {
        let owner = self.resolve.types[resource].owner;
        self.interfaces(&self.world().exports)
            .find(|(_, id)| owner == TypeOwner::Interface(*id))
            .expect("a resource of the guest's is of an exported interface")
    }
}

/// What a generic type or a tuple is made of.
fn arguments(ty: &syn::Type) -> Vec<&syn::Type> {
    let last = match ty {
        syn::Type::Tuple(tuple) => return tuple.elems.iter().collect(),
        syn::Type::Path(path) => path.path.segments.last(),
        _ => None,
    };
    match last.map(|segment| &segment.arguments) {
        Some(PathArguments::AngleBracketed(arguments)) => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
