//! Compares worlds: what each asks of a host and of a plugin. What is inside
//! interfaces with names is not for here.

use crate::findings::Findings;
use crate::functions::compare_functions;
use crate::interfaces::{compare_interface, types_alone};
use crate::matcher::Matcher;
use crate::types::compare_types;
use crate::view::View;
use crate::{Side, rule};
use wit_parser::{Function, IndexMap, InterfaceId, TypeId, World, WorldId, WorldItem, WorldKey};

type Items = IndexMap<WorldKey, WorldItem>;

/// Compares the worlds of the package.
pub(crate) fn compare_worlds(matcher: &Matcher<'_>, findings: &mut Findings) {
    let (old, new) = (&matcher.old, &matcher.new);
    let (old_worlds, new_worlds) = (worlds(old), worlds(new));
    for (name, &was) in old_worlds {
        match new_worlds.get(name) {
            Some(&is) => compare_world(matcher, was, is, findings),
            None => {
                let path = old.world_key(was);
                findings.push(&path, Side::Both, rule::WORLD_REMOVED, "world removed");
            }
        }
    }
    for (name, &is) in new_worlds {
        if !old_worlds.contains_key(name) {
            let path = new.world_key(is);
            findings.push(&path, Side::Both, rule::WORLD_ADDED, "world added");
        }
    }
}

fn worlds<'a>(view: &View<'a>) -> &'a IndexMap<String, WorldId> {
    &view.resolve.packages[view.package].worlds
}

fn compare_world(matcher: &Matcher<'_>, old: WorldId, new: WorldId, findings: &mut Findings) {
    let path = &matcher.new.world_key(new);
    let was = &matcher.old.resolve.worlds[old];
    let is = &matcher.new.resolve.worlds[new];
    findings.gate(path, Side::Both, &was.stability, &is.stability);
    findings.docs(path, Side::Both, &was.docs, &is.docs);
    let types = (&*defined(was), &*defined(is));
    compare_types(matcher, path, Side::Both, types, findings);
    for (side, was, is) in [
        (Side::Imports, &was.imports, &is.imports),
        (Side::Exports, &was.exports, &is.exports),
    ] {
        compare_placed(matcher, path, side, was, is, findings);
        compare_functions(
            matcher,
            path,
            side,
            &functions(was),
            &functions(is),
            findings,
        );
    }
}

/// Types that a world defines stand among its imports.
fn defined(world: &World) -> Vec<(&str, TypeId)> {
    let types = world
        .imports
        .iter()
        .filter_map(|(key, item)| match (key, item) {
            (WorldKey::Name(name), WorldItem::Type { id, .. }) => Some((name.as_str(), *id)),
            _ => None,
        });
    types.collect()
}

fn functions(items: &Items) -> Vec<&Function> {
    let functions = items.values().filter_map(|item| match item {
        WorldItem::Function(function) => Some(function),
        _ => None,
    });
    functions.collect()
}

fn interfaces(view: &View<'_>, items: &Items) -> Vec<(String, InterfaceId)> {
    let interfaces = items.iter().filter_map(|(key, item)| match item {
        WorldItem::Interface { id, .. } => Some((view.item_key(key), *id)),
        _ => None,
    });
    interfaces.collect()
}

fn compare_placed(
    matcher: &Matcher<'_>,
    path: &str,
    side: Side,
    old: &Items,
    new: &Items,
    findings: &mut Findings,
) {
    let noun = match side {
        Side::Exports => "export",
        _ => "import",
    };
    let old = interfaces(&matcher.old, old);
    let new = interfaces(&matcher.new, new);
    for (key, was) in &old {
        match new.iter().find(|(other, _)| other == key) {
            Some((_, is)) => {
                compare_target(matcher, &format!("{path}.{key}"), side, *was, *is, findings)
            }
            None => {
                let rule = if types_alone(&matcher.old, *was) {
                    rule::TYPES_ALONE
                } else {
                    rule::REMOVED
                };
                findings.push(path, side, rule, format!("{noun} `{key}` removed"));
            }
        }
    }
    for (key, is) in &new {
        if !old.iter().any(|(other, _)| other == key) {
            let rule = if types_alone(&matcher.new, *is) {
                rule::TYPES_ALONE
            } else {
                rule::ADDED
            };
            findings.push(path, side, rule, format!("{noun} `{key}` added"));
        }
    }
}

/// Compares what stands in both worlds under one key. Interfaces with names are
/// compared elsewhere; here only whether it is still the same one.
fn compare_target(
    matcher: &Matcher<'_>,
    path: &str,
    side: Side,
    old: InterfaceId,
    new: InterfaceId,
    findings: &mut Findings,
) {
    let (was, is) = (matcher.old.key(old), matcher.new.key(new));
    let named = |view: &View<'_>, id| view.resolve.interfaces[id].name.is_some();
    if !named(&matcher.old, old) && !named(&matcher.new, new) {
        compare_interface(matcher, path, (side, side), old, new, findings);
    } else if was != is {
        let what = format!("was `{was}` and is `{is}`");
        findings.push(path, side, rule::SIGNATURE, what);
    }
}
