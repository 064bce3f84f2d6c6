//! What wit-bindgen writes for a world, as syntax. Leaves it as it is.

use proc_macro2::TokenStream;
use quote::quote;
use syn::File;
use wit_bindgen_core::{Files, WorldGenerator};

use crate::options::Options;
use crate::wit::Wit;

/// The bindings of the world in `wit`.
pub(crate) fn bindings(wit: &mut Wit, options: &Options) -> syn::Result<File> {
    let mut files = Files::default();
    let mut generator = options.rust.clone().build();
    generator
        .generate(&mut wit.resolve, wit.world, &mut files)
        // All that it still finds wrong are names that no interface or type has.
        .map_err(|error| syn::Error::new(options.with, format!("{error:#}")))?;
    let (_, source) = files.iter().next().expect("one world makes one file");
    syn::parse_str(&String::from_utf8_lossy(source))
}

/// Makes Cargo build the plugin again when its WIT is edited.
pub(crate) fn rebuild_when_edited(wit: &Wit) -> TokenStream {
    let files = wit.files.iter().filter_map(|file| file.to_str());
    quote!(#(const _: &[u8] = ::core::include_bytes!(#files);)*)
}
