//! Compares the functions of an interface or a world.

use crate::findings::Findings;
use crate::matcher::Matcher;
use crate::type_text::type_text;
use crate::{Side, rule};
use wit_parser::{Function, FunctionKind, Param, Type};

/// Where a function is told of, and what it is called there.
pub(crate) fn function_path(parent: &str, function: &Function) -> String {
    let name = match function.name.split_once(']') {
        Some(("[constructor", resource)) => format!("{resource}.constructor"),
        Some((_, name)) => name.to_owned(),
        None => function.name.clone(),
    };
    format!("{parent}.{name}")
}

/// What kind of function it is, for sentences.
pub(crate) fn function_noun(function: &Function) -> &'static str {
    match function.kind {
        FunctionKind::Freestanding | FunctionKind::AsyncFreestanding => "function",
        FunctionKind::Method(_) | FunctionKind::AsyncMethod(_) => "method",
        FunctionKind::Static(_) | FunctionKind::AsyncStatic(_) => "static function",
        FunctionKind::Constructor(_) => "constructor",
    }
}

/// Compares the functions of one scope, which the linker matches by name.
pub(crate) fn compare_functions(
    matcher: &Matcher<'_>,
    parent: &str,
    side: Side,
    old: &[&Function],
    new: &[&Function],
    findings: &mut Findings,
) {
    for was in old {
        match new.iter().find(|is| is.name == was.name) {
            Some(is) => compare_function(matcher, parent, side, was, is, findings),
            None => {
                let what = format!("{} removed", function_noun(was));
                findings.push(&function_path(parent, was), side, rule::REMOVED, what);
            }
        }
    }
    for is in new {
        if !old.iter().any(|was| is.name == was.name) {
            let what = format!("{} added", function_noun(is));
            findings.push(&function_path(parent, is), side, rule::ADDED, what);
        }
    }
}

fn compare_function(
    matcher: &Matcher<'_>,
    parent: &str,
    side: Side,
    old: &Function,
    new: &Function,
    findings: &mut Findings,
) {
    let path = &function_path(parent, new);
    match (old.kind.is_async(), new.kind.is_async()) {
        (false, true) => findings.push(path, side, rule::SIGNATURE, "became `async`"),
        (true, false) => findings.push(path, side, rule::SIGNATURE, "is no longer `async`"),
        _ => {}
    }
    compare_parameters(matcher, path, side, old, new, findings);
    if !matcher.optional(old.result, new.result) {
        let what = match (old.result, new.result) {
            (None, Some(is)) => format!("result `{}` added", type_text(matcher.new.resolve, is)),
            (Some(was), None) => {
                format!("result `{}` removed", type_text(matcher.old.resolve, was))
            }
            (Some(was), Some(is)) => format!("result {}", was_and_is(matcher, was, is)),
            (None, None) => String::new(),
        };
        findings.push(path, side, rule::SIGNATURE, what);
    }
    findings.gate(path, side, &old.stability, &new.stability);
    findings.docs(path, side, &old.docs, &new.docs);
}

fn compare_parameters(
    matcher: &Matcher<'_>,
    path: &str,
    side: Side,
    old: &Function,
    new: &Function,
    findings: &mut Findings,
) {
    let (old, new) = (&old.params, &new.params);
    if old.len() != new.len() {
        for was in old.iter().filter(|was| !named(new, &was.name)) {
            let what = format!("parameter `{}` removed", was.name);
            findings.push(path, side, rule::SIGNATURE, what);
        }
        for is in new.iter().filter(|is| !named(old, &is.name)) {
            let what = format!("parameter `{}` added", is.name);
            findings.push(path, side, rule::SIGNATURE, what);
        }
        return;
    }
    for (was, is) in old.iter().zip(new) {
        if !matcher.same(was.ty, is.ty) {
            let types = was_and_is(matcher, was.ty, is.ty);
            let what = format!("parameter `{}` {types}", was.name);
            findings.push(path, side, rule::SIGNATURE, what);
        }
        if was.name == is.name {
            continue;
        }
        if named(old, &is.name) {
            let what = format!("parameter `{}` is where `{}` was", is.name, was.name);
            findings.push(path, side, rule::PARAMETERS_SWAPPED, what);
        } else {
            let what = format!("parameter `{}` renamed to `{}`", was.name, is.name);
            findings.push(path, side, rule::PARAMETER_RENAMED, what);
        }
    }
}

fn named(params: &[Param], name: &str) -> bool {
    params.iter().any(|param| param.name == name)
}

/// Both types, told apart where they are written the same.
pub(crate) fn was_and_is(matcher: &Matcher<'_>, was: Type, is: Type) -> String {
    let (old, new) = (
        type_text(matcher.old.resolve, was),
        type_text(matcher.new.resolve, is),
    );
    if old == new {
        return format!("is still `{new}`, and that is another type now");
    }
    format!("was `{old}` and is `{new}`")
}
