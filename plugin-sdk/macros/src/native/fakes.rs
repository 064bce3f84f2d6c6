//! The modules `fake`: one function for each imported one, by which a test says
//! what that one answers.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, Ident, Item, Pat, Path, ReturnType, Signature, Type, parse_quote};
use wit_bindgen_rust::to_rust_ident;

use super::intrinsic::Intrinsic;

/// What goes into the module `fake` beside the functions of one interface.
pub(super) struct Fakes {
    name: Ident,
    functions: TokenStream,
    resources: BTreeMap<String, TokenStream>,
}

impl Fakes {
    /// None yet, for the module that has these items.
    pub(super) fn beside(items: &[Item]) -> Self {
        let taken = |item: &Item| matches!(item, Item::Mod(module) if module.ident == "fake");
        let taken = items.iter().any(taken);
        Self {
            name: ident(if taken { "fake_" } else { "fake" }),
            functions: TokenStream::new(),
            resources: BTreeMap::new(),
        }
    }

    /// Adds the fake of one imported function, of a type or of none, and returns
    /// the native body of that function.
    pub(super) fn add(
        &mut self,
        import: &Intrinsic,
        signature: &Signature,
        this: Option<&Ident>,
    ) -> syn::Result<TokenStream> {
        let fake = &signature.ident;
        let key = format_ident!("__{}", fake.unraw().to_string().to_uppercase());
        let chains = chains(signature);
        let arguments = Vec::from_iter(signature.inputs.iter().map(argument));

        let (depth, users) = match this {
            Some(_) => (2, quote!(super::super)),
            None => (1, quote!(super)),
        };
        let mut types = Vec::new();
        for input in &signature.inputs {
            types.push(parameter(input, this, depth)?);
        }
        let result = if chains {
            quote!(())
        } else {
            result(&signature.output, this, depth)
        };

        let interface = import.interface().unwrap_or_default();
        let function = import.function();
        let resource = this.map(|_| to_rust_ident(import.resource()));
        let path = Vec::from_iter(resource.as_deref().map(ident));
        let said = fake.to_string();
        let docs = format!(" Says what `{function}` answers in this thread from now on.");
        // A type of the application's may be called like one of Rust's.
        let answer = quote!(::core::ops::FnMut(#(#types),*) -> #result);
        let beside = resource.map_or(&mut self.functions, |resource| {
            self.resources.entry(resource).or_default()
        });
        beside.extend(quote! {
            #[doc = #docs]
            pub fn #fake(answer: impl #answer + 'static) {
                #key.set(::plugin_sdk::__::Box::new(answer));
            }
            pub(in #users) static #key: ::plugin_sdk::__::Import<dyn #answer> =
                ::plugin_sdk::__::Import::new(#interface, #function, ::core::module_path!(), #said);
        });
        let module = &self.name;
        let call = quote!(#module #(::#path)* ::#key.call(|__answer| __answer(#(#arguments),*)));
        Ok(if chains { quote!(#call; self) } else { call })
    }

    /// The module, if there is anything to fake.
    pub(super) fn module(self) -> Option<Item> {
        if self.functions.is_empty() && self.resources.is_empty() {
            return None;
        }
        let Self {
            name,
            functions,
            resources,
        } = self;
        let resources = resources.iter().map(|(resource, functions)| {
            let resource = ident(resource);
            quote! {
                pub mod #resource {
                    use super::super::*;
                    #functions
                }
            }
        });
        Some(parse_quote! {
            /// Stands in for the application in native tests.
            #[cfg(not(target_arch = "wasm32"))]
            #[allow(dead_code, unused_imports, clippy::all)]
            pub mod #name {
                use super::*;
                #functions
                #(#resources)*
            }
        })
    }
}

fn ident(name: impl AsRef<str>) -> Ident {
    Ident::new(name.as_ref(), Span::call_site())
}

/// Whether a method hands itself back, as `chainable_methods` has it.
fn chains(signature: &Signature) -> bool {
    let ReturnType::Type(_, ty) = &signature.output else {
        return false;
    };
    let ty = match &**ty {
        Type::Reference(reference) => &*reference.elem,
        ty => ty,
    };
    let this = matches!(ty, Type::Path(path) if path.path.is_ident("Self"));
    this && signature.receiver().is_some()
}

fn argument(input: &FnArg) -> TokenStream {
    match input {
        FnArg::Receiver(receiver) if receiver.reference.is_none() => quote!(&self),
        FnArg::Receiver(_) => quote!(self),
        FnArg::Typed(input) => {
            let name = &input.pat;
            quote!(#name)
        }
    }
}

fn parameter(input: &FnArg, this: Option<&Ident>, depth: usize) -> syn::Result<TokenStream> {
    match input {
        FnArg::Receiver(_) => Ok(quote!(&#this)),
        FnArg::Typed(input) if matches!(&*input.pat, Pat::Ident(_)) => {
            let mut ty = (*input.ty).clone();
            Moved { this, depth }.visit_type_mut(&mut ty);
            Ok(quote!(#ty))
        }
        FnArg::Typed(input) => Err(syn::Error::new_spanned(input, "a parameter without a name")),
    }
}

fn result(output: &ReturnType, this: Option<&Ident>, depth: usize) -> TokenStream {
    match output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => {
            let mut ty = (**ty).clone();
            Moved { this, depth }.visit_type_mut(&mut ty);
            quote!(#ty)
        }
    }
}

/// Names the types of a function from a module that is `depth` below its own.
struct Moved<'a> {
    this: Option<&'a Ident>,
    depth: usize,
}

impl VisitMut for Moved<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(this) = self.this.filter(|_| path.is_ident("Self")) {
            *path = parse_quote!(#this);
        }
        let first = path.segments.first();
        if path.leading_colon.is_none() && first.is_some_and(|first| first.ident == "super") {
            for _ in 0..self.depth {
                path.segments.insert(0, parse_quote!(super));
            }
        }
    }
}
