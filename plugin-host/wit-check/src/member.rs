//! What records, variants, enums and flags have in common: named parts in an
//! order.

use wit_parser::{Docs, Type, TypeDefKind};

/// A field, case or flag.
pub(crate) struct Member<'a> {
    pub(crate) name: &'a str,
    pub(crate) ty: Option<Type>,
    pub(crate) docs: &'a Docs,
}

/// What the parts of such a type are called, and the parts; none for others.
pub(crate) fn members(kind: &TypeDefKind) -> Option<(&'static str, Vec<Member<'_>>)> {
    Some(match kind {
        TypeDefKind::Record(record) => {
            let fields = record.fields.iter();
            let fields = fields.map(|it| Member::new(&it.name, Some(it.ty), &it.docs));
            ("field", fields.collect())
        }
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter();
            let cases = cases.map(|it| Member::new(&it.name, it.ty, &it.docs));
            ("case", cases.collect())
        }
        TypeDefKind::Enum(it) => {
            let cases = it.cases.iter();
            let cases = cases.map(|it| Member::new(&it.name, None, &it.docs));
            ("case", cases.collect())
        }
        TypeDefKind::Flags(flags) => {
            let flags = flags.flags.iter();
            let flags = flags.map(|it| Member::new(&it.name, None, &it.docs));
            ("flag", flags.collect())
        }
        _ => return None,
    })
}

impl<'a> Member<'a> {
    fn new(name: &'a str, ty: Option<Type>, docs: &'a Docs) -> Self {
        Self { name, ty, docs }
    }
}
