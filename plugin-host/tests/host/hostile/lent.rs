//! Guests that misuse what the application lends them, or pass it on.

use super::{Attacker, attacks};
use plugin_host::{Candidate, Error, Host, Lent};

plugin_host::world! {
    inline: "
        package test:loan;
        interface shop {
            resource basket { constructor(); items: func() -> u32; }
            pour: func(out: borrow<basket>, into: borrow<basket>);
            swap: func(give: basket, look: borrow<basket>);
            swap-back: func(look: borrow<basket>, give: basket);
            take: func(basket: basket);
        }
        world guest {
            use shop.{basket};
            export attack: func(basket: borrow<basket>);
        }",
    with: { "test:loan/shop.basket": crate::hostile::lent::Basket },
}

/// A resource of the application's.
pub(crate) struct Basket;

struct Shop;

impl shop::Host for Shop {
    fn pour(&mut self, _: &mut Basket, _: &mut Basket) {}

    fn swap(&mut self, _: Basket, _: &mut Basket) {}

    fn swap_back(&mut self, _: &mut Basket, _: Basket) {}

    fn take(&mut self, _: Basket) {}
}

impl shop::HostBasket for Shop {
    fn new(&mut self) -> Basket {
        Basket
    }

    fn items(&mut self, _: &mut Basket) -> u32 {
        1
    }
}

/// A component that does this with the basket in local 0, which it is lent. Locals
/// 0 and 1 hold indices.
fn lent(body: &str) -> impl Fn(&Host) -> Result<Attacker, Error> + use<> {
    let text = format!(
        r#"(component
            (import "test:loan/shop" (instance $shop
                (export "basket" (type $basket (sub resource)))
                (export "[constructor]basket" (func (result (own $basket))))
                (export "[method]basket.items"
                    (func (param "self" (borrow $basket)) (result u32)))
                (export "pour"
                    (func (param "out" (borrow $basket)) (param "into" (borrow $basket))))
                (export "swap"
                    (func (param "give" (own $basket)) (param "look" (borrow $basket))))
                (export "swap-back"
                    (func (param "look" (borrow $basket)) (param "give" (own $basket))))
                (export "take" (func (param "basket" (own $basket))))))
            (alias export $shop "basket" (type $basket))
            (core func $new (canon lower (func $shop "[constructor]basket")))
            (core func $items (canon lower (func $shop "[method]basket.items")))
            (core func $pour (canon lower (func $shop "pour")))
            (core func $swap (canon lower (func $shop "swap")))
            (core func $swap-back (canon lower (func $shop "swap-back")))
            (core func $take (canon lower (func $shop "take")))
            (core func $drop (canon resource.drop $basket))
            (core module $m
                (import "shop" "new" (func $new (result i32)))
                (import "shop" "items" (func $items (param i32) (result i32)))
                (import "shop" "pour" (func $pour (param i32 i32)))
                (import "shop" "swap" (func $swap (param i32 i32)))
                (import "shop" "swap-back" (func $swap-back (param i32 i32)))
                (import "shop" "take" (func $take (param i32)))
                (import "shop" "drop" (func $drop (param i32)))
                (func (export "attack") (param i32) (local i32) {body}))
            (core instance $i (instantiate $m (with "shop" (instance
                (export "new" (func $new))
                (export "items" (func $items))
                (export "pour" (func $pour))
                (export "swap" (func $swap))
                (export "swap-back" (func $swap-back))
                (export "take" (func $take))
                (export "drop" (func $drop))))))
            (func (export "attack") (param "basket" (borrow $basket))
                (canon lift (core func $i "attack"))))"#
    );
    let bytes = wat::parse_str(text).expect("the text is a component");
    let candidate = Candidate::from_bytes("borrower", bytes).expect("it is a component");
    move |host| {
        let mut plugin = host.load_with::<LoanGuest<Shop>>(&candidate, |_| Ok(Shop))?;
        Ok(Box::new(move || {
            let basket = Lent::new(&mut plugin, Basket)?;
            let outcome = plugin.attack(&basket);
            outcome.map(|()| "it returned".to_owned())
        }))
    }
}

attacks! {
    gives_back_what_it_is_lent: lent("(call $drop (local.get 0))") => "fine: it returned";
    keeps_what_it_is_lent: lent("") => "trap: borrow handles still remain";
    uses_what_it_gave_back: lent(
        "(call $drop (local.get 0)) (drop (call $items (local.get 0)))"
    ) => "trap: unknown handle index";
    gives_what_it_is_lent: lent("(call $take (local.get 0))") => "trap: ";
    uses_the_number_of_another: lent("(drop (call $items (i32.add (local.get 0) (i32.const 1))))")
        => "trap: unknown handle index";
    passes_one_resource_twice: lent("(call $pour (local.get 0) (local.get 0))")
        => "trap: it passed one resource to `shop.pour` twice in one call";
    lends_what_it_gives: lent(
        "(local.set 1 (call $new)) (call $swap (local.get 1) (local.get 1))"
    ) => "trap: unknown handle index";
    gives_what_it_lends: lent(
        "(local.set 1 (call $new)) (call $swap-back (local.get 1) (local.get 1))"
    ) => "trap: cannot remove owned resource while borrowed";
}
