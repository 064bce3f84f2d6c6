//! The value of one option: a text, a list, a map or a switch.

use macro_string::MacroString;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitBool, LitStr, Path, Token, braced, bracketed};
use wit_bindgen_core::{AsyncFilterSet, ChainableMethodFilterSet};
use wit_bindgen_rust::{Ownership, WithOption};

/// What stands behind the colon of an option.
pub(super) struct Value<'a> {
    pub(super) key: &'a Ident,
    pub(super) tokens: Option<TokenStream>,
}

impl Value<'_> {
    pub(super) fn read<T>(self, parser: fn(ParseStream<'_>) -> syn::Result<T>) -> syn::Result<T> {
        let Some(tokens) = self.tokens else {
            let key = self.key.unraw();
            let message = format!("`{key}` takes a value: write `{key}: ..`");
            return Err(syn::Error::new(self.key.span(), message));
        };
        parser.parse2(tokens)
    }

    /// True for an option that stands for itself.
    pub(super) fn absent(self) -> syn::Result<bool> {
        if self.tokens.is_none() {
            return Ok(true);
        }
        let message = format!("`{}` takes no value", self.key.unraw());
        Err(syn::Error::new(self.key.span(), message))
    }

    pub(super) fn text(self) -> syn::Result<String> {
        Ok(self.read(<LitStr as Parse>::parse)?.value())
    }

    pub(super) fn texts(self) -> syn::Result<Vec<String>> {
        self.read(texts)
    }

    pub(super) fn on(self) -> syn::Result<bool> {
        Ok(self.read(<LitBool as Parse>::parse)?.value)
    }
}

fn list<T: Parse>(input: ParseStream<'_>) -> syn::Result<Punctuated<T, Token![,]>> {
    let content;
    bracketed!(content in input);
    Punctuated::parse_terminated(&content)
}

fn texts(input: ParseStream<'_>) -> syn::Result<Vec<String>> {
    Ok(list::<LitStr>(input)?.iter().map(LitStr::value).collect())
}

pub(super) fn paths(input: ParseStream<'_>) -> syn::Result<Vec<String>> {
    if !input.peek(syn::token::Bracket) {
        return Ok(vec![input.parse::<MacroString>()?.eval()?]);
    }
    let paths = list::<MacroString>(input)?;
    paths.iter().map(MacroString::eval).collect()
}

pub(super) fn derives(input: ParseStream<'_>) -> syn::Result<Vec<String>> {
    let paths = list::<Path>(input)?;
    let paths = paths.iter().map(|path| path.to_token_stream().to_string());
    Ok(paths.collect())
}

pub(super) fn asyncs(input: ParseStream<'_>) -> syn::Result<AsyncFilterSet> {
    if input.peek(LitBool) {
        return Ok(AsyncFilterSet::all(input.parse::<LitBool>()?.value));
    }
    let mut set = AsyncFilterSet::default();
    texts(input)?.iter().for_each(|filter| set.push(filter));
    Ok(set)
}

pub(super) fn chainable(input: ParseStream<'_>) -> syn::Result<ChainableMethodFilterSet> {
    let mut set = ChainableMethodFilterSet::default();
    texts(input)?.iter().for_each(|filter| set.push(filter));
    Ok(set)
}

pub(super) fn ownership(input: ParseStream<'_>) -> syn::Result<Ownership> {
    const USAGE: &str = "expected `Owning` or `Borrowing { duplicate_if_necessary: false }`";
    let name = input.parse::<Ident>()?;
    if name == "Owning" {
        return Ok(Ownership::Owning);
    }
    if name != "Borrowing" || !input.peek(syn::token::Brace) {
        return Err(syn::Error::new(name.span(), USAGE));
    }
    let content;
    braced!(content in input);
    let field = content.parse::<Ident>()?;
    if field != "duplicate_if_necessary" {
        return Err(syn::Error::new(field.span(), USAGE));
    }
    content.parse::<Token![:]>()?;
    Ok(Ownership::Borrowing {
        duplicate_if_necessary: content.parse::<LitBool>()?.value,
    })
}

/// The entries of a map with texts for keys.
fn entries<T>(
    input: ParseStream<'_>,
    value: fn(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<Vec<(String, T)>> {
    let content;
    braced!(content in input);
    let mut entries = Vec::new();
    while !content.is_empty() {
        let key = content.parse::<LitStr>()?.value();
        content.parse::<Token![:]>()?;
        entries.push((key, value(&content)?));
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(entries)
}

pub(super) fn with(input: ParseStream<'_>) -> syn::Result<Vec<(String, WithOption)>> {
    entries(input, |input| {
        let path = input.call(Path::parse_mod_style)?;
        Ok(if path.is_ident("generate") {
            WithOption::Generate
        } else {
            WithOption::Path(path.to_token_stream().to_string().replace(' ', ""))
        })
    })
}

/// One pair for each attribute.
pub(super) fn attributes(input: ParseStream<'_>) -> syn::Result<Vec<(String, String)>> {
    let lists = entries(input, |input| {
        let content;
        bracketed!(content in input);
        let attributes = content.call(Attribute::parse_outer)?;
        if attributes.is_empty() || !content.is_empty() {
            let usage = "expected attributes, such as `[#[derive(Hash)]]`";
            return Err(syn::Error::new(content.span(), usage));
        }
        Ok(attributes)
    })?;
    let pairs = lists.into_iter().flat_map(|(selector, attributes)| {
        let attribute = |a: Attribute| (selector.clone(), a.to_token_stream().to_string());
        Vec::from_iter(attributes.into_iter().map(attribute))
    });
    Ok(pairs.collect())
}
