//! Changes the bindings that wasmtime's generator wrote: host calls are
//! counted, and the traits that the application implements name none of the
//! engine's types.

use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, ExprClosure, Item, ItemFn, ItemImpl, ItemMod, ItemTrait, ItemUse, ReturnType, Signature,
    Type, parse_quote,
};

/// Rewrites all of `file`.
pub(crate) fn rewrite(file: &mut syn::File) {
    name_engine(&mut file.items);
    Rewrite { depth: 0 }.visit_file_mut(file);
}

struct Rewrite {
    /// How many modules deep, for paths to the root.
    depth: usize,
}

impl VisitMut for Rewrite {
    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        if let Some((_, items)) = &mut module.content {
            implement_empty_host(items);
            name_engine(items);
        }
        self.depth += 1;
        visit_mut::visit_item_mod_mut(self, module);
        self.depth -= 1;
    }

    fn visit_item_use_mut(&mut self, item: &mut ItemUse) {
        // The application's own type behind a resource may be private to it.
        if quote::quote!(#item).to_string().contains("__with_name") {
            item.vis = parse_quote!(pub(crate));
        }
    }

    fn visit_item_fn_mut(&mut self, function: &mut ItemFn) {
        bound_linker(&mut function.sig);
        visit_mut::visit_item_fn_mut(self, function);
    }

    fn visit_item_trait_mut(&mut self, item: &mut ItemTrait) {
        for item in &mut item.items {
            if let syn::TraitItem::Fn(function) = item {
                self.plain_result(&mut function.sig);
            }
        }
        visit_mut::visit_item_trait_mut(self, item);
    }

    fn visit_item_impl_mut(&mut self, item: &mut ItemImpl) {
        // `impl Host for &mut T` forwards to a trait that was rewritten.
        let forwards = item.trait_.is_some() && matches!(*item.self_ty, Type::Reference(_));
        for item in &mut item.items {
            if let syn::ImplItem::Fn(function) = item {
                if forwards {
                    self.plain_result(&mut function.sig);
                }
                bound_linker(&mut function.sig);
            }
        }
        visit_mut::visit_item_impl_mut(self, item);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        if call.method == "func_wrap" {
            if let Some(Expr::Closure(closure)) = call.args.last_mut() {
                count_call(closure);
            }
        } else if call.method == "resource"
            && let Some(Expr::Closure(closure)) = call.args.last_mut()
        {
            plain_drop(closure);
        }
        visit_mut::visit_expr_method_call_mut(self, call);
    }

    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        if is_to_wasmtime_result(&call.func) {
            call.func = parse_quote!(::plugin_host::generated::application_result);
        }
        visit_mut::visit_expr_call_mut(self, call);
    }
}

impl Rewrite {
    /// Replaces the engine's `Result` in a trait that the application
    /// implements: by nothing for a destructor, else by one of its own error.
    fn plain_result(&self, signature: &mut Signature) {
        let ReturnType::Type(_, ty) = &signature.output else {
            return;
        };
        let Some(inner) = engine_result(ty) else {
            return;
        };
        if signature.ident == "drop" {
            signature.output = ReturnType::Default;
        } else {
            let up = vec![quote::quote!(super::); self.depth];
            signature.output = parse_quote!(-> ::core::result::Result<#inner, #(#up)* __Error>);
        }
    }
}

/// An interface of types alone needs nobody to implement its `Host`.
fn implement_empty_host(items: &mut Vec<Item>) {
    let empty = |item: &Item| {
        matches!(item, Item::Trait(item)
            if item.ident == "Host" && item.items.is_empty() && item.supertraits.is_empty())
    };
    if !items.iter().any(empty) {
        return;
    }
    items.retain(|item| {
        !matches!(item, Item::Impl(item)
            if item.trait_.as_ref().is_some_and(|(_, path, _)| path.is_ident("Host")))
    });
    items.push(parse_quote!(
        impl<T: ?Sized> Host for T {}
    ));
}

/// The engine's macro for flags finds the engine as `wasmtime`, which an application
/// does not depend on.
fn name_engine(items: &mut Vec<Item>) {
    let is_flags = |item: &Item| {
        matches!(item, Item::Macro(item)
            if item.mac.path.segments.last().is_some_and(|last| last.ident == "flags"))
    };
    if items.iter().any(is_flags) {
        items.push(parse_quote!(
            use ::plugin_host::generated::wasmtime;
        ));
    }
}

/// The `X` of `…::wasmtime::Result<X>`.
pub(crate) fn engine_result(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let segments = &path.path.segments;
    let last = segments.last()?;
    let before = segments.iter().rev().nth(1)?;
    if last.ident != "Result" || before.ident != "wasmtime" {
        return None;
    }
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            syn::GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// Lets the linking functions count, and reach the application's resources: their
/// store data must be ours.
fn bound_linker(signature: &mut Signature) {
    let generic = signature
        .generics
        .type_params()
        .any(|param| param.ident == "T");
    if generic && signature.ident.to_string().starts_with("add_to_linker") {
        signature
            .generics
            .make_where_clause()
            .predicates
            .push(parse_quote! {
                T: ::plugin_host::generated::Metered + ::plugin_host::generated::KeepsResources
            });
    }
}

/// Counts the call before the application's function, and lets it be paid for
/// after.
fn count_call(closure: &mut ExprClosure) {
    let body = &closure.body;
    // The inner block ends the borrow of the store.
    *closure.body = parse_quote!({
        let __in_host = ::plugin_host::generated::Metered::enter_host(caller.data())?;
        let result = #body;
        ::core::mem::drop(__in_host);
        ::plugin_host::generated::leave_host(&mut caller)?;
        result
    });
}

/// A destructor of the application's returns nothing, and is counted as a call.
fn plain_drop(closure: &mut ExprClosure) {
    let Expr::Block(body) = &mut *closure.body else {
        return;
    };
    let Some(syn::Stmt::Expr(Expr::Call(call), None)) = body.block.stmts.last_mut() else {
        return;
    };
    if is_to_wasmtime_result(&call.func) {
        let drop = call.args.first().cloned();
        body.block.stmts.pop();
        let before = &body.block.stmts;
        body.block = parse_quote!({
            let __in_host = ::plugin_host::generated::Metered::enter_host(store.data())?;
            #(#before)*
            #drop;
            ::core::mem::drop(__in_host);
            ::plugin_host::generated::leave_host(&mut store)
        });
    }
}

fn is_to_wasmtime_result(function: &Expr) -> bool {
    matches!(function, Expr::Path(path)
        if path.path.segments.last().is_some_and(|s| s.ident == "to_wasmtime_result"))
}
