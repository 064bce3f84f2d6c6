//! What `world!` refuses, and how; and names in what it expands to.

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
fn what_no_resource_of_the_applications_can_be_passed_in_is_refused_by_name() {
    let imported =
        |items: &str| format!("interface i {{ resource doc; {items} }} world w {{ import i; }}");
    let exported = |items: &str| {
        format!(
            "interface i {{ resource doc; }}
             interface j {{ use i.{{doc}}; {items} }}
             world w {{ import i; export j; }}"
        )
    };
    let of_type = |name: &str| {
        format!(
            "the type `{name}` holds the application's resource `doc`: that is not supported \
             yet: let functions take and return the handle beside it, or in a `tuple`"
        )
    };
    let of_param = |param: &str, function: &str| {
        format!(
            "the parameter `{param}` of the function `{function}` holds the application's \
             resource `doc` in a form that is not supported yet: take the handle itself, or an \
             `option` or `list` of it"
        )
    };
    for (items, message) in [
        (
            imported("record hit { doc: doc, at: u32 }"),
            of_type("hit` of `a:b/i@0.1.0"),
        ),
        (
            imported("variant hit { none, doc(borrow<doc>) }"),
            of_type("hit` of `a:b/i@0.1.0"),
        ),
        (
            exported("type docs = list<doc>;"),
            of_type("docs` of `a:b/j@0.1.0"),
        ),
        (
            "interface i { resource doc; } world w { use i.{doc}; type docs = option<doc>; }"
                .into(),
            of_type("docs"),
        ),
        (
            imported("f: func(docs: list<tuple<borrow<doc>, u32>>);"),
            of_param("docs", "f` of `a:b/i@0.1.0"),
        ),
        (
            exported("f: func(docs: option<list<borrow<doc>>>);"),
            of_param("docs", "f` of `a:b/j@0.1.0"),
        ),
        (
            exported("f: func(docs: tuple<doc, u32>);"),
            of_param("docs", "f` of `a:b/j@0.1.0"),
        ),
        (
            "interface i { resource doc; }
             world w { use i.{doc}; import f: func(docs: result<borrow<doc>>); }"
                .into(),
            of_param("docs", "f"),
        ),
    ] {
        assert_eq!(error(&items), message);
    }
}

#[test]
fn the_application_takes_and_returns_resources_themselves() {
    let code = code(
        "interface i {
            resource doc {
                constructor(title: string);
                append: func(other: borrow<doc>, doc: u32);
                join: static func(docs: list<doc>) -> doc;
            }
            find: func(near: option<borrow<doc>>, among: list<borrow<doc>>)
                -> result<list<tuple<doc, u32>>, string>;
        }
        world w { import i; }",
    );
    for declared in [
        "fn new (& mut self , title : ",
        // `doc` is another parameter's name.
        "fn append (& mut self , self_ : & mut Doc , other : & mut Doc , doc : u32 ,)",
        "fn join (& mut self , docs : :: std :: vec :: Vec < Doc > ,) -> Doc ;",
        "fn drop (& mut self , doc : Doc) { :: core :: mem :: drop (doc) }",
        "near : :: core :: option :: Option < & mut Doc >",
        "among : :: std :: vec :: Vec < & mut Doc >",
    ] {
        assert!(code.contains(declared), "{declared}");
    }
    assert!(
        !code.contains("component :: Resource < Doc >) -> "),
        "{code}"
    );
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
fn every_imported_function_may_fail_where_that_is_asked_for() {
    let world = "
        interface i { f: func(); g: func() -> u32; }
        interface j { h: func(x: u32) -> result<u32>; }
        world w { import i; import j; import k: func() -> string; export l: func(); }";
    let count = |options| with(world, options).matches("application_result").count();
    assert_eq!(count("fallible: [\"*\"], error: E"), 4);
    assert_eq!(count("fallible: [\"i.g\", \"*\"], error: E"), 4);
    assert_eq!(count("fallible: [\"i.g\", \"k\"], error: E"), 2);
    assert_eq!(
        with_options(
            "world w { export f: func(); }",
            "fallible: [\"*\"], error: E"
        ),
        "`*` stands for no function, since the world imports none"
    );
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
    assert!(code.contains("pub fn cart (& mut self) -> GuestCartCalls2 <"));
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
