//! One call: the method that makes it under the plugin's budgets.

use crate::handles::{Handles, Whose};
use crate::rewrite::engine_result;
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{FnArg, Ident, ImplItemFn, ReturnType, Type};
use wit_parser::Function;

/// A function that the guest exports, and how to call it.
pub(crate) struct Call<'a> {
    pub(crate) function: &'a Function,
    /// Its Rust name.
    pub(crate) name: Ident,
    /// Its name in errors.
    pub(crate) call: String,
    /// What the generator's function is a method of.
    pub(crate) target: TokenStream,
}

impl<'a> Call<'a> {
    pub(crate) fn new(function: &'a Function, call: String, target: TokenStream) -> Self {
        Self {
            function,
            name: ident(&function.item_name().to_snake_case()),
            call,
            target,
        }
    }

    /// The method; `generated` holds the generator's functions.
    pub(crate) fn method(
        &self,
        generated: &[ImplItemFn],
        handles: &Handles<'_>,
    ) -> Result<Method, String> {
        let Self {
            function,
            name,
            call,
            target,
        } = self;
        let callee = format_ident!("call_{}", function.item_name().to_snake_case());
        let missing = || format!("wasmtime's generator made no bindings for `{call}`");
        let signature = generated
            .iter()
            .find(|item| item.sig.ident == callee)
            .map(|item| &item.sig)
            .ok_or_else(missing)?;
        // The first two are `&self` and the store.
        let types = signature
            .inputs
            .iter()
            .skip(2)
            .filter_map(|input| match input {
                FnArg::Typed(input) => Some(&input.ty),
                FnArg::Receiver(_) => None,
            });
        let result = match &signature.output {
            ReturnType::Type(_, ty) => engine_result(ty).ok_or_else(missing)?.clone(),
            ReturnType::Default => Type::Verbatim(quote!(())),
        };
        let (mut params, mut arguments, mut belong) = (Vec::new(), Vec::new(), Vec::new());
        let (mut names, mut gives) = (Vec::new(), Vec::new());
        let mut guests = false;
        for (param, ty) in function.params.iter().zip(types) {
            let name = self.param_name(&param.name, handles);
            match handles.param(&name, &param.ty, ty) {
                Some(param) => {
                    let (ty, engine, resource) = (param.ty, param.engine, param.resource);
                    params.push(quote!(#name: #ty));
                    guests |= param.whose == Whose::Guests;
                    match param.belongs {
                        Some(belongs) => {
                            arguments.push(engine);
                            belong.push(quote! {
                                if !#belongs {
                                    return ::core::result::Result::Err(#resource);
                                }
                            });
                        }
                        None => {
                            arguments.push(quote!(#name));
                            gives.push(quote!(let #name = #engine;));
                        }
                    }
                }
                None => {
                    params.push(quote!(#name: #ty));
                    arguments.push(quote!(#name));
                }
            }
            names.push(name);
        }
        let (returned, value) = match &function.result {
            Some(ty) => handles
                .result(ty, &result, quote!(__result))
                .ok_or_else(missing)?,
            None => (quote!(#result), quote!(__result)),
        };
        let returns = |whose| function.result.is_some_and(|ty| handles.holds(&ty, whose));
        let (home, back) = (returns(Whose::Guests), returns(Whose::Applications));
        guests |= home;
        let body = if belong.is_empty() && gives.is_empty() && !home && !back {
            quote! {
                self.live.call(#call, |__exports, __store| #target.#callee(__store, #(#arguments),*))
            }
        } else {
            let resources = quote! {
                let __resources =
                    ::plugin_host::generated::KeepsResources::resources(__store.data_mut());
            };
            let before = (!gives.is_empty()).then_some(&resources);
            let after = back.then_some(&resources);
            let home = home.then(|| quote!(let __home = __store.data().home();));
            let admit = match (guests, belong.is_empty()) {
                (true, _) => Some(quote!(admit)),
                (false, false) => Some(quote!(admit_lent)),
                (false, true) => None,
            };
            let admit = admit.map(|admit| {
                quote! {
                    self.live.#admit(#call, |__home| {
                        #(#belong)*
                        ::core::result::Result::Ok(())
                    })?;
                }
            });
            quote! {
                #admit
                self.live.call(#call, |__exports, mut __store| {
                    #before
                    #(#gives)*
                    let __result = #target.#callee(&mut __store, #(#arguments),*)?;
                    #home
                    #after
                    ::core::result::Result::Ok(#value)
                })
            }
        };
        Ok(Method {
            name: name.clone(),
            docs: docs(function.docs.contents.as_deref()),
            signature: quote! {
                fn #name(
                    &mut self,
                    #(#params),*
                ) -> ::core::result::Result<#returned, ::plugin_host::Error>
            },
            arguments: names,
            body,
        })
    }

    /// A parameter's name; a method's own resource goes by that resource's.
    fn param_name(&self, name: &str, handles: &Handles<'_>) -> Ident {
        let resource = self.function.kind.resource();
        let own = resource
            .filter(|_| name == "self")
            .map(|id| handles.name(id));
        match own {
            Some(own) if self.function.params.iter().all(|p| p.name != own) => {
                ident(&own.to_snake_case())
            }
            _ => ident(&name.to_snake_case()),
        }
    }
}

/// A method that makes a call.
pub(crate) struct Method {
    pub(crate) name: Ident,
    docs: TokenStream,
    signature: TokenStream,
    arguments: Vec<Ident>,
    body: TokenStream,
}

impl Method {
    /// As a method of its own.
    pub(crate) fn inherent(&self) -> TokenStream {
        let (docs, signature, body) = (&self.docs, &self.signature, &self.body);
        quote!(#docs pub #signature { #body })
    }

    /// As a trait declares it.
    pub(crate) fn declaration(&self) -> TokenStream {
        let (docs, signature) = (&self.docs, &self.signature);
        quote!(#docs #signature;)
    }

    /// As that trait's method, of something that has it already.
    pub(crate) fn forward(&self, to: &TokenStream) -> TokenStream {
        let (name, signature, arguments) = (&self.name, &self.signature, &self.arguments);
        quote!(#signature { #to.#name(#(#arguments),*) })
    }

    /// The same, of the type's own method of that name.
    pub(crate) fn forward_inherent(&self) -> TokenStream {
        let (name, signature, arguments) = (&self.name, &self.signature, &self.arguments);
        quote!(#signature { Self::#name(self, #(#arguments),*) })
    }
}

/// The type that a group of calls are methods of.
pub(crate) fn calls_type(
    docs: &TokenStream,
    name: &Ident,
    world: &TokenStream,
    methods: &[TokenStream],
) -> syn::File {
    syn::parse_quote! {
        #docs
        pub struct #name<'p, T: ::core::marker::Send + 'static> {
            #[doc(hidden)]
            pub live: &'p mut ::plugin_host::generated::Live<T, #world>,
        }

        impl<'p, T: ::core::marker::Send + 'static> #name<'p, T> {
            #(#methods)*
        }
    }
}

/// A Rust name, with an underscore behind a keyword.
pub(crate) fn ident(name: &str) -> Ident {
    syn::parse_str(name).unwrap_or_else(|_| format_ident!("{name}_"))
}

pub(crate) fn docs(text: Option<&str>) -> TokenStream {
    let lines = text
        .unwrap_or_default()
        .lines()
        .map(|line| format!(" {line}"));
    quote!(#(#[doc = #lines])*)
}
