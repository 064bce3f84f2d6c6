//! Short names for the modules of interfaces, where they are unambiguous.

use crate::wit::Wit;
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use std::collections::HashSet;
use syn::Ident;
use wit_parser::{InterfaceId, WorldKey};

/// `use` items for every interface, imports before exports.
pub(crate) fn shortcuts(wit: &Wit, module: &Ident) -> TokenStream {
    let world = wit.world();
    let imports = wit
        .interfaces(&world.imports)
        .map(|(key, id)| (false, wit.module_path(key, id)));
    let exports = wit
        .interfaces(&world.exports)
        .map(|(key, id)| (true, wit.module_path(key, id)));
    let mut seen = HashSet::from([module.clone()]);
    let uses = imports.chain(exports).filter_map(|(exported, path)| {
        let last = path.last()?;
        seen.insert(last.clone()).then(|| {
            let exports = exported.then(|| quote!(exports::));
            quote!(#[allow(unused_imports)] pub use #module::#exports #(#path)::*;)
        })
    });
    quote!(#(#uses)*)
}

impl Wit {
    /// Where the generator puts an interface's module, without `exports`.
    pub(crate) fn module_path(&self, key: &WorldKey, id: InterfaceId) -> Vec<Ident> {
        let ident = |name: &str| {
            let name = name.to_snake_case();
            syn::parse_str(&name).unwrap_or_else(|_| format_ident!("{name}_"))
        };
        if let WorldKey::Name(name) = key {
            return vec![ident(name)];
        }
        let interface = &self.resolve.interfaces[id];
        let package = interface
            .package
            .expect("a named interface is in a package");
        let name = &self.resolve.packages[package].name;
        let versions = self
            .resolve
            .packages
            .iter()
            .filter(|(_, other)| {
                other.name.namespace == name.namespace && other.name.name == name.name
            })
            .count();
        // Two versions of one package are told apart as the generator does it.
        let package_module = match &name.version {
            Some(version) if versions > 1 => {
                let version = version.to_string().replace(['.', '-', '+'], "_");
                format!("{}{}", name.name.to_snake_case(), version.to_snake_case())
            }
            _ => name.name.to_snake_case(),
        };
        vec![
            ident(&name.namespace),
            format_ident!("{package_module}"),
            ident(interface.name.as_deref().unwrap_or_default()),
        ]
    }
}
