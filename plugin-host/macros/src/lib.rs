//! `world!`: turns a WIT world into the typed bindings of `plugin-host`.

mod call;
mod guest_resources;
mod handles;
mod input;
mod interface;
mod optional;
mod resources;
mod rewrite;
mod shortcuts;
mod surface;
mod types;
mod wit;

use input::Input;
use proc_macro::TokenStream;
use quote::{format_ident, quote};

/// Turns a WIT world of the application's into typed bindings.
///
/// ```ignore
/// plugin_host::world! { path: "wit", world: "acme:catalog/plugin" }
/// ```
///
/// gives, in the module where it stands:
///
/// - `CatalogPlugin<T>`, named after package and world: the world itself, to be
///   loaded as `host.load::<CatalogPlugin<MyState>>(..)`. Its methods are the
///   functions that the world exports, and an accessor for each interface that
///   it exports: `plugin.transform().apply(&products)?`. `T` is the
///   application's state.
/// - For each interface that the world imports, a module such as `inventory`
///   with the trait `Host`, which the application implements on its state. Its
///   methods are plain Rust. Functions imported at the level of the world are
///   in the trait `CatalogPluginImports`.
/// - For each interface that the world exports, in its module, the trait `Calls`
///   with its functions, which the world's type implements where the interface is
///   not optional. An adapter for an older version of the world implements it
///   too (`plugin_host::Versions`). Interfaces that pass resources of the guest's
///   have none.
/// - The types of the world, in the module of their interface.
/// - For each resource that the world exports, a type such as `Cart`, and an
///   accessor to its constructor, methods and static functions, below.
///
/// | option | meaning |
/// |---|---|
/// | `path: "wit"` | the folder or file with the WIT, from the crate's own folder |
/// | `inline: "package a:b; .."` | the WIT itself, in place of `path` |
/// | `world: "plugin"` | which world, by its name or with its package; needed where there are several |
/// | `optional: ["ranking"]` | interfaces that a plugin may export, beside what the world says; the accessor of each gives an `Option` |
/// | `fallible: ["inventory.stock"]` | imported functions that may fail; they return `Result<_, E>`, and the error comes back from the plugin call |
/// | `error: crate::ShopError` | that `E`; paths start with `crate::`, with `::` and a crate, or in the module of the macro |
/// | `with: { "acme:shop/cart.basket": crate::Basket }` | the application's own type behind a resource |
/// | `derives: [PartialEq]` | further derives for all types |
///
/// # Resources of the guest
///
/// ```ignore
/// let mut shopping = plugin.shopping();
/// let cart = shopping.cart().new("Ann")?; // the constructor
/// shopping.cart().add(&cart, "tea")?; // a method
/// let cart = shopping.cart().merge(cart, shopping.open("Bob")?)?; // a static
/// ```
///
/// A `Cart` lives in the plugin's instance. A function takes it by value where
/// the WIT says `cart`, as `&Cart` where it says `borrow<cart>`, alone or in an
/// `option` or a `list`; results hold it wherever `option`, `result`, `list` and
/// `tuple` do. Records and variants that hold one are refused.
///
/// Where its instance failed or was replaced, or is another plugin's, using it
/// is an error that touches nothing (`ErrorKind::StaleHandle`). Dropping it
/// queues its destructor, which runs under a budget of its own before the
/// plugin's next call, or at `Plugin::drop_resources`.
///
/// # What is refused
///
/// Async functions, streams, futures, maps and lists of a fixed length.
#[proc_macro]
pub fn world(tokens: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(tokens as Input);
    match expand(&input) {
        Ok(code) => code.into(),
        Err(message) => syn::Error::new(input.span, message)
            .to_compile_error()
            .into(),
    }
}

/// The whole expansion; an error is the text of a compile error.
fn expand(input: &Input) -> Result<proc_macro2::TokenStream, String> {
    let mut wit = wit::load(input)?;
    wit::refuse_unsupported(&wit)?;
    guest_resources::refuse_unsupported(&wit)?;
    let mut file = wit::generate(&mut wit, input)?;
    rewrite::rewrite(&mut file);
    optional::rewrite(&mut file, &wit)?;
    types::rewrite(&mut file, &wit)?;
    let (file, surface) = surface::add(file, &wit)?;
    let shortcuts = shortcuts::shortcuts(&wit, &surface.module);

    let module = &surface.module;
    let name = &surface.name;
    let error = input.error.as_ref().map(|error| {
        let error = input::from_child_module(error);
        quote!(#[doc(hidden)] pub type __Error = #error;)
    });
    let imports_trait = wit.has_world_imports().then(|| {
        let (theirs, ours) = (
            format_ident!("{}Imports", wit.upstream_name()),
            format_ident!("{name}Imports"),
        );
        quote!(#[allow(unused_imports)] pub use #module::#theirs as #ours;)
    });
    // A changed file makes the crate build again.
    let files = wit.files.iter().map(|file| {
        quote!(
            const _: &[u8] = include_bytes!(#file);
        )
    });
    let items = &file.items;
    Ok(quote! {
        #[allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub, dead_code, unused_imports, private_interfaces, private_bounds)]
        pub mod #module {
            #error
            #(#files)*
            #(#items)*
        }
        #[allow(unused_imports)]
        pub use #module::#name;
        #imports_trait
        #shortcuts
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the compiler would say to a world with these items.
    fn error(items: &str) -> String {
        with_options(items, "")
    }

    fn with_options(items: &str, options: &str) -> String {
        let wit = format!("package a:b@0.1.0; {items}");
        let input = format!("inline: {wit:?}, world: \"w\", {options}");
        match syn::parse_str::<Input>(&input) {
            Ok(input) => expand(&input).map(drop).expect_err("it must be refused"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_is_not_supported_is_refused_by_name() {
        for (items, message) in [
            (
                "world w { export f: async func(); }",
                "the function `f` is async: async functions are not supported yet",
            ),
            (
                "interface i { f: async func(); } world w { import i; }",
                "the function `f` of `a:b/i@0.1.0` is async: \
                 async functions are not supported yet",
            ),
            (
                "world w { export f: func() -> option<stream<u8>>; }",
                "the function `f` uses a stream: that is not supported yet",
            ),
            (
                "interface i { record r { x: future<u8> } } world w { import i; }",
                "the type `r` of `a:b/i@0.1.0` uses a future: \
                 that is not supported yet",
            ),
            (
                "world w { export f: func(x: list<u8, 4>); }",
                "the function `f` uses a list of a fixed length: that is not supported yet",
            ),
            (
                &format!(
                    "interface i {{ flags f {{ {} }} }} world w {{ import i; }}",
                    (0..33).map(|n| format!("flag-{n}, ")).collect::<String>()
                ),
                "the type `f` of `a:b/i@0.1.0` uses a set of more than 32 flags: \
                 that is not supported yet",
            ),
            (
                "world w { export %type: func(); }",
                "the function `type` is exported under a name that Rust keeps for itself: \
                 rename it",
            ),
        ] {
            assert_eq!(error(items), message);
        }
    }

    #[test]
    fn what_no_handle_can_be_made_for_is_refused_by_name() {
        let exported = |items: &str| format!("interface i {{ {items} }} world w {{ export i; }}");
        for (items, message) in [
            (
                exported("resource cart {} record order { of: u32, cart: cart }"),
                "the type `order` of `a:b/i@0.1.0` holds the guest's resource `cart`: \
                 that is not supported yet",
            ),
            (
                exported("resource cart {} type carts = list<cart>;"),
                "the type `carts` of `a:b/i@0.1.0` holds the guest's resource `cart`: \
                 that is not supported yet",
            ),
            (
                exported("resource cart { fill: func(pairs: tuple<borrow<cart>, u32>); }"),
                "the parameter `pairs` of the function `cart.fill` of `a:b/i@0.1.0` holds \
                 the guest's resource `cart` in a form that is not supported yet: take the handle \
                 itself, or an `option` or `list` of it",
            ),
            (
                exported("resource cart {} f: func(carts: list<option<cart>>);"),
                "the parameter `carts` of the function `f` of `a:b/i@0.1.0` holds the guest's \
                 resource `cart` in a form that is not supported yet: take the handle itself, or \
                 an `option` or `list` of it",
            ),
            (
                exported("resource %type {}"),
                "the resource `type` of `a:b/i@0.1.0` has a name that Rust keeps for itself: \
                 rename it",
            ),
            (
                exported("resource indices {}"),
                "the resource `indices` of `a:b/i@0.1.0` has a name that generated code needs: \
                 rename it",
            ),
            (
                exported("resource cart {} record guest-cart { x: u8 }"),
                "the resource `cart` of `a:b/i@0.1.0` has a name that generated code needs: \
                 rename it",
            ),
            (
                exported("resource call-out {} out: func();"),
                "the resource `call-out` of `a:b/i@0.1.0` and the function `out` collide in \
                 generated code: rename one",
            ),
            (
                exported("resource cart { constructor(); %constructor: static func(); }"),
                "the function `constructor` of the resource `cart` collides with another in \
                 generated code: rename it",
            ),
            (
                "interface i { resource cart {} }
                 interface j { use i.{cart}; f: func(x: cart); }
                 world w { import i; export i; export j; }"
                    .into(),
                "the function `f` of `a:b/j@0.1.0` uses the resource `cart` of another \
                 interface, which the world both imports and exports: that is not supported yet",
            ),
            (
                "interface i { resource cart {} }
                 world w { use i.{cart}; export i; export f: func(x: cart); }"
                    .into(),
                "the function `f` uses the resource `cart` of another interface, which the world \
                 both imports and exports: that is not supported yet",
            ),
        ] {
            assert_eq!(error(&items), message);
        }
    }

    #[test]
    fn a_mistake_in_the_wit_is_told_with_its_place() {
        let message = error("world w { export f: funk(); }");
        assert!(message.contains("inline.wit:1:"), "{message}");
        let message = error("world v {}");
        assert!(message.starts_with("cannot find the world: "), "{message}");
    }

    #[test]
    fn a_mistake_in_the_options_is_told() {
        let world = "interface i { f: func(); g: func(); } world w { import i; }";
        for (options, message) in [
            (
                "fallible: [\"i.h\"], error: E",
                "the world imports no function `i.h`; it imports `a:b/i.f`, `a:b/i.g`",
            ),
            (
                "fallible: [\"i.f\"]",
                "`fallible` needs `error`, the type that they fail with",
            ),
            (
                "error: E",
                "`error` needs `fallible`, the functions that may fail",
            ),
            ("path: \"wit\"", "give `path` or `inline`, not both"),
            (
                "pith: \"wit\"",
                "unknown option: there are `path`, `inline`, `world`, `optional`, `fallible`, \
                 `error`, `with` and `derives`",
            ),
        ] {
            assert_eq!(with_options(world, options), message);
        }
    }

    #[test]
    fn a_mistake_in_what_is_optional_is_told() {
        let world = "
            interface a { record t { x: u8 } f: func(); }
            interface b { use a.{t}; record u { x: t } }
            interface c { use b.{u}; f: func(x: u); }
            interface d { use a.{t}; f: func(x: t); }
            world w { export a; }";
        for (optional, message) in [
            (
                "optional: [\"e\"]",
                "there is no interface `e` to be optional; the package of the world has `a`, \
                 `b`, `c`, `d`",
            ),
            (
                "optional: [\"b\"]",
                "the optional interface `b` has no functions: there is nothing to leave out",
            ),
            ("optional: [\"d\", \"a:b/d\"]", "`a:b/d` is optional twice"),
            (
                "optional: [\"c\"]",
                "an optional interface uses types of `a:b/b@0.1.0`, which uses types of \
                 `a:b/a@0.1.0`, which the world exports: let the world export both",
            ),
        ] {
            assert_eq!(with_options(world, optional), message);
        }
    }

    fn code(items: &str) -> String {
        with(items, "")
    }

    fn with(items: &str, options: &str) -> String {
        let wit = format!("package a:b@0.1.0; {items}");
        let input = format!("inline: {wit:?}, {options}");
        let input = syn::parse_str(&input).expect("the options are right");
        expand(&input).expect("the world is fine").to_string()
    }

    #[test]
    fn what_is_new_beside_a_constructor_gets_a_longer_name() {
        let code = code(
            "interface i {
                resource cart {
                    constructor(owner: string);
                    new: static func() -> cart;
                }
                record cart-calls { x: u8 }
            }
            world w { export i; }",
        );
        assert!(code.contains("pub fn new (& mut self , owner : & str)"));
        assert!(code.contains("pub fn cart_new (& mut self ,)"));
        assert!(code.contains("pub fn cart (& mut self) -> CartCalls2 <"));
    }

    #[test]
    fn types_of_exports_are_compared_where_they_are_found_and_not_where_they_are_taken() {
        let code = with(
            "interface api {
                resource cart { size: func() -> u32; }
                f: func(x: u8) -> string;
            }
            interface extra { h: func(); }
            world w {
                export api;
                export g: func();
            }",
            "optional: [\"extra\"]",
        );
        for (taken, times) in [
            ("get_typed_func", 0),
            ("_instance . get_func (& mut store", 4),
            ("compared :: <", 3),
            // Of `g`, in the generator's own way.
            (". typecheck :: <", 1),
        ] {
            assert_eq!(code.matches(taken).count(), times, "{taken}");
        }
    }

    #[test]
    fn accessors_that_collide_get_longer_names() {
        let code = code(
            "interface api { f: func(); }
            world w {
                export api;
                export api: func();
            }",
        );
        assert!(code.contains("pub fn api (& mut self ,)"), "the function");
        assert!(
            code.contains("pub fn a_b_api (& mut self) -> exports"),
            "the accessor"
        );
    }
}
