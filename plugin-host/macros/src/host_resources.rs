//! Resources of the application's that the world imports: where handles to them
//! are, and which uses of them no bindings can be made for.

use crate::guest_resources::Form;
use crate::wit::Wit;
use wit_parser::{Function, Handle, InterfaceId, Type, TypeDefKind, TypeId, WorldItem};

/// Whose resources a function hands to and fro.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Imported: the application's alone.
    Import,
    /// Exported: the guest's where the world exports them, else the application's.
    Export,
}

impl Wit {
    /// The application's resource, and whether it is owned, where `ty` is a handle
    /// to one.
    pub(crate) fn host_handle(&self, ty: &Type, side: Side) -> Option<(TypeId, bool)> {
        let Type::Id(id) = ty else { return None };
        let (resource, owned) = match &self.resolve.types[*id].kind {
            TypeDefKind::Handle(Handle::Own(id)) => (*id, true),
            TypeDefKind::Handle(Handle::Borrow(id)) => (*id, false),
            _ => return None,
        };
        let guests = side == Side::Export && self.guest_handle(ty).is_some();
        (!guests).then_some((resource, owned))
    }

    /// The first handle to one within a type.
    pub(crate) fn host_held(&self, ty: &Type, side: Side) -> Option<(TypeId, bool)> {
        let mut held = None;
        self.each_handle(ty, &mut |handle| {
            held = held.or_else(|| self.host_handle(handle, side));
        });
        held
    }

    /// Whether any handle within a type is lent.
    pub(crate) fn lends_within(&self, ty: &Type, side: Side) -> bool {
        let mut lends = false;
        self.each_handle(ty, &mut |handle| {
            lends |= matches!(self.host_handle(handle, side), Some((_, false)));
        });
        lends
    }

    /// What a parameter is made of that is a handle, or an `option` or `list` of one.
    pub(crate) fn form(&self, ty: &Type) -> Option<(Form, Type)> {
        let Type::Id(id) = ty else { return None };
        let (form, inner) = match &self.resolve.types[*id].kind {
            TypeDefKind::Option(inner) => (Form::Option, inner),
            TypeDefKind::List(inner) => (Form::List, inner),
            _ => (Form::One, ty),
        };
        let Type::Id(id) = inner else { return None };
        matches!(self.resolve.types[*id].kind, TypeDefKind::Handle(_)).then_some((form, *inner))
    }
}

/// Refuses the uses of the application's resources that are not supported, by name.
pub(crate) fn refuse_unsupported(wit: &Wit) -> Result<(), String> {
    let world = wit.world();
    let imports = world.imports.iter().map(|item| (Side::Import, item));
    let exports = world.exports.iter().map(|item| (Side::Export, item));
    for (side, (key, item)) in imports.chain(exports) {
        let name = wit.resolve.name_world_key(key);
        match item {
            WorldItem::Function(function) => refuse_params(wit, function, side, &name)?,
            WorldItem::Type { id, .. } => refuse_type(wit, *id, side, &name)?,
            WorldItem::Interface { id, .. } => refuse_interface(wit, *id, side, &name)?,
        }
    }
    Ok(())
}

fn refuse_interface(wit: &Wit, id: InterfaceId, side: Side, name: &str) -> Result<(), String> {
    let interface = &wit.resolve.interfaces[id];
    for (type_name, id) in &interface.types {
        refuse_type(wit, *id, side, &format!("{type_name}` of `{name}"))?;
    }
    for function in interface.functions.values() {
        let name = format!("{}` of `{name}", wit.function_name(function));
        refuse_params(wit, function, side, &name)?;
    }
    Ok(())
}

fn refuse_type(wit: &Wit, id: TypeId, side: Side, name: &str) -> Result<(), String> {
    match wit.host_held(&Type::Id(id), side) {
        None => Ok(()),
        Some((resource, _)) => Err(format!(
            "the type `{name}` holds the application's resource `{}`: that is not supported \
             yet: let functions take and return the handle beside it, or in a `tuple`",
            wit.resource_name(resource)
        )),
    }
}

fn refuse_params(wit: &Wit, function: &Function, side: Side, name: &str) -> Result<(), String> {
    for param in &function.params {
        let Some((resource, _)) = wit.host_held(&param.ty, side) else {
            continue;
        };
        // What is owned may be anywhere in what the guest hands over.
        let anywhere = side == Side::Import && !wit.lends_within(&param.ty, side);
        if !anywhere && wit.form(&param.ty).is_none() {
            return Err(format!(
                "the parameter `{}` of the function `{name}` holds the application's resource \
                 `{}` in a form that is not supported yet: take the handle itself, or an \
                 `option` or `list` of it",
                param.name,
                wit.resource_name(resource)
            ));
        }
    }
    Ok(())
}
