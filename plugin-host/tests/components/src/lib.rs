//! Makes components of WIT texts when tests are compiled. Their functions trap.

mod module;

use proc_macro::TokenStream;
use proc_macro2::{Literal, Span};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, UnresolvedPackageGroup};

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
    let group = UnresolvedPackageGroup::parse("plugin.wit", wit)
        .map_err(|(map, error)| error.render(&map))?;
    let mut resolve = Resolve::default();
    let package = resolve
        .push_group(group)
        .map_err(|error| format!("{error:#}"))?;
    let text = |error: &dyn std::fmt::Display| format!("{error:#}");
    let world = resolve
        .select_world(&[package], Some("plugin"))
        .map_err(|error| text(&error))?;
    let mut module = module::traps(&resolve, world);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)
        .map_err(|error| text(&error))?;
    ComponentEncoder::default()
        .module(&module)
        .and_then(|mut encoder| encoder.encode())
        .map_err(|error| text(&error))
}

fn bytes_literal(bytes: &[u8]) -> proc_macro2::TokenStream {
    let bytes = Literal::byte_string(bytes);
    quote!(#bytes as &[u8])
}
