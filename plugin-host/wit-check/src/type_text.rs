//! Writes types as WIT does.

use wit_parser::{Handle, Resolve, Type, TypeDefKind};

/// A type where it is used, as WIT writes it.
pub(crate) fn type_text(resolve: &Resolve, ty: Type) -> String {
    let id = match ty {
        Type::Bool => return "bool".into(),
        Type::U8 => return "u8".into(),
        Type::U16 => return "u16".into(),
        Type::U32 => return "u32".into(),
        Type::U64 => return "u64".into(),
        Type::S8 => return "s8".into(),
        Type::S16 => return "s16".into(),
        Type::S32 => return "s32".into(),
        Type::S64 => return "s64".into(),
        Type::F32 => return "f32".into(),
        Type::F64 => return "f64".into(),
        Type::Char => return "char".into(),
        Type::String => return "string".into(),
        Type::ErrorContext => return "error-context".into(),
        Type::Id(id) => id,
    };
    let def = &resolve.types[id];
    match &def.name {
        Some(name) => name.clone(),
        None => definition_text(resolve, &def.kind),
    }
}

/// What a definition stands for: its structure, or what it is called where that
/// takes lines.
pub(crate) fn definition_text(resolve: &Resolve, kind: &TypeDefKind) -> String {
    let text = |ty: &Type| type_text(resolve, *ty);
    let optional = |ty: &Option<Type>| ty.as_ref().map_or_else(|| "_".to_owned(), text);
    match kind {
        TypeDefKind::Handle(Handle::Own(id)) => text(&Type::Id(*id)),
        TypeDefKind::Handle(Handle::Borrow(id)) => format!("borrow<{}>", text(&Type::Id(*id))),
        TypeDefKind::Tuple(tuple) => {
            let types: Vec<_> = tuple.types.iter().map(text).collect();
            format!("tuple<{}>", types.join(", "))
        }
        TypeDefKind::Option(ty) => format!("option<{}>", text(ty)),
        TypeDefKind::Result(it) => match (&it.ok, &it.err) {
            (None, None) => "result".to_owned(),
            (Some(ok), None) => format!("result<{}>", text(ok)),
            (ok, err) => format!("result<{}, {}>", optional(ok), optional(err)),
        },
        TypeDefKind::List(ty) => format!("list<{}>", text(ty)),
        TypeDefKind::Map(key, ty) => format!("map<{}, {}>", text(key), text(ty)),
        TypeDefKind::FixedLengthList(ty, length) => format!("list<{}, {length}>", text(ty)),
        TypeDefKind::Future(None) => "future".to_owned(),
        TypeDefKind::Future(Some(ty)) => format!("future<{}>", text(ty)),
        TypeDefKind::Stream(None) => "stream".to_owned(),
        TypeDefKind::Stream(Some(ty)) => format!("stream<{}>", text(ty)),
        TypeDefKind::Type(ty) => text(ty),
        TypeDefKind::Enum(_) => "an enum".to_owned(),
        other => format!("a {}", other.as_str()),
    }
}
