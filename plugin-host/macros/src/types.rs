//! Has the bindings that wasmtime's generator wrote compare the types of exports where
//! they find them in a linked component, and not again in each instance of it.
//!
//! The generator does both for functions of the world itself, and only the latter for
//! those of interfaces. The types are the component's, and those of its imports the
//! linker's: no instance has others.

use crate::wit::Wit;
use std::collections::HashMap;
use std::mem;
use syn::visit_mut::{self, VisitMut};
use syn::{
    AngleBracketedGenericArguments, Expr, File, Ident, ImplItem, ImplItemFn, ItemImpl, ItemMod,
    Local, Member, Pat, Stmt, Type, UnOp, parse_quote,
};

/// What finds the exports of an interface.
const INTERFACE: &str = "GuestIndices";

/// Rewrites what finds the exports of the world, and of each interface.
pub(crate) fn rewrite(file: &mut File, wit: &Wit) -> Result<(), String> {
    let mut indices = Indices {
        world: format!("{}Indices", wit.upstream_name()),
        in_interface: false,
        unchecked: Vec::new(),
    };
    indices.visit_file_mut(file);
    match indices.unchecked.first() {
        None => Ok(()),
        Some(name) => Err(format!(
            "wasmtime's generator wrote another lookup of `{name}` than is known"
        )),
    }
}

struct Indices {
    /// What finds the exports of the world.
    world: String,
    /// Whether in a module, which interfaces have; a world may be called `guest`.
    in_interface: bool,
    /// Functions that are taken from an instance, and whose types are compared nowhere.
    unchecked: Vec<Ident>,
}

impl VisitMut for Indices {
    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        let outer = mem::replace(&mut self.in_interface, true);
        visit_mut::visit_item_mod_mut(self, module);
        self.in_interface = outer;
    }

    fn visit_item_impl_mut(&mut self, item: &mut ItemImpl) {
        let Type::Path(path) = &*item.self_ty else {
            return;
        };
        let name = if self.in_interface {
            INTERFACE
        } else {
            &self.world
        };
        if item.trait_.is_some() || !path.path.is_ident(name) {
            return;
        }
        let mut take = Take::default();
        if let Some(load) = function(item, "load") {
            load.block.stmts.retain(|statement| !is_unused(statement));
            take.visit_impl_item_fn_mut(load);
        }
        // Those of the world are compared in its `new`, as it is.
        if self.in_interface {
            let mut find = Find { types: take.types };
            if let Some(new) = function(item, "new") {
                find.visit_impl_item_fn_mut(new);
            }
            self.unchecked.extend(find.types.into_keys());
        }
    }
}

fn function<'a>(item: &'a mut ItemImpl, name: &str) -> Option<&'a mut ImplItemFn> {
    item.items.iter_mut().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == name => Some(function),
        _ => None,
    })
}

/// What `load` makes for comparing types, by counting references that all threads share.
fn is_unused(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Local(local) if matches!(&local.pat, Pat::Ident(name)
        if name.ident == "_instance_pre" || name.ident == "_instance_type"))
}

/// Takes functions from an instance by what they are found by alone.
#[derive(Default)]
struct Take {
    /// Parameters and results of each.
    types: HashMap<Ident, AngleBracketedGenericArguments>,
}

impl VisitMut for Take {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match self.typed(expr) {
            Some(taken) => *expr = taken,
            None => visit_mut::visit_expr_mut(self, expr),
        }
    }
}

impl Take {
    /// What stands for `*instance.get_typed_func::<P, R>(&mut store, &self.name)?.func()`.
    fn typed(&mut self, expr: &Expr) -> Option<Expr> {
        let Expr::Unary(dereference) = expr else {
            return None;
        };
        let (UnOp::Deref(_), Expr::MethodCall(func)) = (&dereference.op, &*dereference.expr) else {
            return None;
        };
        let Expr::Try(typed) = &*func.receiver else {
            return None;
        };
        let Expr::MethodCall(typed) = &*typed.expr else {
            return None;
        };
        let Some(Expr::Reference(index)) = typed.args.last() else {
            return None;
        };
        let Expr::Field(index) = &*index.expr else {
            return None;
        };
        let Member::Named(name) = &index.member else {
            return None;
        };
        if func.method != "func" || typed.method != "get_typed_func" {
            return None;
        }
        self.types.insert(name.clone(), typed.turbofish.clone()?);
        let (instance, arguments) = (&typed.receiver, &typed.args);
        Some(parse_quote! {
            #instance.get_func(#arguments).expect("it was found in the component")
        })
    }
}

/// Compares the types of functions where they are found.
struct Find {
    /// Of those that were not found yet.
    types: HashMap<Ident, AngleBracketedGenericArguments>,
}

impl VisitMut for Find {
    fn visit_local_mut(&mut self, local: &mut Local) {
        let (Pat::Ident(name), Some(init)) = (&local.pat, &mut local.init) else {
            return;
        };
        // Variables of the generator's own may have the name of a function.
        let Some(function) = looked_up(&init.expr) else {
            return;
        };
        if let Some(types) = self.types.remove(&name.ident) {
            let found = &init.expr;
            *init.expr = parse_quote! {
                ::plugin_host::generated::compared #types (_instance_pre, #function, #found)?
            };
        }
    }
}

/// The `name` of `lookup(name)?`.
fn looked_up(expr: &Expr) -> Option<&Expr> {
    let Expr::Try(found) = expr else { return None };
    let Expr::Call(lookup) = &*found.expr else {
        return None;
    };
    match (&*lookup.func, lookup.args.first()) {
        (Expr::Path(path), Some(name)) if path.path.is_ident("lookup") => Some(name),
        _ => None,
    }
}
