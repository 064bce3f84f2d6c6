//! What stands between the braces of `generate!`. Reads the options that name
//! the WIT, and hands every other one on to wit-bindgen as it is.

use std::collections::HashSet;

use macro_string::MacroString;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Path, Token, bracketed};

/// The name by which `export!` finds the macro that wit-bindgen makes.
pub(crate) const EXPORT_MACRO: &str = "__the_world_of_plugin_sdk_generate";

/// The options of one `generate!`.
#[derive(Default)]
pub(crate) struct Options {
    /// `path`, with the place where it stands.
    pub(crate) paths: Option<(Span, Vec<String>)>,
    /// `inline`.
    pub(crate) inline: Option<LitStr>,
    /// `world`.
    pub(crate) world: Option<LitStr>,
    /// `features`.
    pub(crate) features: Vec<String>,
    /// The interfaces for which `with` names modules of the author's own.
    pub(crate) remapped: HashSet<String>,
    passed_on: Vec<TokenStream>,
}

impl Options {
    /// The same options for wit-bindgen, with the ones that the SDK sets.
    pub(crate) fn for_wit_bindgen(&self) -> TokenStream {
        let passed_on = &self.passed_on;
        quote! {
            {
                #(#passed_on,)*
                generate_all,
                runtime_path: "::plugin_sdk::__::rt",
                export_macro_name: #EXPORT_MACRO,
            }
        }
    }

    fn set(&mut self, key: &Ident, value: Option<TokenStream>) -> syn::Result<()> {
        let name = key.unraw().to_string();
        match (name.as_str(), value.clone()) {
            ("runtime_path" | "export_macro_name", _) => {
                let message = format!("plugin_sdk::generate! sets `{name}` itself: remove it");
                return Err(syn::Error::new(key.span(), message));
            }
            // Always on, as an application's WIT may use other packages'.
            ("generate_all", _) => return Ok(()),
            ("path", Some(value)) => {
                self.paths = Some((key.span(), paths.parse2(value)?));
            }
            ("inline", Some(value)) => self.inline = Some(syn::parse2(value)?),
            ("world", Some(value)) => self.world = Some(syn::parse2(value)?),
            ("features", Some(value)) => self.features = features.parse2(value)?,
            ("with", Some(value)) => self.remapped = remapped.parse2(value)?,
            _ => {}
        }
        let value = value.map(|value| quote!(: #value));
        self.passed_on.push(quote!(#key #value));
        Ok(())
    }
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(syn::token::Brace) {
            let usage = "expected options in braces, such as \
                         `generate!({ path: \"wit\", world: \"plugin\" })`";
            return Err(input.error(usage));
        }
        let content;
        syn::braced!(content in input);
        let mut options = Self::default();
        while !content.is_empty() {
            // `async` is a keyword, and an option of wit-bindgen.
            let key = content.call(Ident::parse_any)?;
            let value = if content.parse::<Option<Token![:]>>()?.is_some() {
                Some(until_comma(&content)?)
            } else {
                None
            };
            options.set(&key, value)?;
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

fn until_comma(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut value = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        value.extend([input.parse::<TokenTree>()?]);
    }
    Ok(value)
}

fn paths(input: ParseStream<'_>) -> syn::Result<Vec<String>> {
    if !input.peek(syn::token::Bracket) {
        return Ok(vec![input.parse::<MacroString>()?.eval()?]);
    }
    let content;
    bracketed!(content in input);
    Punctuated::<MacroString, Token![,]>::parse_terminated(&content)?
        .iter()
        .map(MacroString::eval)
        .collect()
}

fn features(input: ParseStream<'_>) -> syn::Result<Vec<String>> {
    let content;
    bracketed!(content in input);
    let names = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
    Ok(names.iter().map(LitStr::value).collect())
}

fn remapped(input: ParseStream<'_>) -> syn::Result<HashSet<String>> {
    let content;
    syn::braced!(content in input);
    let mut names = HashSet::new();
    while !content.is_empty() {
        let name = content.parse::<LitStr>()?.value();
        content.parse::<Token![:]>()?;
        if !content.parse::<Path>()?.is_ident("generate") {
            names.insert(name);
        }
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> syn::Result<Options> {
        syn::parse_str(text)
    }

    #[test]
    fn every_form_of_path_is_read() {
        for (text, expected) in [
            (r#"{ path: "wit" }"#, vec!["wit"]),
            (r#"{ path: ["a", "b",], }"#, vec!["a", "b"]),
            (r#"{ path: concat!("a", "/b") }"#, vec!["a/b"]),
        ] {
            let (_, paths) = parse(text).expect(text).paths.expect("a path");
            assert_eq!(paths, expected);
        }
    }

    #[test]
    fn options_of_wit_bindgen_are_passed_on_as_they_are() {
        let options = parse(
            r#"{ world: "w", async: true, generate_all, std_feature,
                 with: { "a:b/c@1.0.0": crate::c, "a:b/d": generate },
                 additional_derives: [PartialEq, Hash] }"#,
        )
        .expect("options");
        assert_eq!(options.remapped, HashSet::from(["a:b/c@1.0.0".into()]));
        let expected = quote! {
            {
                world: "w",
                async: true,
                std_feature,
                with: { "a:b/c@1.0.0": crate::c, "a:b/d": generate },
                additional_derives: [PartialEq, Hash],
                generate_all,
                runtime_path: "::plugin_sdk::__::rt",
                export_macro_name: #EXPORT_MACRO,
            }
        };
        assert_eq!(options.for_wit_bindgen().to_string(), expected.to_string());
    }

    #[test]
    fn mistakes_say_what_to_write() {
        for (text, message) in [
            (
                r#""wit""#,
                "expected options in braces, such as \
                 `generate!({ path: \"wit\", world: \"plugin\" })`",
            ),
            (
                r#"{ runtime_path: "x" }"#,
                "plugin_sdk::generate! sets `runtime_path` itself: remove it",
            ),
            (r#"{ world: plugin }"#, "expected string literal"),
        ] {
            let error = parse(text).err().expect(text);
            assert_eq!(error.to_string(), message);
        }
    }
}
