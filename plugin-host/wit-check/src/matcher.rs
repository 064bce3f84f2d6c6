//! Decides whether two types are one to the linker. Reports nothing.

use crate::member::members;
use crate::view::View;
use std::cell::RefCell;
use std::collections::HashMap;
use wit_parser::{Handle, Resolve, Type, TypeDefKind, TypeId};

/// The two releases, and which types of theirs were found to match.
pub(crate) struct Matcher<'a> {
    pub(crate) old: View<'a>,
    pub(crate) new: View<'a>,
    // Types with names repeat, and without this a chain of them takes
    // exponential time.
    known: RefCell<HashMap<(TypeId, TypeId), bool>>,
}

impl<'a> Matcher<'a> {
    pub(crate) fn new(old: View<'a>, new: View<'a>) -> Self {
        Self {
            old,
            new,
            known: RefCell::default(),
        }
    }

    /// Whether two types are the same where they are used. A type that has a
    /// name in both releases is: what changed inside it is told once, where it
    /// is defined.
    pub(crate) fn same(&self, old: Type, new: Type) -> bool {
        match (old, new) {
            (Type::Id(old), Type::Id(new)) => {
                let ((old_names, old), (new_names, new)) =
                    (self.old.names(old), self.new.names(new));
                old_names.iter().any(|name| new_names.contains(name)) || self.structure(old, new)
            }
            (Type::Id(old), new) => self.old.names(old).1 == new,
            (old, Type::Id(new)) => old == self.new.names(new).1,
            (old, new) => old == new,
        }
    }

    /// Whether two definitions are the same, whatever their names.
    pub(crate) fn same_definition(&self, old: TypeId, new: TypeId) -> bool {
        let kinds = (
            &self.old.resolve.types[old].kind,
            &self.new.resolve.types[new].kind,
        );
        match kinds {
            (TypeDefKind::Type(old), TypeDefKind::Type(new)) => self.same(*old, *new),
            (TypeDefKind::Resource, TypeDefKind::Resource) => true,
            _ => self.structure(self.old.names(old).1, self.new.names(new).1),
        }
    }

    fn structure(&self, old: Type, new: Type) -> bool {
        let (Type::Id(old), Type::Id(new)) = (old, new) else {
            return old == new;
        };
        if let Some(known) = self.known.borrow().get(&(old, new)) {
            return *known;
        }
        let kind = |resolve: &'a Resolve, id: TypeId| &resolve.types[id].kind;
        let found = self.kinds(kind(self.old.resolve, old), kind(self.new.resolve, new));
        self.known.borrow_mut().insert((old, new), found);
        found
    }

    fn kinds(&self, old: &TypeDefKind, new: &TypeDefKind) -> bool {
        use TypeDefKind as Kind;
        match (old, new) {
            (Kind::Record(_), Kind::Record(_))
            | (Kind::Variant(_), Kind::Variant(_))
            | (Kind::Enum(_), Kind::Enum(_))
            | (Kind::Flags(_), Kind::Flags(_)) => self.same_members(old, new),
            (Kind::Tuple(old), Kind::Tuple(new)) => {
                old.types.len() == new.types.len()
                    && old
                        .types
                        .iter()
                        .zip(&new.types)
                        .all(|(old, new)| self.same(*old, *new))
            }
            (Kind::Handle(Handle::Own(old)), Kind::Handle(Handle::Own(new)))
            | (Kind::Handle(Handle::Borrow(old)), Kind::Handle(Handle::Borrow(new))) => {
                self.same(Type::Id(*old), Type::Id(*new))
            }
            (Kind::Option(old), Kind::Option(new)) | (Kind::List(old), Kind::List(new)) => {
                self.same(*old, *new)
            }
            (Kind::Result(old), Kind::Result(new)) => {
                self.optional(old.ok, new.ok) && self.optional(old.err, new.err)
            }
            (Kind::Map(old_key, old), Kind::Map(new_key, new)) => {
                self.same(*old_key, *new_key) && self.same(*old, *new)
            }
            (Kind::FixedLengthList(old, old_length), Kind::FixedLengthList(new, new_length)) => {
                old_length == new_length && self.same(*old, *new)
            }
            (Kind::Future(old), Kind::Future(new)) | (Kind::Stream(old), Kind::Stream(new)) => {
                self.optional(*old, *new)
            }
            // Two resources are one by name only, which `same` has looked at.
            _ => false,
        }
    }

    fn same_members(&self, old: &TypeDefKind, new: &TypeDefKind) -> bool {
        let (Some((_, old)), Some((_, new))) = (members(old), members(new)) else {
            return false;
        };
        old.len() == new.len()
            && old
                .iter()
                .zip(&new)
                .all(|(old, new)| old.name == new.name && self.optional(old.ty, new.ty))
    }

    pub(crate) fn optional(&self, old: Option<Type>, new: Option<Type>) -> bool {
        match (old, new) {
            (Some(old), Some(new)) => self.same(old, new),
            (None, None) => true,
            _ => false,
        }
    }
}
