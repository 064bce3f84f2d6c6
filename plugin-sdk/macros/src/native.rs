//! What the bindings do natively, where no engine is behind them: an imported
//! function answers what a test says, and resources are kept in memory. Leaves
//! types, signatures and what is compiled for wasm as wit-bindgen wrote them.

mod fakes;
mod intrinsic;
mod resources;

use proc_macro2::TokenStream;
use syn::{Block, ImplItem, Item, ItemImpl, Type, parse_quote};

use fakes::Fakes;
use intrinsic::Intrinsic;

/// Gives all that would reach for the engine a native body, and each module with
/// imported functions a module `fake`.
pub(crate) fn make_native(items: &mut Vec<Item>) -> syn::Result<()> {
    let mut fakes = Fakes::beside(items);
    let mut more = Vec::new();
    for item in items.iter_mut() {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    make_native(items)?;
                }
            }
            Item::Fn(function) => {
                if let Some(import) = Intrinsic::import(&function.sig, &mut function.block) {
                    let body = fakes.add(&import, &function.sig, None)?;
                    function.attrs.extend(track_caller(&function.sig));
                    natively(&mut function.block, &body);
                }
            }
            Item::Trait(guest) => resources::keep_own(guest),
            Item::Impl(block) => more.extend(implementation(block, &mut fakes)?),
            _ => {}
        }
    }
    items.extend(more);
    items.extend(fakes.module());
    Ok(())
}

/// Makes a block of methods native, and says what it needs beside it.
fn implementation(block: &mut ItemImpl, fakes: &mut Fakes) -> syn::Result<Option<Item>> {
    let ItemImpl {
        trait_,
        self_ty,
        items,
        ..
    } = block;
    let Type::Path(this) = &**self_ty else {
        return Ok(None);
    };
    let Some(this) = this.path.get_ident() else {
        return Ok(None);
    };
    let mut beside = None;
    for item in items {
        let ImplItem::Fn(function) = item else {
            continue;
        };
        let found = Intrinsic::of(&mut function.block);
        let drops = found.filter(|found| trait_.is_some() && found.is_drop());
        if let Some(drop) = drops {
            let (body, item) = resources::drop(&drop, this);
            natively(&mut function.block, &body);
            beside = Some(item);
        } else if function.sig.ident == "type_guard" {
            natively(&mut function.block, &resources::type_guard());
        } else if let Some(import) = Intrinsic::import(&function.sig, &mut function.block) {
            let body = fakes.add(&import, &function.sig, Some(this))?;
            function.attrs.extend(track_caller(&function.sig));
            natively(&mut function.block, &body);
        }
    }
    Ok(beside)
}

/// A panic about an imported function is told with the line that calls it.
fn track_caller(signature: &syn::Signature) -> Option<syn::Attribute> {
    let attribute = parse_quote!(#[cfg_attr(not(target_arch = "wasm32"), track_caller)]);
    signature.asyncness.is_none().then_some(attribute)
}

fn natively(block: &mut Block, native: &TokenStream) {
    let engine = &*block;
    let both: Block = parse_quote!({
        #[cfg(target_arch = "wasm32")]
        #engine
        #[cfg(not(target_arch = "wasm32"))]
        {
            #native
        }
    });
    *block = both;
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::visit_mut::{self, VisitMut};
    use syn::{Attribute, Expr, ItemMod, Stmt};
    use wit_bindgen_core::wit_parser::Resolve;

    use super::*;
    use crate::bindings::bindings;
    use crate::options::Options;
    use crate::wit::Wit;

    /// Leaves out what is compiled for wasm alone.
    struct Natively;

    impl VisitMut for Natively {
        fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
            if let Some((_, items)) = &mut module.content {
                items.retain(|item| !is_entry(item));
            }
            visit_mut::visit_item_mod_mut(self, module);
        }

        fn visit_block_mut(&mut self, block: &mut Block) {
            block.stmts.retain(|stmt| match stmt {
                Stmt::Expr(Expr::Block(block), _) => !block.attrs.iter().any(wasm),
                _ => true,
            });
            visit_mut::visit_block_mut(self, block);
        }
    }

    /// What a host calls an exported function by; no test does.
    fn is_entry(item: &Item) -> bool {
        matches!(item, Item::Fn(function) if function.sig.ident.to_string().starts_with("_export_"))
    }

    fn wasm(attribute: &Attribute) -> bool {
        let attribute = attribute.to_token_stream().to_string();
        attribute == "# [cfg (target_arch = \"wasm32\")]"
    }

    fn native(wit: &str) -> String {
        let mut resolve = Resolve::default();
        let package = resolve.push_str("test.wit", wit).expect("valid WIT");
        let world = resolve.select_world(&[package], None).expect("one world");
        let mut wit = Wit {
            resolve,
            world,
            files: Vec::new(),
        };
        let mut file = bindings(&mut wit, &Options::default()).expect("bindings");
        make_native(&mut file.items).expect("native bindings");
        Natively.visit_file_mut(&mut file);
        file.into_token_stream().to_string()
    }

    #[test]
    fn no_function_is_left_that_ends_a_native_process() {
        let kinds = "f: func(); g: func(a: string, b: list<r>) -> result<r, string>;
            h: async func() -> list<string>;
            resource r {
                constructor(a: u32);
                m: func(b: borrow<r>) -> r;
                n: async func();
                s: static func() -> result<_, r>;
            }";
        let native = native(&format!(
            "package a:b@1.0.0;
            interface imported {{ {kinds} }}
            interface exported {{ {kinds} }}
            world w {{
                import imported;
                export exported;
                import inside: interface {{ {kinds} }}
                import f: func() -> string;
                import g: async func();
                export e: func(a: list<string>) -> list<string>;
                resource q {{ constructor(); m: func(); }}
            }}"
        ));
        assert_eq!(native.matches("pub mod fake").count(), 3);
        let (before, _) = native.split_once("unreachable !").unwrap_or_default();
        let place = before.len().saturating_sub(300);
        assert!(before.is_empty(), "{}", &before[place..]);
    }
}
