//! Resources that the guest exports: which they are, and which uses of them no
//! bindings can be made for.

use crate::wit::Wit;
use heck::ToSnakeCase;
use wit_parser::{
    Function, FunctionKind, Handle, Interface, InterfaceId, Type, TypeDefKind, TypeId, TypeOwner,
    WorldItem,
};

/// What a parameter that holds handles is made of.
pub(crate) enum Form {
    One,
    Option,
    List,
}

impl Wit {
    /// Whether the world exports any resource.
    pub(crate) fn exports_resources(&self) -> bool {
        self.interfaces(&self.world().exports)
            .any(|(_, id)| self.resources(id).next().is_some())
    }

    /// The resources that an interface defines: name and type.
    pub(crate) fn resources(&self, id: InterfaceId) -> impl Iterator<Item = (&str, TypeId)> {
        let types = self.resolve.interfaces[id].types.iter();
        types
            .filter(|(_, id)| matches!(self.resolve.types[**id].kind, TypeDefKind::Resource))
            .map(|(name, id)| (name.as_str(), *id))
    }

    /// The guest's resource, and whether it is owned, where `ty` is a handle to one.
    pub(crate) fn guest_handle(&self, ty: &Type) -> Option<(TypeId, bool)> {
        let Type::Id(id) = ty else { return None };
        match &self.resolve.types[*id].kind {
            TypeDefKind::Handle(Handle::Own(id)) => Some((self.guest_resource(*id)?, true)),
            TypeDefKind::Handle(Handle::Borrow(id)) => Some((self.guest_resource(*id)?, false)),
            _ => None,
        }
    }

    /// A resource of the guest's that values of the type hold handles to.
    pub(crate) fn held(&self, ty: &Type) -> Option<TypeId> {
        let mut held = None;
        self.each_handle(ty, &mut |handle| {
            held = held.or_else(|| self.guest_handle(handle).map(|(id, _)| id));
        });
        held
    }

    /// Visits the handles within a type, the application's too, in order.
    pub(crate) fn each_handle(&self, ty: &Type, visit: &mut dyn FnMut(&Type)) {
        let Type::Id(id) = ty else { return };
        let mut each = |types: &mut dyn Iterator<Item = &Type>| {
            for ty in types {
                self.each_handle(ty, visit);
            }
        };
        match &self.resolve.types[*id].kind {
            TypeDefKind::Handle(_) => visit(ty),
            TypeDefKind::Record(record) => each(&mut record.fields.iter().map(|field| &field.ty)),
            TypeDefKind::Variant(variant) => {
                each(&mut variant.cases.iter().filter_map(|case| case.ty.as_ref()));
            }
            TypeDefKind::Tuple(tuple) => each(&mut tuple.types.iter()),
            TypeDefKind::Result(result) => each(&mut result.ok.iter().chain(&result.err)),
            TypeDefKind::Option(ty) | TypeDefKind::List(ty) | TypeDefKind::Type(ty) => {
                self.each_handle(ty, visit);
            }
            _ => {}
        }
    }

    /// The definition behind `id`, where that is a resource which the world exports.
    fn guest_resource(&self, mut id: TypeId) -> Option<TypeId> {
        while let TypeDefKind::Type(Type::Id(used)) = self.resolve.types[id].kind {
            id = used;
        }
        let definition = &self.resolve.types[id];
        match (&definition.kind, definition.owner) {
            (TypeDefKind::Resource, TypeOwner::Interface(owner)) => self
                .interfaces(&self.world().exports)
                .any(|(_, exported)| exported == owner)
                .then_some(id),
            _ => None,
        }
    }

    /// A function's name, behind its resource's where it has one.
    pub(crate) fn function_name(&self, function: &Function) -> String {
        let resource = function.kind.resource();
        let resource = resource.map(|id| format!("{}.", self.resource_name(id)));
        format!("{}{}", resource.unwrap_or_default(), function.item_name())
    }

    /// A resource's name in the WIT.
    pub(crate) fn resource_name(&self, id: TypeId) -> &str {
        let name = self.resolve.types[id].name.as_deref();
        name.expect("a resource has a name")
    }
}

/// Refuses the uses of the guest's resources that are not supported, by name.
pub(crate) fn refuse_unsupported(wit: &Wit) -> Result<(), String> {
    for (key, item) in &wit.world().exports {
        let name = wit.resolve.name_world_key(key);
        match item {
            WorldItem::Function(function) => refuse_uses(wit, function, None, &name)?,
            WorldItem::Type { .. } => {}
            WorldItem::Interface { id, .. } => {
                let interface = &wit.resolve.interfaces[*id];
                for (resource, _) in wit.resources(*id) {
                    refuse_name(interface, resource)
                        .map_err(|why| format!("the resource `{resource}` of `{name}` {why}"))?;
                }
                refuse_types(wit, interface, &name)?;
                for function in interface.functions.values() {
                    let name = format!("{}` of `{name}", wit.function_name(function));
                    refuse_uses(wit, function, Some(*id), &name)?;
                }
            }
        }
    }
    Ok(())
}

/// wasmtime's generator makes functions and types of these names.
fn refuse_name(interface: &Interface, resource: &str) -> Result<(), String> {
    let snake = resource.to_snake_case();
    if syn::parse_str::<syn::Ident>(&snake).is_err() {
        return Err("has a name that Rust keeps for itself: rename it".into());
    }
    let struct_name = format!("guest-{resource}");
    if resource == "indices" || interface.types.contains_key(&struct_name) {
        return Err("has a name that generated code needs: rename it".into());
    }
    for function in interface.functions.values() {
        let name = function.item_name().to_snake_case();
        let free = function.kind.resource().is_none();
        if free && (snake == format!("call_{name}") || snake == format!("func_{name}")) {
            return Err(format!(
                "and the function `{}` collide in generated code: rename one",
                function.name
            ));
        }
    }
    Ok(())
}

fn refuse_types(wit: &Wit, interface: &Interface, name: &str) -> Result<(), String> {
    for (type_name, id) in &interface.types {
        // `use` of a resource, or another name for it.
        if wit.guest_resource(*id).is_some() {
            continue;
        }
        if let Some(resource) = wit.held(&Type::Id(*id)) {
            return Err(format!(
                "the type `{type_name}` of `{name}` holds the guest's resource `{}`: \
                 that is not supported yet",
                wit.resource_name(resource)
            ));
        }
    }
    Ok(())
}

/// Refuses a function for what it takes or returns; `interface` is where it stands.
fn refuse_uses(
    wit: &Wit,
    function: &Function,
    interface: Option<InterfaceId>,
    name: &str,
) -> Result<(), String> {
    for param in &function.params {
        if let Some(resource) = wit.held(&param.ty)
            && wit.form(&param.ty).is_none()
        {
            return Err(format!(
                "the parameter `{}` of the function `{name}` holds the guest's resource `{}` \
                 in a form that is not supported yet: take the handle itself, or an `option` \
                 or `list` of it",
                param.name,
                wit.resource_name(resource)
            ));
        }
    }
    // The generator takes such a resource for the application's.
    let both = |resource: TypeId| match wit.resolve.types[resource].owner {
        TypeOwner::Interface(owner) if Some(owner) != interface => wit
            .interfaces(&wit.world().imports)
            .any(|(_, imported)| imported == owner),
        _ => false,
    };
    let types = function.params.iter().map(|param| &param.ty);
    for resource in types.chain(&function.result).filter_map(|ty| wit.held(ty)) {
        if both(resource) {
            return Err(format!(
                "the function `{name}` uses the resource `{}` of another interface, which the \
                 world both imports and exports: that is not supported yet",
                wit.resource_name(resource)
            ));
        }
    }
    Ok(())
}

/// The Rust names of a resource's functions: the constructor is `new`, and what
/// else would be `new` beside it carries the resource's name.
pub(crate) fn function_names(
    resource: &str,
    functions: &[&Function],
) -> Result<Vec<String>, String> {
    let constructed = functions
        .iter()
        .any(|function| matches!(function.kind, FunctionKind::Constructor(_)));
    let mut names: Vec<String> = Vec::new();
    for function in functions {
        let constructor = matches!(function.kind, FunctionKind::Constructor(_));
        let name = match function.item_name().to_snake_case() {
            _ if constructor => "new".to_owned(),
            name if constructed && name == "new" => format!("{}_new", resource.to_snake_case()),
            name => name,
        };
        // The generator calls the constructor so.
        if names.contains(&name) || constructed && name == "constructor" {
            return Err(format!(
                "the function `{}` of the resource `{resource}` collides with another in \
                 generated code: rename it",
                function.item_name()
            ));
        }
        names.push(name);
    }
    Ok(names)
}
