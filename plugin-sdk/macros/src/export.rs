//! `export!`: the author's type as the world's exports, the manifest, and the
//! function that runs before the first call.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, Path, Token, parse_quote};

use crate::manifest;
use crate::options::EXPORT_MACRO;

mod word {
    use syn::custom_keyword;

    custom_keyword!(with_types_in);
    custom_keyword!(manifest);
    custom_keyword!(none);
}

/// `Type [with_types_in path] [, manifest: none]`
struct Export {
    ty: Ident,
    bindings: Path,
    manifest: bool,
}

impl Parse for Export {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ty = input.parse()?;
        let bindings = if input.parse::<Option<word::with_types_in>>()?.is_some() {
            input.call(Path::parse_mod_style)?
        } else {
            parse_quote!(self)
        };
        let mut manifest = true;
        if input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            input.parse::<word::manifest>()?;
            input.parse::<Token![:]>()?;
            input.parse::<word::none>()?;
            input.parse::<Option<Token![,]>>()?;
            manifest = false;
        }
        Ok(Self {
            ty,
            bindings,
            manifest,
        })
    }
}

pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let Export {
        ty,
        bindings,
        manifest,
    } = syn::parse2(input)?;
    let export = Ident::new(EXPORT_MACRO, Span::call_site());
    let plugin = if manifest {
        let manifest = manifest::section()?;
        let start = start();
        quote! {
            const _: () = {
                #manifest
                #start
            };
        }
    } else {
        TokenStream::new()
    };
    Ok(quote! {
        // What wit-bindgen's macro expands to counts as the author's own code.
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        const _: () = {
            #bindings::#export!(#ty with_types_in #bindings);
        };
        // A native library cannot be linked with names such as `a:b/c#d`.
        #[cfg(not(target_arch = "wasm32"))]
        const _: ::core::option::Option<#ty> = ::core::option::Option::None;
        #plugin
    })
}

/// Installs the panic hook and the logger before the first call into a plugin,
/// and the logger before the author's tests.
///
/// It stands in the author's crate, where no linker can lose it.
fn start() -> TokenStream {
    quote! {
        ::plugin_sdk::__at_start! {
            #[cfg(any(target_arch = "wasm32", test))]
            #[used]
            #[cfg_attr(
                not(any(target_vendor = "apple", windows)),
                unsafe(link_section = ".init_array")
            )]
            #[cfg_attr(
                target_vendor = "apple",
                unsafe(link_section = "__DATA,__mod_init_func,mod_init_funcs")
            )]
            #[cfg_attr(windows, unsafe(link_section = ".CRT$XCU"))]
            static START: extern "C" fn() = {
                extern "C" fn start() {
                    static LOGGER: ::plugin_sdk::__::Logger =
                        ::plugin_sdk::__::Logger::of(::core::module_path!());
                    ::plugin_sdk::__::start(&LOGGER);
                }
                start
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        for (text, bindings, manifest) in [
            ("Plugin", "self", true),
            ("Plugin,", "self", true),
            ("Plugin with_types_in crate::a", "crate :: a", true),
            ("Plugin, manifest: none", "self", false),
            ("Plugin with_types_in a, manifest: none,", "a", false),
        ] {
            let export = syn::parse_str::<Export>(text).expect(text);
            let path = &export.bindings;
            assert_eq!(
                (quote!(#path).to_string().as_str(), export.manifest),
                (bindings, manifest),
                "{text}"
            );
        }
    }
}
