//! Components whose functions have other handles than the world says, written
//! by hand: the engine's own check would let them pass.

use plugin_host::{Blame, Candidate, Error, Host, Plugin};

plugin_host::world! {
    inline: "
        package test:handles;
        interface kept {
            resource cart;
            resource token;
            make: func() -> cart;
            look: func(cart: borrow<cart>);
            take: func(cart: option<cart>);
        }
        world keeper { export kept; }",
}

/// A component with these types for what `make` returns and the others take.
fn load(make: &str, look: &str, take: &str) -> Result<Plugin<HandlesKeeper>, Error> {
    let text = format!(
        r#"(component
            (type $cart (resource (rep i32)))
            (type $token (resource (rep i32)))
            (core func $new-cart (canon resource.new $cart))
            (core func $new-token (canon resource.new $token))
            (core module $m
                (import "" "cart" (func $cart (param i32) (result i32)))
                (import "" "token" (func $token (param i32) (result i32)))
                (func (export "make-cart") (result i32) (call $cart (i32.const 7)))
                (func (export "make-token") (result i32) (call $token (i32.const 7)))
                (func (export "look") (param i32))
                (func (export "take") (param i32 i32)))
            (core instance $i (instantiate $m (with "" (instance
                (export "cart" (func $new-cart))
                (export "token" (func $new-token))))))
            (func $make (result (own ${make})) (canon lift (core func $i "make-{make}")))
            (func $look (param "cart" ({look})) (canon lift (core func $i "look")))
            (func $take (param "cart" (option ({take}))) (canon lift (core func $i "take")))
            (component $kept
                (import "import-cart" (type $cart (sub resource)))
                (import "import-token" (type $token (sub resource)))
                (import "make" (func $make (result (own ${make}))))
                (import "look" (func $look (param "cart" ({look}))))
                (import "take" (func $take (param "cart" (option ({take})))))
                (export $exported-cart "cart" (type $cart))
                (export $exported-token "token" (type $token))
                (export "make" (func $make) (func (result (own $exported-{make}))))
                (export "look" (func $look) (func (param "cart" ({exported_look}))))
                (export "take" (func $take) (func (param "cart" (option ({exported_take}))))))
            (instance $instance (instantiate $kept
                (with "import-cart" (type $cart))
                (with "import-token" (type $token))
                (with "make" (func $make))
                (with "look" (func $look))
                (with "take" (func $take))))
            (export "test:handles/kept" (instance $instance)))"#,
        exported_look = look.replace('$', "$exported-"),
        exported_take = take.replace('$', "$exported-"),
    );
    let bytes = wat::parse_str(text).expect("the text is a component");
    let host = Host::builder().build().expect("the engine starts");
    let candidate = Candidate::from_bytes("keeper", bytes).expect("it is a component");
    host.load::<HandlesKeeper>(&candidate)
}

#[test]
fn handles_as_the_world_says_are_accepted() {
    let mut plugin = load("cart", "borrow $cart", "own $cart").expect("it fits");
    let cart = plugin.kept().make().expect("the call succeeds");
    plugin.kept().take(Some(cart)).expect("the call succeeds");
}

#[test]
fn a_plugin_cannot_own_what_it_is_lent_nor_hand_out_another_resource() {
    for (difference, outcome) in [
        (
            "look → param cart is borrow<cart> here and own<cart>",
            load("cart", "own $cart", "own $cart"),
        ),
        (
            "take → param cart → some is own<cart> here and borrow<cart>",
            load("cart", "borrow $cart", "borrow $cart"),
        ),
        (
            "take → param cart → some is own<cart> here and own<token>",
            load("cart", "borrow $cart", "own $token"),
        ),
        (
            "make → result is own<cart> here and own<token>",
            load("token", "borrow $cart", "own $cart"),
        ),
    ] {
        let error = outcome.expect_err("another handle is refused");
        assert_eq!(error.blame(), Blame::Mismatch);
        assert_eq!(
            error.to_string(),
            format!(
                "plugin `keeper`: in `test:handles/kept`, {difference} in the plugin: build the \
                 plugin against this application's WIT"
            )
        );
    }
}
