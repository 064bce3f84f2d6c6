//! Handles to resources in the parameters and results of what the guest exports:
//! the types that the application sees, and how they become the engine's and back.

use crate::convert::{Made, arguments, convert};
use crate::guest_resources::Form;
use crate::host_resources::Side;
use crate::wit::Wit;
use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;
use wit_parser::{InterfaceId, Type, TypeId, TypeOwner, WorldKey};

/// Handles as functions of one generated module see them.
pub(crate) struct Handles<'a> {
    wit: &'a Wit,
    /// How many modules deep.
    depth: usize,
}

/// One handle in a parameter.
struct One {
    ty: TokenStream,
    resource: String,
    whose: Whose,
    owned: bool,
    belongs: TokenStream,
    engine: TokenStream,
}

/// A parameter that holds handles.
pub(crate) struct Param {
    pub(crate) ty: TokenStream,
    /// The resource's name in the WIT.
    pub(crate) resource: String,
    pub(crate) whose: Whose,
    /// Whether every handle in it belongs to `__home`; none where it holds resources
    /// themselves.
    pub(crate) belongs: Option<TokenStream>,
    /// What the engine is given; for resources themselves, made with `__resources`.
    pub(crate) engine: TokenStream,
}

/// Whose resource it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    Guests,
    Applications,
}

impl<'a> Handles<'a> {
    pub(crate) fn new(wit: &'a Wit, depth: usize) -> Self {
        Self { wit, depth }
    }

    /// The parameter that the generator wrote as `generated`, where it holds handles.
    pub(crate) fn param(&self, name: &Ident, ty: &Type, generated: &syn::Type) -> Option<Param> {
        let (form, handle) = self.wit.form(ty)?;
        let whole = match form {
            Form::One => generated,
            Form::Option | Form::List => arguments(generated).into_iter().next()?,
        };
        let one = self.handle(&handle, whole)?;
        let (ty, engine, belongs) = (one.ty, one.engine, one.belongs);
        let all = quote!(#name.iter().all(|__handle| #belongs));
        let (ty, engine, belongs) = match form {
            Form::One => (
                ty,
                quote!({ let __handle = #name; #engine }),
                quote!({ let __handle = &#name; #belongs }),
            ),
            Form::Option => (
                quote!(::core::option::Option<#ty>),
                quote!(#name.map(|__handle| #engine)),
                all,
            ),
            Form::List => (
                if one.owned {
                    quote!(::std::vec::Vec<#ty>)
                } else {
                    quote!(&[#ty])
                },
                quote!(&#name
                    .into_iter()
                    .map(|__handle| #engine)
                    .collect::<::std::vec::Vec<_>>()),
                all,
            ),
        };
        let handles = one.whose == Whose::Guests || !one.owned;
        Some(Param {
            ty,
            resource: one.resource,
            whose: one.whose,
            belongs: handles.then_some(belongs),
            engine,
        })
    }

    /// One handle in a parameter, as `__handle`.
    fn handle(&self, ty: &Type, generated: &syn::Type) -> Option<One> {
        if let Some((id, owned)) = self.wit.guest_handle(ty) {
            let path = self.path(id);
            let (ty, engine) = if owned {
                (quote!(#path), quote!(__handle.0.give()))
            } else {
                (quote!(&#path), quote!(__handle.0.lend()))
            };
            return Some(One {
                ty,
                resource: self.wit.resource_name(id).to_owned(),
                whose: Whose::Guests,
                owned,
                belongs: quote!(__handle.0.belongs_to(__home)),
                engine,
            });
        }
        let (id, owned) = self.wit.host_handle(ty, Side::Export)?;
        let rust = arguments(generated).into_iter().next()?;
        let (ty, engine) = if owned {
            (quote!(#rust), quote!(__resources.give(__handle)))
        } else {
            (
                quote!(&::plugin_host::Lent<#rust>),
                quote!(__handle.handle()),
            )
        };
        Some(One {
            ty,
            resource: self.wit.resource_name(id).to_owned(),
            whose: Whose::Applications,
            owned,
            belongs: quote!(__handle.belongs_to(__home)),
            engine,
        })
    }

    /// The type of a result that the generator wrote as `generated`, and the
    /// expression that makes it of the engine's `value`.
    pub(crate) fn result(
        &self,
        ty: &Type,
        generated: &syn::Type,
        value: TokenStream,
    ) -> Option<Made> {
        convert(self.wit, ty, generated, value, &|ty, generated, value| {
            if let Some((resource, _)) = self.wit.guest_handle(ty) {
                let (handle, destructor) = (self.path(resource), self.wit.destructor(resource));
                let wrapped = quote!(#handle(
                    ::plugin_host::generated::GuestHandle::new(#value, &__home, #destructor)
                ));
                return Some((handle, wrapped));
            }
            let rust = arguments(generated).into_iter().next()?;
            Some((quote!(#rust), quote!(__resources.remove(#value)?)))
        })
    }

    /// Whether values of the type hold handles to resources of theirs.
    pub(crate) fn holds(&self, ty: &Type, whose: Whose) -> bool {
        match whose {
            Whose::Guests => self.wit.held(ty).is_some(),
            Whose::Applications => self.wit.host_held(ty, Side::Export).is_some(),
        }
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
