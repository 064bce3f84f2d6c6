//! Compares interfaces: those of the package, and those of other packages that
//! its worlds have.

use crate::findings::Findings;
use crate::functions::compare_functions;
use crate::matcher::Matcher;
use crate::types::compare_types;
use crate::view::View;
use crate::{Side, rule};
use wit_parser::{Interface, InterfaceId, TypeDefKind, TypeId};

/// Compares every interface that both releases have, and tells of those that
/// only one has and no world tells of.
pub(crate) fn compare_interfaces(matcher: &Matcher<'_>, findings: &mut Findings) {
    let (old, new) = (&matcher.old, &matcher.new);
    for (key, &was) in old.interfaces() {
        match new.interfaces().get(key) {
            Some(&is) => {
                // Plugins that exist were built for the old worlds.
                let (placed, reached) = (old.sides(key), old.type_sides(key));
                let sides = (placed.side(), reached.side());
                compare_interface(matcher, key, sides, was, is, findings);
            }
            None if old.is_own(was) && old.sides(key).nowhere() => {
                let rule = if types_alone(old, was) {
                    rule::TYPES_ALONE
                } else {
                    rule::UNUSED_REMOVED
                };
                findings.push(key, Side::Both, rule, "interface removed");
            }
            None => {}
        }
    }
    for (key, &is) in new.interfaces() {
        let added = !old.interfaces().contains_key(key);
        if added && new.is_own(is) && new.sides(key).nowhere() {
            findings.push(key, Side::Both, rule::UNUSED_ADDED, "interface added");
        }
    }
}

/// Compares one interface. Its functions are on the first side, its types on
/// the second, as others may use them.
pub(crate) fn compare_interface(
    matcher: &Matcher<'_>,
    path: &str,
    (side, types_side): (Side, Side),
    old: InterfaceId,
    new: InterfaceId,
    findings: &mut Findings,
) {
    let was = &matcher.old.resolve.interfaces[old];
    let is = &matcher.new.resolve.interfaces[new];
    findings.gate(path, side, &was.stability, &is.stability);
    findings.docs(path, side, &was.docs, &is.docs);
    let (old, new) = (defined(was), defined(is));
    compare_types(matcher, path, types_side, (&old, &new), findings);
    let (old, new): (Vec<_>, Vec<_>) = (
        was.functions.values().collect(),
        is.functions.values().collect(),
    );
    compare_functions(matcher, path, side, &old, &new, findings);
}

fn defined(interface: &Interface) -> Vec<(&str, TypeId)> {
    let types = interface.types.iter();
    types.map(|(name, id)| (name.as_str(), *id)).collect()
}

/// Whether nobody has to serve the interface.
pub(crate) fn types_alone(view: &View<'_>, interface: InterfaceId) -> bool {
    let it = &view.resolve.interfaces[interface];
    let resource = |id| matches!(view.resolve.types[id].kind, TypeDefKind::Resource);
    it.functions.is_empty() && !it.types.values().any(|&id| resource(id))
}
