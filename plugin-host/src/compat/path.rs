//! Where in a function's type something is.

use std::fmt;

/// One step into a type; names of types are the host's.
pub(super) enum Step<'a> {
    Param(&'a str),
    Result,
    /// A field of a record, or a case, or a flag, with the type's own name.
    Member(Option<&'a str>, &'a str),
    Index(usize),
    Element,
    Some,
    Ok,
    Err,
    Key,
    Value,
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Param(name) => write!(f, "param {name}"),
            Self::Result => f.write_str("result"),
            Self::Member(Some(owner), name) => write!(f, "{owner}.{name}"),
            Self::Member(None, name) => f.write_str(name),
            Self::Index(index) => write!(f, "{index}"),
            Self::Element => f.write_str("element"),
            Self::Some => f.write_str("some"),
            Self::Ok => f.write_str("ok"),
            Self::Err => f.write_str("err"),
            Self::Key => f.write_str("key"),
            Self::Value => f.write_str("value"),
        }
    }
}

/// The way from a function to a part of its type, as in
/// `apply → param batch → element → product.price`.
pub(super) fn path_text(function: &str, steps: &[Step<'_>]) -> String {
    let mut text = plain_name(function);
    for step in steps {
        text.push_str(" → ");
        text.push_str(&step.to_string());
    }
    text
}

/// A function's name, or a resource's, without the component model's marks.
fn plain_name(name: &str) -> String {
    let marked = name.strip_prefix('[').and_then(|name| name.split_once(']'));
    match marked {
        None => name.to_owned(),
        Some(("method" | "static", name)) => name.to_owned(),
        Some((mark, name)) => format!("{mark} {name}"),
    }
}
