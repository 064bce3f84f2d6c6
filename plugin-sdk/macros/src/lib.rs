//! The macros of `plugin-sdk`, which re-exports and documents them.
//!
//! `generate!` turns the author's WIT world into Rust, `export!` turns the
//! author's type into the plugin.

mod bindings;
mod export;
mod generate;
mod manifest;
mod native;
mod options;
mod shortcuts;
mod wit;

use proc_macro::TokenStream;

/// Turns a WIT world into Rust traits and types.
#[proc_macro]
pub fn generate(input: TokenStream) -> TokenStream {
    generate::expand(input.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Makes a type, and the crate's `plugin.toml`, the plugin.
#[proc_macro]
pub fn export(input: TokenStream) -> TokenStream {
    export::expand(input.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
