//! Words for types and names.

use crate::printable::printable;
use crate::surface::{ResourceId, Type, TypeId, Types};
use std::fmt;

/// How deep a type is described.
const DEEPEST: u32 = 3;

/// A type as WIT would write it, cut where it is deep. `full` names resources
/// with their interfaces.
pub(super) fn type_text(types: &Types, id: TypeId, full: bool) -> String {
    describe(types, id, full, DEEPEST)
}

fn describe(types: &Types, id: TypeId, full: bool, depth: u32) -> String {
    let Some(depth) = depth.checked_sub(1) else {
        return "…".to_owned();
    };
    let one = |id: &TypeId| describe(types, *id, full, depth);
    let or_none = |id: &Option<TypeId>| id.as_ref().map_or_else(|| "_".to_owned(), one);
    let named = |kind: &str| match types.name(id) {
        Some(name) => format!("{kind} {name}"),
        None => kind.to_owned(),
    };
    match types.get(id) {
        Type::Primitive(primitive) => primitive.to_string(),
        Type::Record(_) => named("record"),
        Type::Variant(_) => named("variant"),
        Type::Enum(_) => named("enum"),
        Type::Flags(_) => named("flags"),
        Type::Tuple(parts) => {
            let mut texts: Vec<String> = parts.iter().take(4).map(one).collect();
            if parts.len() > texts.len() {
                texts.push("…".to_owned());
            }
            format!("tuple<{}>", texts.join(", "))
        }
        Type::List(element) => format!("list<{}>", one(element)),
        Type::FixedLengthList(element, length) => format!("list<{}, {length}>", one(element)),
        Type::Map(key, value) => format!("map<{}, {}>", one(key), one(value)),
        Type::Option(some) => format!("option<{}>", one(some)),
        Type::Result(None, None) => "result".to_owned(),
        Type::Result(ok, None) => format!("result<{}>", or_none(ok)),
        Type::Result(ok, err) => format!("result<{}, {}>", or_none(ok), or_none(err)),
        Type::Own(id) => format!("own<{}>", resource_text(types, *id, full)),
        Type::Borrow(id) => format!("borrow<{}>", resource_text(types, *id, full)),
        Type::Future(part) => format!("future<{}>", or_none(part)),
        Type::Stream(part) => format!("stream<{}>", or_none(part)),
    }
}

/// A resource, with its interface where that is wanted.
pub(super) fn resource_text(types: &Types, id: ResourceId, full: bool) -> String {
    match types.resource(id) {
        Some(home) if full && !home.interface.is_empty() => {
            let side = if home.is_imported { "import" } else { "export" };
            format!("{} of the {side} {}", home.name, home.interface)
        }
        Some(home) => home.name.clone(),
        None => "a resource without a name".to_owned(),
    }
}

/// Text that a plugin has a hand in, fit for one line: without control
/// characters and, where it is long, without its middle.
pub(super) struct Line<'a>(pub(super) &'a str);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 300;
        let text = printable(self.0);
        let text = text.replace(['\n', '\t'], " ");
        let length = text.chars().count();
        if length <= LONGEST {
            return f.write_str(&text);
        }
        let head: String = text.chars().take(LONGEST / 2).collect();
        let tail: String = text.chars().skip(length - LONGEST / 2).collect();
        write!(f, "{head}…{tail}")
    }
}
