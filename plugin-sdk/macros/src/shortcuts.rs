//! Short names for the interfaces of a world: `transform` beside
//! `exports::example::catalog::transform`. Leaves out every name that could
//! mean two interfaces.

use std::collections::{BTreeMap, HashSet};

use wit_bindgen_core::name_package_module;
use wit_bindgen_core::wit_parser::{Resolve, WorldId, WorldItem, WorldKey};
use wit_bindgen_rust::to_rust_ident;

/// Crates that an author's paths start with, which a module of that name in scope
/// would make ambiguous, and the module that stands in for the application in tests.
const TAKEN: [&str; 5] = ["alloc", "core", "fake", "plugin_sdk", "std"];

/// The modules that wit-bindgen makes, by the shortest name of each: the paths
/// start where `generate!` was called, and end with the name.
pub(crate) fn shortcuts(
    resolve: &Resolve,
    world: WorldId,
    remapped: &HashSet<String>,
) -> Vec<Vec<String>> {
    let world = &resolve.worlds[world];
    let imports = world
        .imports
        .iter()
        .filter(|(key, _)| !remapped.contains(&resolve.name_world_key(key)))
        .map(|item| (item, None));
    let exports = world.exports.iter().map(|item| (item, Some("exports")));

    let mut by_name = BTreeMap::<String, Vec<Vec<String>>>::new();
    for ((key, item), first) in imports.chain(exports) {
        if !matches!(item, WorldItem::Interface { .. }) {
            continue;
        }
        let mut path = Vec::from_iter(first.map(str::to_owned));
        path.extend(module(resolve, key));
        if let Some(name) = path.last() {
            by_name.entry(name.clone()).or_default().push(path);
        }
    }
    by_name
        .into_iter()
        .filter(|(name, _)| !TAKEN.contains(&name.as_str()))
        .filter_map(|(_, mut paths)| {
            paths
                .pop()
                .filter(|path| paths.is_empty() && path.len() > 1)
        })
        .collect()
}

fn module(resolve: &Resolve, key: &WorldKey) -> Vec<String> {
    let id = match key {
        WorldKey::Name(name) => return vec![to_rust_ident(name)],
        WorldKey::Interface(id) => *id,
    };
    let interface = &resolve.interfaces[id];
    let (Some(package), Some(name)) = (interface.package, &interface.name) else {
        return Vec::new();
    };
    vec![
        to_rust_ident(&resolve.packages[package].name.namespace),
        name_package_module(resolve, package),
        to_rust_ident(name),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(wit: &str, remapped: &[&str]) -> Vec<String> {
        let mut resolve = Resolve::default();
        let package = resolve.push_str("test.wit", wit).expect("valid WIT");
        let world = resolve.select_world(&[package], None).expect("one world");
        let remapped = remapped.iter().map(|&name| name.to_owned()).collect();
        shortcuts(&resolve, world, &remapped)
            .iter()
            .map(|path| path.join("::"))
            .collect()
    }

    #[test]
    fn imports_and_exports_are_found_by_their_last_name() {
        let wit = "package a:some-shop@1.0.0;
            interface types { record r { n: u8 } }
            interface price-list { use types.{r}; f: func() -> r; }
            interface move { use types.{r}; g: func() -> r; }
            world w { import price-list; export move; export f: func(); }";
        assert_eq!(
            of(wit, &[]),
            [
                "exports::a::some_shop::move_",
                "a::some_shop::price_list",
                "a::some_shop::types",
            ]
        );
    }

    #[test]
    fn a_name_with_two_meanings_gets_no_shortcut() {
        let wit = "package a:b;
            interface same { f: func(); }
            world w { import same; export same; }";
        assert!(of(wit, &[]).is_empty());
    }

    #[test]
    fn names_of_crates_and_remapped_interfaces_get_no_shortcut() {
        let wit = "package a:b@1.0.0;
            interface core { f: func(); }
            interface fake { f: func(); }
            interface mine { f: func(); }
            interface other { f: func(); }
            world w { import core; import fake; import mine; import other; }";
        assert_eq!(of(wit, &["a:b/mine@1.0.0"]), ["a::b::other"]);
    }

    #[test]
    fn an_interface_inside_the_world_has_its_short_name_already() {
        let wit = "package a:b;
            world w {
                import mine: interface { f: func(); }
                export yours: interface { f: func(); }
            }";
        assert_eq!(of(wit, &[]), ["exports::yours"]);
    }
}
