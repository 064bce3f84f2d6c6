//! Compares the types that an interface or a world defines.

use crate::findings::Findings;
use crate::functions::was_and_is;
use crate::matcher::Matcher;
use crate::member::{Member, members};
use crate::type_text::definition_text;
use crate::{Side, rule};
use wit_parser::{TypeDefKind, TypeId};

/// Names with types, in the order of the source.
pub(crate) type Types<'a> = [(&'a str, TypeId)];

/// Compares the types of one scope.
pub(crate) fn compare_types(
    matcher: &Matcher<'_>,
    parent: &str,
    side: Side,
    (old, new): (&Types<'_>, &Types<'_>),
    findings: &mut Findings,
) {
    let get = |types: &Types<'_>, name: &str| types.iter().find(|it| it.0 == name).map(|it| it.1);
    let mut added: Vec<_> = new.iter().filter(|is| get(old, is.0).is_none()).collect();
    for &(name, was) in old {
        let path = &format!("{parent}.{name}");
        if let Some(is) = get(new, name) {
            compare_type(matcher, path, side, was, is, findings);
        } else if is_resource(&matcher.old, was) {
            findings.push(path, side, rule::REMOVED, "resource removed");
        } else if let Some(at) = added
            .iter()
            .position(|is| !is_resource(&matcher.new, is.1) && matcher.same_definition(was, is.1))
        {
            let what = format!("type renamed to `{}`", added.remove(at).0);
            findings.push(path, side, rule::TYPE_RENAMED, what);
        } else {
            findings.push(path, side, rule::TYPE_REMOVED, "type removed");
        }
    }
    for &(name, is) in added {
        let path = &format!("{parent}.{name}");
        if is_resource(&matcher.new, is) {
            findings.push(path, side, rule::ADDED, "resource added");
        } else {
            findings.push(path, side, rule::TYPE_ADDED, "type added");
        }
    }
}

fn is_resource(view: &crate::view::View<'_>, id: TypeId) -> bool {
    matches!(view.resolve.types[id].kind, TypeDefKind::Resource)
}

fn compare_type(
    matcher: &Matcher<'_>,
    path: &str,
    side: Side,
    old: TypeId,
    new: TypeId,
    findings: &mut Findings,
) {
    let (was, is) = (
        &matcher.old.resolve.types[old],
        &matcher.new.resolve.types[new],
    );
    let same_kind = std::mem::discriminant(&was.kind) == std::mem::discriminant(&is.kind);
    match (members(&was.kind), members(&is.kind)) {
        (Some((noun, old)), Some((_, new))) if same_kind => {
            compare_members(matcher, path, side, noun, (&old, &new), findings);
        }
        _ if matcher.same_definition(old, new) => {}
        _ => {
            let (old, new) = (
                definition_text(matcher.old.resolve, &was.kind),
                definition_text(matcher.new.resolve, &is.kind),
            );
            let what = if old == new {
                format!("is still {}, and that is another type now", quoted(&old))
            } else {
                format!("was {} and is {}", quoted(&old), quoted(&new))
            };
            findings.push(path, side, rule::SHAPE, what);
        }
    }
    findings.gate(path, side, &was.stability, &is.stability);
    findings.docs(path, side, &was.docs, &is.docs);
}

fn quoted(text: &str) -> String {
    if text.starts_with("a ") || text.starts_with("an ") {
        text.to_owned()
    } else {
        format!("`{text}`")
    }
}

fn compare_members(
    matcher: &Matcher<'_>,
    path: &str,
    side: Side,
    noun: &str,
    (old, new): (&[Member<'_>], &[Member<'_>]),
    findings: &mut Findings,
) {
    let get = |among: &[Member<'_>], name: &str| among.iter().position(|it| it.name == name);
    for was in old {
        let path = &format!("{path}.{}", was.name);
        let Some(is) = get(new, was.name).map(|at| &new[at]) else {
            findings.push(path, side, rule::SHAPE, format!("{noun} removed"));
            continue;
        };
        match (was.ty, is.ty) {
            (Some(was), Some(is)) if !matcher.same(was, is) => {
                findings.push(path, side, rule::SHAPE, was_and_is(matcher, was, is));
            }
            (Some(_), None) => findings.push(path, side, rule::SHAPE, "payload removed"),
            (None, Some(_)) => findings.push(path, side, rule::SHAPE, "payload added"),
            _ => {}
        }
        findings.docs(path, side, was.docs, is.docs);
    }
    for is in new.iter().filter(|is| get(old, is.name).is_none()) {
        let path = &format!("{path}.{}", is.name);
        findings.push(path, side, rule::SHAPE, format!("{noun} added"));
    }
    let places: Vec<_> = old.iter().filter_map(|was| get(new, was.name)).collect();
    if !places.is_sorted() {
        findings.push(
            path,
            side,
            rule::SHAPE,
            format!("order of the {noun}s changed"),
        );
    }
}
