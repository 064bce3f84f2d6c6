//! Gives the bindings that wasmtime's generator wrote a second way to take an
//! instance's exports: one that need not compare their types once they are known.

use quote::format_ident;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, File, ImplItem, ItemImpl, Type, parse_quote};

/// Adds `load_as` beside each `load`.
pub(crate) fn rewrite(file: &mut File) {
    Indices.visit_file_mut(file);
}

/// What finds the exports of the world, and of each interface.
struct Indices;

impl VisitMut for Indices {
    fn visit_item_impl_mut(&mut self, item: &mut ItemImpl) {
        let finds = matches!(&*item.self_ty, Type::Path(path)
            if path.path.segments.last().is_some_and(|name| name.ident.to_string().ends_with("Indices")));
        if item.trait_.is_some() || !finds {
            return;
        }
        let load = item.items.iter().find_map(|item| match item {
            ImplItem::Fn(function) if function.sig.ident == "load" => Some(function.clone()),
            _ => None,
        });
        if let Some(mut load) = load {
            load.sig.ident = format_ident!("load_as");
            load.sig
                .inputs
                .push(parse_quote!(__types: ::plugin_host::generated::Types));
            AsTypes.visit_impl_item_fn_mut(&mut load);
            item.items.push(ImplItem::Fn(load));
        }
    }
}

/// Has `load` go by what is known of the types.
struct AsTypes;

impl VisitMut for AsTypes {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::MethodCall(call) = expr else {
            return;
        };
        if call.method == "load" {
            call.method = format_ident!("load_as");
            call.args.push(parse_quote!(__types));
        } else if call.method == "get_typed_func" {
            let (instance, types, arguments) = (&call.receiver, &call.turbofish, &call.args);
            // SAFETY: `plugin-host` gives `load` what it knows of these very types.
            *expr = parse_quote!(unsafe { __types.export #types (#instance, #arguments) });
        }
    }
}
