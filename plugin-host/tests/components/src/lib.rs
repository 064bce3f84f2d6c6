//! Makes components of WIT texts when tests are compiled. Their functions trap.

use proc_macro::TokenStream;
use proc_macro2::{Literal, Span};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token};

/// The bytes of a component with the world `plugin` of a WIT text, with the
/// changes `"from" => "to"` that follow it.
///
/// It imports all that the world does, but for functions `unused-*`.
#[proc_macro]
pub fn component(input: TokenStream) -> TokenStream {
    let Mutants { wit, changes } = syn::parse_macro_input!(input);
    let mut changed = wit;
    for change in changes {
        match change.apply(&changed) {
            Some(next) => changed = next,
            None => return fail(&format!("`{}` is not there", change.from)),
        }
    }
    match encode(&changed) {
        Ok(bytes) => bytes_literal(&bytes).into(),
        Err(error) => fail(&error),
    }
}

/// Components of a WIT text as it is, with each of the changes that follow it,
/// and with each two of them: what was changed, and the bytes. Leaves out what is
/// no WIT.
#[proc_macro]
pub fn mutants(input: TokenStream) -> TokenStream {
    let Mutants { wit, changes } = syn::parse_macro_input!(input);
    let mut mutants = vec![(String::new(), wit.clone())];
    for (i, first) in changes.iter().enumerate() {
        let Some(once) = first.apply(&wit) else {
            return fail(&format!("`{}` is not there", first.from));
        };
        for second in &changes[i + 1..] {
            let label = format!("{}, {}", first.label(), second.label());
            mutants.extend(second.apply(&once).map(|twice| (label, twice)));
        }
        mutants.push((first.label(), once));
    }
    let mutants = mutants.iter().filter_map(|(label, wit)| {
        let bytes = bytes_literal(&encode(wit).ok()?);
        Some(quote!((#label, #bytes)))
    });
    quote!(&[#(#mutants),*] as &[(&str, &[u8])]).into()
}

fn fail(message: &str) -> TokenStream {
    syn::Error::new(Span::call_site(), message)
        .into_compile_error()
        .into()
}

struct Mutants {
    wit: String,
    changes: Vec<Change>,
}

struct Change {
    from: String,
    to: String,
}

impl Change {
    fn apply(&self, wit: &str) -> Option<String> {
        let changed = wit.replacen(&self.from, &self.to, 1);
        (changed != wit).then_some(changed)
    }

    fn label(&self) -> String {
        format!("{} => {}", self.from, self.to)
    }
}

impl Parse for Mutants {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let wit = input.parse::<LitStr>()?.value();
        input.parse::<Option<Token![,]>>()?;
        let changes = Punctuated::<Change, Token![,]>::parse_terminated(input)?;
        Ok(Self {
            wit,
            changes: changes.into_iter().collect(),
        })
    }
}

impl Parse for Change {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let from = input.parse::<LitStr>()?.value();
        input.parse::<Token![=>]>()?;
        let to = input.parse::<LitStr>()?.value();
        Ok(Self { from, to })
    }
}

fn encode(wit: &str) -> Result<Vec<u8>, String> {
    let (resolve, world) = test_encoder::read(wit, "plugin")?;
    test_encoder::component(&resolve, world, |function| {
        !function.name.starts_with("unused-")
    })
}

fn bytes_literal(bytes: &[u8]) -> proc_macro2::TokenStream {
    let bytes = Literal::byte_string(bytes);
    quote!(#bytes as &[u8])
}
