//! Resources without an engine: those of the plugin are in a table of the test's
//! thread, those of the application are whatever value a test makes them of.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Item, ItemTrait, TraitItem, parse_quote};

use super::intrinsic::Intrinsic;
use super::natively;

/// Makes the functions native by which a resource of the plugin's is kept.
pub(super) fn keep_own(guest: &mut ItemTrait) {
    let name = guest.ident.to_string();
    let Some(resource) = name.strip_prefix("Guest").filter(|name| !name.is_empty()) else {
        return;
    };
    let resource = format_ident!("{resource}");
    for item in &mut guest.items {
        let TraitItem::Fn(function) = item else {
            continue;
        };
        let body = match function.sig.ident.to_string().as_str() {
            "_resource_new" => quote! {
                ::plugin_sdk::__::own::keep(val, move || unsafe { #resource::dtor::<Self>(val) })
            },
            "_resource_rep" => quote!(::plugin_sdk::__::own::find(handle)),
            _ => continue,
        };
        if let Some(block) = &mut function.default {
            natively(block, &body);
        }
    }
}

/// The body of the function that drops one, and what a test uses it by.
pub(super) fn drop(intrinsic: &Intrinsic, this: &Ident) -> (TokenStream, Item) {
    if intrinsic.is_exported() {
        let borrow = format_ident!("{this}Borrow");
        let lend = parse_quote! {
            #[cfg(not(target_arch = "wasm32"))]
            impl ::plugin_sdk::testing::Own for #this {
                type Borrow<'a> = #borrow<'a>;
                fn lend(&self) -> #borrow<'_> {
                    let rep = ::plugin_sdk::__::own::find(self.handle());
                    unsafe { #borrow::lift(rep) }
                }
            }
        };
        return (quote!(::plugin_sdk::__::own::drop(_handle)), lend);
    }
    let faked = parse_quote! {
        #[cfg(not(target_arch = "wasm32"))]
        impl ::plugin_sdk::testing::Imported for #this {
            fn from_handle(handle: u32) -> Self {
                unsafe { Self::from_handle(handle) }
            }
            fn handle(&self) -> u32 {
                self.handle()
            }
        }
    };
    (quote!(::plugin_sdk::__::imported::drop(_handle)), faked)
}

/// wit-bindgen's own, which tells whether one type stands behind a resource, may
/// be called by one thread alone.
pub(super) fn type_guard() -> TokenStream {
    quote! {
        static TYPE: ::plugin_sdk::__::OneType = ::plugin_sdk::__::OneType::new();
        TYPE.require::<T>();
    }
}
