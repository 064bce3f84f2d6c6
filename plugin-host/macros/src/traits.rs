//! The functions of an interface and of its resources as traits, for whoever answers
//! them: a plugin, an adapter in front of one of another version, a plain value.

use crate::call::Method;
use crate::resources::Calls;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Item};

/// The traits of one interface.
pub(crate) struct Traits<'a> {
    /// The interface's short name.
    pub(crate) interface: &'a str,
    /// The trait with the interface's own functions.
    pub(crate) name: Ident,
    pub(crate) functions: &'a [Method],
    pub(crate) resources: &'a [Calls],
}

impl Traits<'_> {
    pub(crate) fn declared(&self) -> Vec<Item> {
        let docs = |what: &str| {
            format!(
                " The functions of `{what}`, whoever answers them: a plugin, an adapter in front \
                 of a plugin of another version, or a plain value."
            )
        };
        let own_docs = docs(self.interface);
        let (name, own) = (&self.name, self.functions.iter().map(Method::declaration));
        let accessors = self.resources.iter().map(|resource| {
            let (accessor, calls) = (&resource.name, &resource.calls_trait);
            quote!(fn #accessor(&mut self) -> &mut dyn #calls;)
        });
        let mut items = vec![syn::parse_quote! {
            #[doc = #own_docs]
            pub trait #name {
                #(#own)*
                #(#accessors)*
            }
        }];
        items.extend(self.resources.iter().map(|resource| -> Item {
            let docs = docs(&format!("{}.{}", self.interface, resource.name));
            let (calls, functions) = (&resource.calls_trait, &resource.methods);
            let functions = functions.iter().map(Method::declaration);
            syn::parse_quote! {
                #[doc = #docs]
                pub trait #calls {
                    #(#functions)*
                }
            }
        }));
        items
    }

    /// The traits implemented for `ty`, of which `interface` is the interface's calls.
    pub(crate) fn implemented(&self, ty: &TokenStream, interface: &TokenStream) -> Vec<Item> {
        let (name, functions) = (&self.name, self.functions.iter());
        let own = functions.map(|method| method.forward(interface));
        let accessors = self.resources.iter().map(|resource| {
            let (accessor, calls) = (&resource.name, &resource.calls_trait);
            quote!(fn #accessor(&mut self) -> &mut dyn #calls { self })
        });
        let mut items = vec![syn::parse_quote! {
            impl<T: ::core::marker::Send + 'static> #name for #ty {
                #(#own)*
                #(#accessors)*
            }
        }];
        items.extend(self.resources.iter().map(|resource| -> Item {
            let (accessor, calls) = (&resource.name, &resource.calls_trait);
            let functions = resource.methods.iter();
            let functions = functions.map(|method| method.forward(&quote!(#interface.#accessor())));
            syn::parse_quote! {
                impl<T: ::core::marker::Send + 'static> #calls for #ty {
                    #(#functions)*
                }
            }
        }));
        items
    }
}
