//! Checks that a component's functions take and return the handles that the
//! world says. The engine's own check takes any handle for any other, so that a
//! plugin could own what it was lent.

use wasmtime::component::Component;
use wasmtime::component::types::{ComponentItem, Type};

/// The handles that an exported function takes and returns.
pub struct CallHandles {
    /// The interface, as the component exports it.
    pub interface: &'static str,
    /// The function, as the component exports it.
    pub function: &'static str,
    /// In the order of its type; `None` for one of the application's, which
    /// the engine checks.
    pub handles: &'static [Option<HandleType>],
}

/// A handle to a resource of the guest's.
pub struct HandleType {
    /// Whether it is given, and not lent.
    pub owned: bool,
    /// The interface that defines the resource.
    pub interface: &'static str,
    /// The resource's name in it.
    pub resource: &'static str,
}

/// Refuses a component one of whose functions has other handles.
pub fn check_handles(component: &Component, calls: &[CallHandles]) -> wasmtime::Result<()> {
    for call in calls {
        let mut found = Vec::new();
        if let Some(ComponentItem::ComponentFunc(function)) =
            export(component, call.interface, call.function)
        {
            let types = function.params().map(|(_, ty)| ty);
            types
                .chain(function.results())
                .for_each(|ty| collect(&ty, &mut found));
        }
        let same = found.len() == call.handles.len()
            && found
                .iter()
                .zip(call.handles)
                .all(|(found, wanted)| fits(component, found, wanted.as_ref()));
        if !same {
            return Err(wasmtime::format_err!(
                "the function `{}` of `{}` takes or returns other resources, or owns what it is lent",
                call.function,
                call.interface
            ));
        }
    }
    Ok(())
}

fn export(component: &Component, interface: &str, name: &str) -> Option<ComponentItem> {
    let interface = component.get_export_index(None, interface)?;
    let (item, _) = component.get_export(Some(&interface), name)?;
    Some(item)
}

fn fits(component: &Component, found: &Type, wanted: Option<&HandleType>) -> bool {
    let Some(wanted) = wanted else { return true };
    let resource = match found {
        Type::Own(resource) if wanted.owned => resource,
        Type::Borrow(resource) if !wanted.owned => resource,
        _ => return false,
    };
    matches!(export(component, wanted.interface, wanted.resource),
        Some(ComponentItem::Resource(wanted)) if wanted == *resource)
}

/// The handles within a type, in order; the validator bounds a type's size.
fn collect(ty: &Type, found: &mut Vec<Type>) {
    let mut all = |types: &mut dyn Iterator<Item = Type>| types.for_each(|ty| collect(&ty, found));
    match ty {
        Type::Own(_) | Type::Borrow(_) => found.push(ty.clone()),
        Type::List(list) => collect(&list.ty(), found),
        Type::Option(option) => collect(&option.ty(), found),
        Type::Record(record) => all(&mut record.fields().map(|field| field.ty)),
        Type::Tuple(tuple) => all(&mut tuple.types()),
        Type::Variant(variant) => all(&mut variant.cases().filter_map(|case| case.ty)),
        Type::Result(result) => all(&mut result.ok().into_iter().chain(result.err())),
        // No others hold handles in a world that the macro accepts.
        _ => {}
    }
}
