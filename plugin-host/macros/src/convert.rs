//! Code that makes a value with handles of another: the application's of the
//! engine's, or the other way. Knows nothing of what a handle becomes.

use crate::wit::Wit;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{GenericArgument, Ident, PathArguments};
use wit_parser::{Type, TypeDefKind};

/// A type, and the expression that makes a value of it.
pub(crate) type Made = (TokenStream, TokenStream);

/// What is made of a handle: of its WIT type, of what the generator wrote for that,
/// and of its value.
pub(crate) type OfHandle<'a> =
    dyn Fn(&Type, &syn::Type, TokenStream) -> Option<(TokenStream, TokenStream)> + 'a;

/// What is made of a `value` that the generator wrote as `generated`; none where it
/// wrote another type than is known.
pub(crate) fn convert(
    wit: &Wit,
    ty: &Type,
    generated: &syn::Type,
    value: TokenStream,
    of_handle: &OfHandle<'_>,
) -> Option<Made> {
    if !holds_handles(wit, ty) {
        return Some((quote!(#generated), value));
    }
    let Type::Id(id) = ty else { return None };
    let inner = arguments(generated);
    let one =
        |ty: &Type, generated: &syn::Type| convert(wit, ty, generated, quote!(__value), of_handle);
    match &wit.resolve.types[*id].kind {
        TypeDefKind::Handle(_) => of_handle(ty, generated, value),
        TypeDefKind::Option(ty) => {
            let (ty, one) = one(ty, inner.first()?)?;
            Some((
                quote!(::core::option::Option<#ty>),
                quote!(match #value {
                    ::core::option::Option::Some(__value) => ::core::option::Option::Some(#one),
                    ::core::option::Option::None => ::core::option::Option::None,
                }),
            ))
        }
        TypeDefKind::List(ty) => {
            let (ty, one) = one(ty, inner.first()?)?;
            Some((
                quote!(::std::vec::Vec<#ty>),
                quote!({
                    let __values = #value;
                    let mut __made = ::std::vec::Vec::with_capacity(__values.len());
                    for __value in __values {
                        let __one = #one;
                        __made.push(__one);
                    }
                    __made
                }),
            ))
        }
        TypeDefKind::Result(result) => {
            let side = |ty: &Option<Type>, generated: &syn::Type| match ty {
                Some(ty) => one(ty, generated),
                None => Some((quote!(()), quote!(__value))),
            };
            let (ok, ok_value) = side(&result.ok, inner.first()?)?;
            let (err, err_value) = side(&result.err, inner.get(1)?)?;
            Some((
                quote!(::core::result::Result<#ok, #err>),
                quote!(match #value {
                    ::core::result::Result::Ok(__value) => ::core::result::Result::Ok(#ok_value),
                    ::core::result::Result::Err(__value) => ::core::result::Result::Err(#err_value),
                }),
            ))
        }
        TypeDefKind::Tuple(tuple) => {
            let names: Vec<Ident> = (0..tuple.types.len())
                .map(|i| format_ident!("__value{i}"))
                .collect();
            let parts: Option<Vec<_>> = tuple
                .types
                .iter()
                .zip(&names)
                .zip(inner)
                .map(|((ty, name), generated)| {
                    convert(wit, ty, generated, quote!(#name), of_handle)
                })
                .collect();
            let (types, values): (Vec<_>, Vec<_>) = parts?.into_iter().unzip();
            Some((
                quote!((#(#types,)*)),
                quote!({
                    let (#(#names,)*) = #value;
                    (#(#values,)*)
                }),
            ))
        }
        _ => None,
    }
}

fn holds_handles(wit: &Wit, ty: &Type) -> bool {
    let mut holds = false;
    wit.each_handle(ty, &mut |_| holds = true);
    holds
}

/// What a generic type, a tuple or a slice is made of.
pub(crate) fn arguments(ty: &syn::Type) -> Vec<&syn::Type> {
    let last = match ty {
        syn::Type::Tuple(tuple) => return tuple.elems.iter().collect(),
        syn::Type::Reference(reference) => return arguments(&reference.elem),
        syn::Type::Slice(slice) => return vec![&slice.elem],
        syn::Type::Path(path) => path.path.segments.last(),
        _ => None,
    };
    match last.map(|segment| &segment.arguments) {
        Some(PathArguments::AngleBracketed(arguments)) => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
