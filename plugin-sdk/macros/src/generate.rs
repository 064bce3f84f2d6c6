//! `generate!`: wit-bindgen's bindings, what stands in for the application in
//! native tests, and short names for the modules.
//!
//! They stand in a module of their own, so that the author's lints pass them by.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Ident;

use crate::bindings::{bindings, rebuild_when_edited};
use crate::manifest::package_folder;
use crate::native::make_native;
use crate::options::Options;
use crate::shortcuts::shortcuts;
use crate::wit::Wit;

pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let options = syn::parse2::<Options>(input)?;
    let mut wit = Wit::read(&options, &package_folder()?)?;

    let mut bindings = bindings(&mut wit, &options)?;
    make_native(&mut bindings.items)?;
    let rebuild_when_edited = rebuild_when_edited(&wit);
    let shortcuts = shortcuts(&wit.resolve, wit.world, &options.remapped());
    let shortcuts = shortcuts.iter().map(|path| {
        let path = path.iter().map(|name| Ident::new(name, Span::call_site()));
        quote!(pub use self #(::#path)*;)
    });

    // A glob gives way to whatever else the author calls by these names.
    Ok(quote! {
        #[doc(hidden)]
        #[allow(missing_docs, clippy::pedantic)]
        mod __plugin_sdk_bindings {
            #bindings
            #rebuild_when_edited
            #(#shortcuts)*
        }
        #[allow(unused_imports)]
        pub use __plugin_sdk_bindings::*;
    })
}
