//! `generate!`: wit-bindgen's bindings, and short names for their modules.
//!
//! They stand in a module of their own, so that the author's lints pass them by.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Ident;

use crate::manifest::package_folder;
use crate::options::Options;
use crate::shortcuts::shortcuts;
use crate::wit::Wit;

pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let options = syn::parse2::<Options>(input)?;
    let wit = Wit::read(&options, &package_folder()?)?;

    let shortcuts = shortcuts(&wit.resolve, wit.world, &options.remapped);
    let shortcuts = shortcuts.iter().map(|path| {
        let path = path.iter().map(|name| Ident::new(name, Span::call_site()));
        quote!(pub use self #(::#path)*;)
    });
    let options = options.for_wit_bindgen();

    // A glob gives way to whatever else the author calls by these names.
    Ok(quote! {
        #[doc(hidden)]
        #[allow(missing_docs, clippy::pedantic)]
        mod __plugin_sdk_bindings {
            ::plugin_sdk::__::wit_bindgen::generate!(#options);
            #(#shortcuts)*
        }
        #[allow(unused_imports)]
        pub use __plugin_sdk_bindings::*;
    })
}
