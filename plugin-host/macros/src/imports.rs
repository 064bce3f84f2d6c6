//! Has the functions that the application implements take and return its resources
//! themselves, in place of the engine's handles to them.

use crate::call::ident;
use crate::convert::arguments;
use crate::host_resources::Side;
use crate::imported;
use crate::interface::module;
use crate::wit::Wit;
use heck::ToSnakeCase;
use quote::{format_ident, quote};
use std::collections::HashMap;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, ExprClosure, ExprMethodCall, FnArg, Ident, ImplItem, Item, ItemMod, Lit, Pat, PatType,
    ReturnType, Signature, Stmt, TraitItem, Type, parse_quote,
};
use wit_parser::{Function, WorldItem};

/// Rewrites what links each interface that the world imports, and the functions at
/// its own level, and the traits behind them. Comes before calls are counted.
pub(crate) fn rewrite(file: &mut syn::File, wit: &Wit) -> Result<(), String> {
    for (key, id) in wit.interfaces(&wit.world().imports) {
        if let Some(items) = module(&mut file.items, &wit.module_path(key, id)) {
            let functions = wit.resolve.interfaces[id].functions.values();
            Links::new(wit, items, Some(wit.short_name(key)), functions).rewrite(items)?;
        }
    }
    let functions = wit.world().imports.values().filter_map(|item| match item {
        WorldItem::Function(function) => Some(function),
        _ => None,
    });
    let items = &mut file.items;
    Links::new(wit, items, None, functions).rewrite(items)
}

/// A trait and a function of it.
type Declared = (String, String);

/// The functions that are linked in one module.
struct Links<'a> {
    wit: &'a Wit,
    /// What errors call the interface.
    interface: Option<String>,
    functions: HashMap<&'a str, &'a Function>,
    /// As the generator declares them.
    declared: HashMap<Declared, Signature>,
    /// Those that are declared in another way.
    changed: HashMap<Declared, Change>,
    /// A function that is called in another way than is known.
    unknown: Option<String>,
}

/// How a declaration changes.
struct Change {
    /// The types of parameters, where they change.
    params: Vec<Option<Type>>,
    result: ReturnType,
    /// What a resource's own parameter is called.
    own: Option<Ident>,
}

impl<'a> Links<'a> {
    fn new(
        wit: &'a Wit,
        items: &[Item],
        interface: Option<String>,
        functions: impl Iterator<Item = &'a Function>,
    ) -> Self {
        let mut declared = HashMap::new();
        for item in items {
            let Item::Trait(item) = item else { continue };
            for function in &item.items {
                if let TraitItem::Fn(function) = function {
                    let of = (item.ident.to_string(), function.sig.ident.to_string());
                    declared.insert(of, function.sig.clone());
                }
            }
        }
        Self {
            wit,
            interface,
            functions: functions.map(|it| (it.name.as_str(), it)).collect(),
            declared,
            changed: HashMap::new(),
            unknown: None,
        }
    }

    fn rewrite(mut self, items: &mut [Item]) -> Result<(), String> {
        for item in &mut *items {
            self.visit_item_mut(item);
        }
        if let Some(name) = self.unknown {
            return Err(format!(
                "wasmtime's generator wrote another call of `{name}` than is known"
            ));
        }
        for item in items {
            match item {
                Item::Trait(item) => {
                    for function in &mut item.items {
                        let TraitItem::Fn(function) = function else {
                            continue;
                        };
                        let of = (item.ident.to_string(), function.sig.ident.to_string());
                        let Some(change) = self.changed.get(&of) else {
                            continue;
                        };
                        change.apply(&mut function.sig);
                        if let Some(own) = &change.own {
                            rename(&mut function.sig, own);
                            if function.sig.ident == "drop" {
                                function.default = Some(parse_quote!({ ::core::mem::drop(#own) }));
                            }
                        }
                    }
                }
                // Forwards to a trait.
                Item::Impl(item) => {
                    let name = item
                        .trait_
                        .as_ref()
                        .and_then(|(_, path, _)| path.get_ident());
                    let name = name.map(Ident::to_string).unwrap_or_default();
                    for function in &mut item.items {
                        if let ImplItem::Fn(function) = function
                            && let of = (name.clone(), function.sig.ident.to_string())
                            && let Some(change) = self.changed.get(&of)
                        {
                            change.apply(&mut function.sig);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Rewrites the call of a function; none where it is another than is known.
    fn call(&mut self, function: &Function, closure: &mut ExprClosure) -> Option<()> {
        let held = |ty: &wit_parser::Type| self.wit.host_held(ty, Side::Import).is_some();
        let taken = function.params.iter().map(|param| &param.ty);
        if !taken.chain(&function.result).any(held) {
            return Some(());
        }
        let own = function.kind.resource();
        let own = own.map(|id| self.wit.resource_name(id));
        let parts = self.interface.as_deref().into_iter().chain(own);
        let name: Vec<&str> = parts.chain([function.item_name()]).collect();
        let name = name.join(".");

        let Pat::Type(PatType { ty: types, .. }) = closure.inputs.last()? else {
            return None;
        };
        let (mut takes, mut given, mut put_back) = (Vec::new(), Vec::new(), Vec::new());
        let mut params = Vec::new();
        for (i, (param, ty)) in function.params.iter().zip(arguments(types)).enumerate() {
            let argument = format_ident!("arg{i}");
            if !held(&param.ty) {
                params.push(None);
                given.push(quote!(#argument));
                continue;
            }
            let param = imported::param(self.wit, &param.ty, ty, &argument, &name)?;
            let ty = param.ty;
            params.push(Some(parse_quote!(#ty)));
            takes.push(param.take);
            given.push(param.given);
            put_back.extend(param.put_back);
        }

        let Expr::Block(body) = &mut *closure.body else {
            return None;
        };
        let [before @ .., Stmt::Local(called), end] = body.block.stmts.as_slice() else {
            return None;
        };
        let (of, path) = callee(&called.init.as_ref()?.expr)?;
        let declared = self.declared.get(&of)?;
        let mut result = declared.output.clone();
        let mut given_back = None;
        if let Some(ty) = function.result.filter(|ty| held(ty)) {
            let made = imported::result(self.wit, &ty, &declared.output)?;
            (result, given_back) = (made.0, Some(made.1));
        }
        let resources = quote! {
            let __resources =
                ::plugin_host::generated::KeepsResources::resources(caller.data_mut());
        };
        let first = (!takes.is_empty()).then_some(&resources);
        let last = (!put_back.is_empty() || given_back.is_some()).then_some(&resources);
        body.block = parse_quote!({
            #first
            #(#takes)*
            // Ends the borrow of the store.
            let r = {
                #(#before)*
                #path(host, #(#given),*)
            };
            #last
            #(#put_back)*
            #given_back
            #end
        });
        let own = own.map(|own| ident(&own.to_snake_case()));
        let own = own.filter(|own| declared.inputs.iter().all(|input| !is_called(input, own)));
        let change = Change {
            params,
            result,
            own,
        };
        self.changed.insert(of, change);
        Some(())
    }

    /// Rewrites the end of a resource that the guest owned.
    fn end(&mut self, resource: &str, closure: &mut ExprClosure) -> Option<()> {
        let Expr::Block(body) = &mut *closure.body else {
            return None;
        };
        let [Stmt::Local(made), Stmt::Expr(Expr::Call(result), None)] =
            body.block.stmts.as_mut_slice()
        else {
            return None;
        };
        let (of, _) = callee(result.args.first()?)?;
        let declared = self.declared.get(&of)?;
        let FnArg::Typed(handle) = declared.inputs.last()? else {
            return None;
        };
        let rust = arguments(&handle.ty).into_iter().next()?;
        let change = Change {
            params: vec![Some(rust.clone())],
            result: declared.output.clone(),
            own: Some(ident(&resource.to_snake_case())),
        };
        let handle = &mut made.init.as_mut()?.expr;
        *handle = parse_quote! {
            ::plugin_host::generated::KeepsResources::resources(store.data_mut())
                .remove(#handle)?
        };
        self.changed.insert(of, change);
        Some(())
    }
}

impl VisitMut for Links<'_> {
    fn visit_item_mod_mut(&mut self, _: &mut ItemMod) {
        // Another interface's.
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        if let Some(Expr::Lit(name)) = call.args.first()
            && let Lit::Str(name) = &name.lit
            && let name = name.value()
            && let Some(Expr::Closure(closure)) = call.args.last_mut()
        {
            let known = match self.functions.get(name.as_str()).copied() {
                Some(function) if call.method == "func_wrap" => self.call(function, closure),
                _ if call.method == "resource" => self.end(&name, closure),
                _ => Some(()),
            };
            if known.is_none() {
                self.unknown = Some(name);
            }
        }
        visit_mut::visit_expr_method_call_mut(self, call);
    }
}

impl Change {
    fn apply(&self, signature: &mut Signature) {
        let inputs = signature.inputs.iter_mut().filter_map(|input| match input {
            FnArg::Typed(input) => Some(input),
            FnArg::Receiver(_) => None,
        });
        for (input, ty) in inputs.zip(&self.params) {
            if let Some(ty) = ty {
                *input.ty = ty.clone();
            }
        }
        signature.output = self.result.clone();
    }
}

/// The trait, the function and the path of `Trait::function(..)`.
fn callee(call: &Expr) -> Option<(Declared, Expr)> {
    let Expr::Call(call) = call else { return None };
    let Expr::Path(path) = &*call.func else {
        return None;
    };
    let mut segments = path.path.segments.iter();
    let mut next = || segments.next().map(|segment| segment.ident.to_string());
    Some(((next()?, next()?), (*call.func).clone()))
}

/// Calls a resource's own parameter, the first, by the resource's name.
fn rename(signature: &mut Signature, own: &Ident) {
    let of_generator = ["self_", "rep"].map(|name| format_ident!("{name}"));
    for input in signature.inputs.iter_mut().skip(1).take(1) {
        if of_generator.iter().any(|name| is_called(input, name))
            && let FnArg::Typed(input) = input
        {
            *input.pat = parse_quote!(#own);
        }
    }
}

fn is_called(input: &FnArg, name: &Ident) -> bool {
    matches!(input, FnArg::Typed(PatType { pat, .. })
        if matches!(&**pat, Pat::Ident(pat) if pat.ident == *name))
}
