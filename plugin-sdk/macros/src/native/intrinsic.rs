//! Finds the function of the engine's that one of the bindings calls.

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Expr, ForeignItem, ItemForeignMod, Lit, LitStr, Meta, Signature};

/// What a core module imports, by the name of its module and its own.
pub(super) struct Intrinsic {
    module: String,
    name: String,
}

impl Intrinsic {
    /// The first one that a body declares.
    pub(super) fn of(block: &mut Block) -> Option<Self> {
        let mut finder = Finder(None);
        finder.visit_block_mut(block);
        finder.0
    }

    /// The one that a function of the application's world is called through.
    pub(super) fn import(signature: &Signature, block: &mut Block) -> Option<Self> {
        let found = Self::of(block)?;
        let unsafe_ = signature.unsafety.is_some();
        (!unsafe_ && !found.is_exported() && !found.is_drop()).then_some(found)
    }

    /// Whether it handles a resource that lives in the plugin.
    pub(super) fn is_exported(&self) -> bool {
        self.module.starts_with("[export]")
    }

    /// Whether it drops a resource.
    pub(super) fn is_drop(&self) -> bool {
        self.name.starts_with("[resource-drop]")
    }

    /// The interface, or none for what the world itself imports.
    pub(super) fn interface(&self) -> Option<&str> {
        (self.module != "$root").then_some(&self.module)
    }

    /// The resource, if it is one's, and the function: `basket.add`.
    pub(super) fn function(&self) -> String {
        let name = self.plain();
        if self.name.contains("[constructor]") {
            return format!("{name}.constructor");
        }
        name.to_owned()
    }

    /// The resource that a method, a constructor or a static function belongs to.
    pub(super) fn resource(&self) -> &str {
        let name = self.plain();
        name.split('.').next().unwrap_or(name)
    }

    /// Without what tells its kind.
    fn plain(&self) -> &str {
        self.name.rsplit(']').next().unwrap_or(&self.name)
    }
}

struct Finder(Option<Intrinsic>);

/// Changes nothing: this package has syn's other visitor anyway.
impl VisitMut for Finder {
    fn visit_item_foreign_mod_mut(&mut self, block: &mut ItemForeignMod) {
        let module = block.attrs.iter().find_map(module);
        let name = block.items.iter().find_map(|item| match item {
            ForeignItem::Fn(function) => function.attrs.iter().find_map(link_name),
            _ => None,
        });
        if let (None, Some(module), Some(name)) = (&self.0, module, name) {
            self.0 = Some(Intrinsic { module, name });
        }
        visit_mut::visit_item_foreign_mod_mut(self, block);
    }
}

/// `#[link(wasm_import_module = "..")]`
fn module(attribute: &Attribute) -> Option<String> {
    let mut module = None;
    if attribute.path().is_ident("link") {
        // Whatever else is written there is not for us.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("wasm_import_module") {
                module = Some(meta.value()?.parse::<LitStr>()?.value());
            }
            Ok(())
        });
    }
    module
}

/// `#[link_name = ".."]`
fn link_name(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    match &meta.value {
        Expr::Lit(value) if meta.path.is_ident("link_name") => match &value.lit {
            Lit::Str(name) => Some(name.value()),
            _ => None,
        },
        _ => None,
    }
}
