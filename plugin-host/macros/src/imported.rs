//! Resources in the parameters and results of functions that the application
//! implements: the types that it sees, and how they become of handles and back.

use crate::convert::{arguments, convert};
use crate::guest_resources::Form;
use crate::host_resources::Side;
use crate::rewrite::engine_result;
use crate::wit::Wit;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ReturnType, parse_quote};
use wit_parser::Type;

/// A parameter with handles. Its code uses `__resources`.
pub(crate) struct Param {
    pub(crate) ty: TokenStream,
    /// Makes of the engine's value what the application's function is given of.
    pub(crate) take: TokenStream,
    pub(crate) given: TokenStream,
    /// Puts back what was lent.
    pub(crate) put_back: Option<TokenStream>,
}

/// The parameter `argument` of the function `name`, which the generator wrote as
/// `generated`.
pub(crate) fn param(
    wit: &Wit,
    ty: &Type,
    generated: &syn::Type,
    argument: &Ident,
    name: &str,
) -> Option<Param> {
    let value = quote!(#argument);
    if !wit.lends_within(ty, Side::Import) {
        let (ty, value) = convert(wit, ty, generated, value, &|_, generated, value| {
            let rust = arguments(generated).into_iter().next()?;
            Some((quote!(#rust), quote!(__resources.remove(#value)?)))
        })?;
        return Some(Param {
            ty,
            take: quote!(let #argument = #value;),
            given: quote!(#argument),
            put_back: None,
        });
    }
    let (form, _) = wit.form(ty)?;
    let handle = match form {
        Form::One => generated,
        Form::Option | Form::List => arguments(generated).into_iter().next()?,
    };
    let rust = arguments(handle).into_iter().next()?;
    let (_, taken) = convert(wit, ty, generated, value, &|_, generated, value| {
        let taken = quote!(__resources.take(#value, #name)?);
        Some((quote!(#generated), taken))
    })?;
    let (ty, given, put_back) = match form {
        Form::One => (
            quote!(&mut #rust),
            quote!(#argument.get_mut()),
            quote!(__resources.put_back(#argument);),
        ),
        Form::Option => (
            quote!(::core::option::Option<&mut #rust>),
            quote!(#argument.as_mut().map(|__taken| __taken.get_mut())),
            quote!(if let ::core::option::Option::Some(__taken) = #argument {
                __resources.put_back(__taken);
            }),
        ),
        Form::List => (
            quote!(::std::vec::Vec<&mut #rust>),
            quote!(#argument.iter_mut().map(|__taken| __taken.get_mut()).collect()),
            quote!(for __taken in #argument { __resources.put_back(__taken); }),
        ),
    };
    Some(Param {
        ty,
        take: quote!(let mut #argument = #taken;),
        given,
        put_back: Some(put_back),
    })
}

/// What a function returns that was `declared` with handles, and what makes the
/// engine's value of it.
pub(crate) fn result(
    wit: &Wit,
    ty: &Type,
    declared: &ReturnType,
) -> Option<(ReturnType, TokenStream)> {
    let ReturnType::Type(_, declared) = declared else {
        return None;
    };
    let fallible = engine_result(declared);
    let generated = fallible.unwrap_or(declared);
    let (ty, value) = convert(wit, ty, generated, quote!(r), &|_, generated, value| {
        let rust = arguments(generated).into_iter().next()?;
        Some((quote!(#rust), quote!(__resources.give(#value))))
    })?;
    Some(match fallible {
        // The application's own error takes the place of the engine's later.
        Some(_) => (
            parse_quote!(-> ::plugin_host::generated::wasmtime::Result<#ty>),
            quote! {
                let r = match r {
                    ::core::result::Result::Ok(r) => ::core::result::Result::Ok(#value),
                    ::core::result::Result::Err(e) => ::core::result::Result::Err(e),
                };
            },
        ),
        None => (parse_quote!(-> #ty), quote!(let r = #value;)),
    })
}
