//! The macro's options. Knows nothing of what they mean.

use proc_macro2::Span;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Path, Token, braced, bracketed};

/// What was written between the macro's brackets.
pub(crate) struct Input {
    pub(crate) span: Span,
    pub(crate) path: Option<String>,
    pub(crate) inline: Option<String>,
    pub(crate) world: Option<String>,
    pub(crate) optional: Vec<String>,
    pub(crate) fallible: Vec<String>,
    pub(crate) error: Option<Path>,
    pub(crate) with: Vec<(String, Path)>,
    pub(crate) derives: Vec<Path>,
}

impl Parse for Input {
    fn parse(outer: ParseStream<'_>) -> syn::Result<Self> {
        let mut input = Self {
            span: outer.span(),
            path: None,
            inline: None,
            world: None,
            optional: Vec::new(),
            fallible: Vec::new(),
            error: None,
            with: Vec::new(),
            derives: Vec::new(),
        };
        // `world!({ .. })` and `world! { .. }` mean the same.
        if outer.peek(syn::token::Brace) {
            let inner;
            braced!(inner in outer);
            input.options(&inner)?;
        } else {
            input.options(outer)?;
        }
        let wrong = match &input {
            Self {
                path: Some(_),
                inline: Some(_),
                ..
            } => "give `path` or `inline`, not both",
            Self {
                fallible,
                error: None,
                ..
            } if !fallible.is_empty() => "`fallible` needs `error`, the type that they fail with",
            Self {
                fallible,
                error: Some(_),
                ..
            } if fallible.is_empty() => "`error` needs `fallible`, the functions that may fail",
            _ => return Ok(input),
        };
        Err(syn::Error::new(input.span, wrong))
    }
}

impl Input {
    fn options(&mut self, tokens: ParseStream<'_>) -> syn::Result<()> {
        while !tokens.is_empty() {
            let option: Ident = tokens.parse()?;
            tokens.parse::<Token![:]>()?;
            match option.to_string().as_str() {
                "path" => self.path = Some(tokens.parse::<LitStr>()?.value()),
                "inline" => self.inline = Some(tokens.parse::<LitStr>()?.value()),
                "world" => self.world = Some(tokens.parse::<LitStr>()?.value()),
                "error" => self.error = Some(tokens.parse()?),
                "optional" => self.optional = names(tokens)?,
                "fallible" => self.fallible = names(tokens)?,
                "derives" => self.derives = list(tokens)?,
                "with" => {
                    let inner;
                    braced!(inner in tokens);
                    while !inner.is_empty() {
                        let name: LitStr = inner.parse()?;
                        inner.parse::<Token![:]>()?;
                        self.with.push((name.value(), inner.parse()?));
                        if !inner.is_empty() {
                            inner.parse::<Token![,]>()?;
                        }
                    }
                }
                _ => {
                    return Err(syn::Error::new(
                        option.span(),
                        "unknown option: there are `path`, `inline`, `world`, `optional`, \
                         `fallible`, `error`, `with` and `derives`",
                    ));
                }
            }
            if !tokens.is_empty() {
                tokens.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }
}

fn names(tokens: ParseStream<'_>) -> syn::Result<Vec<String>> {
    let names: Vec<LitStr> = list(tokens)?;
    Ok(names.iter().map(LitStr::value).collect())
}

fn list<T: Parse>(tokens: ParseStream<'_>) -> syn::Result<Vec<T>> {
    let inner;
    bracketed!(inner in tokens);
    let items = Punctuated::<T, Token![,]>::parse_terminated(&inner)?;
    Ok(items.into_iter().collect())
}

/// A path as the user wrote it, seen from the module that the macro makes.
pub(crate) fn from_child_module(path: &Path) -> Path {
    let absolute = path.leading_colon.is_some()
        || path
            .segments
            .first()
            .is_some_and(|first| first.ident == "crate");
    if absolute {
        return path.clone();
    }
    syn::parse_quote!(super::#path)
}

/// The same as text, for the upstream generator.
pub(crate) fn from_child_module_text(path: &Path) -> String {
    let path = from_child_module(path);
    quote!(#path).to_string().replace(' ', "")
}
