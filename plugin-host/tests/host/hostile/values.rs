//! Guests that lie in the canonical ABI, and resources that are misused.

use super::{Attacker, attacks};
use plugin_host::{Candidate, Error, Host};

/// Worlds whose exports return something that the guest can lie about.
mod worlds {
    plugin_host::world! {
        inline: "
            package test:text;
            world guest { export attack: func() -> string; }",
    }
    plugin_host::world! {
        inline: "
            package test:numbers;
            world guest { export attack: func() -> list<u64>; }",
    }
    plugin_host::world! {
        inline: "
            package test:records;
            world guest {
                record item { name: string, tags: list<string> }
                export attack: func() -> list<item>;
            }",
    }
    plugin_host::world! {
        inline: "
            package test:choice;
            world guest {
                enum colour { red, green }
                export attack: func() -> tuple<char, colour, option<u8>>;
            }",
    }
    plugin_host::world! {
        inline: "
            package test:basket;
            interface shop {
                resource basket { constructor(); items: func() -> u32; }
                tell: func(words: list<string>);
            }
            world guest {
                import shop;
                export attack: func();
            }",
        with: { "test:basket/shop.basket": crate::hostile::values::Basket },
    }
}

/// A resource of the application's.
pub(crate) struct Basket;

struct Shop;

impl worlds::shop::Host for Shop {
    fn tell(&mut self, _: Vec<String>) {}
}

impl worlds::shop::HostBasket for Shop {
    fn new(&mut self) -> Basket {
        Basket
    }

    fn items(&mut self, _: &mut Basket) -> u32 {
        1
    }
}

fn candidate(text: &str) -> Candidate {
    let bytes = wat::parse_str(text).expect("the text is a component");
    Candidate::from_bytes("liar", bytes).expect("it is a component")
}

/// A component whose `attack` returns this type, from a core function with this
/// body that returns where the value lies. `post` runs after it.
fn returning(types: &str, ty: &str, body: &str, post: &str) -> Candidate {
    candidate(&format!(
        r#"(component
            {types}
            (core module $m
                (memory (export "memory") 4)
                (data (i32.const 8) "\40\00\00\00\03\00\00\00")
                (data (i32.const 64) "\ff\fe\fd")
                (func (export "attack") (result i32) {body})
                (func (export "post") (param i32) {post}))
            (core instance $i (instantiate $m))
            (alias core export $i "memory" (core memory $memory))
            (alias core export $i "post" (core func $post))
            (func (export "attack") (result {ty})
                (canon lift (core func $i "attack") (memory $memory) (post-return $post))))"#
    ))
}

/// Stores a pointer and a length at 16, and returns that place.
fn points_to(pointer: u32, length: u32) -> String {
    format!(
        "(i32.store (i32.const 16) (i32.const {pointer}))
         (i32.store (i32.const 20) (i32.const {length}))
         (i32.const 16)"
    )
}

macro_rules! loads {
    ($name:ident, $world:ident) => {
        fn $name(candidate: Candidate) -> impl Fn(&Host) -> Result<Attacker, Error> + use<> {
            move |host| {
                let mut plugin = host.load::<worlds::$world>(&candidate)?;
                Ok(Box::new(move || {
                    plugin.attack().map(|value| format!("{value:?}"))
                }))
            }
        }
    };
}
loads!(load_text, TextGuest);
loads!(load_numbers, NumbersGuest);
loads!(load_records, RecordsGuest);
loads!(load_choice, ChoiceGuest);

fn text(pointer: u32, length: u32) -> impl Fn(&Host) -> Result<Attacker, Error> + use<> {
    load_text(returning("", "string", &points_to(pointer, length), ""))
}

fn numbers(pointer: u32, length: u32) -> impl Fn(&Host) -> Result<Attacker, Error> + use<> {
    load_numbers(returning("", "(list u64)", &points_to(pointer, length), ""))
}

/// A character, the case of an enum and the discriminant of an option.
fn choice(
    character: u32,
    colour: u8,
    option: u8,
) -> impl Fn(&Host) -> Result<Attacker, Error> + use<> {
    let body = format!(
        "(i32.store (i32.const 32) (i32.const {character}))
         (i32.store8 (i32.const 36) (i32.const {colour}))
         (i32.store8 (i32.const 37) (i32.const {option}))
         (i32.const 32)"
    );
    let types = r#"(type $enum (enum "red" "green"))
                   (export $colour "colour" (type $enum))"#;
    let ty = "(tuple char $colour (option u8))";
    load_choice(returning(types, ty, &body, ""))
}

/// A list of records, all of which are the same few bytes.
fn records(count: u32) -> impl Fn(&Host) -> Result<Attacker, Error> + use<> {
    let types = r#"(type $record (record (field "name" string) (field "tags" (list string))))
                   (export $item "item" (type $record))"#;
    load_records(returning(
        types,
        "(list $item)",
        &points_to(1024, count),
        "",
    ))
}

/// A component that does this with baskets of the application's.
fn baskets(body: &str) -> impl Fn(&Host) -> Result<Attacker, Error> + use<> {
    let candidate = candidate(&format!(
        r#"(component
            (import "test:basket/shop" (instance $shop
                (export "basket" (type $basket (sub resource)))
                (export "[constructor]basket" (func (result (own $basket))))
                (export "[method]basket.items"
                    (func (param "self" (borrow $basket)) (result u32)))
                (export "tell" (func (param "words" (list string))))))
            (core module $libc (memory (export "memory") 1))
            (core instance $libc (instantiate $libc))
            (alias core export $libc "memory" (core memory $memory))
            (alias export $shop "basket" (type $basket))
            (core func $new (canon lower (func $shop "[constructor]basket")))
            (core func $items (canon lower (func $shop "[method]basket.items")))
            (core func $tell (canon lower (func $shop "tell") (memory $memory)))
            (core func $drop (canon resource.drop $basket))
            (core module $m
                (import "shop" "new" (func $new (result i32)))
                (import "shop" "items" (func $items (param i32) (result i32)))
                (import "shop" "tell" (func $tell (param i32 i32)))
                (import "shop" "drop" (func $drop (param i32)))
                (func (export "attack") (local i32) {body}))
            (core instance $i (instantiate $m (with "shop" (instance
                (export "new" (func $new))
                (export "items" (func $items))
                (export "tell" (func $tell))
                (export "drop" (func $drop))))))
            (func (export "attack") (canon lift (core func $i "attack"))))"#
    ));
    move |host| {
        let mut plugin = host.load_with::<worlds::BasketGuest<Shop>>(&candidate, |_| Ok(Shop))?;
        Ok(Box::new(move || {
            plugin.attack().map(|()| "it returned".to_owned())
        }))
    }
}

attacks! {
    returns_a_huge_string: text(0, 200_000) => "limit: Value in attack";
    returns_a_string_of_four_gigabytes: text(0, u32::MAX) => "trap: ";
    returns_a_string_outside_of_memory: text(4 * 65_536 - 1, 2) => "trap: ";
    returns_text_that_is_not_utf8: text(64, 3) => "trap: invalid utf-8";
    returns_a_huge_list: numbers(0, 30_000) => "limit: Value in attack";
    returns_a_list_whose_size_overflows: numbers(0, 0x2000_0001) => "trap: ";
    returns_a_list_that_is_not_aligned: numbers(1, 1) => "trap: ";
    returns_huge_records: records(10_000) => "limit: Value in attack";
    returns_a_surrogate_for_a_character: choice(0xd800, 0, 0) => "trap: ";
    returns_a_character_beyond_unicode: choice(0x0011_0000, 0, 0) => "trap: ";
    returns_a_case_that_is_not_there: choice(65, 2, 0) => "trap: ";
    returns_an_option_that_is_neither: choice(65, 0, 2) => "trap: ";
    returns_a_place_outside_of_memory: load_text(
        returning("", "string", "(i32.const -4)", "")
    ) => "trap: ";
    aborts_after_it_returned: load_text(
        returning("", "string", "(i32.const 0)", "unreachable")
    ) => "trap: Abort";
    spins_after_it_returned: load_text(
        returning("", "string", "(i32.const 0)", "(loop (br 0))")
    ) => "limit: Deadline in attack";

    hands_over_a_huge_list: baskets("(call $tell (i32.const 0) (i32.const 8000))")
        => "limit: Value in attack";
    spins_in_host_calls: baskets("(loop (call $drop (call $new)) (br 0))")
        => "limit: HostCalls in attack";
    leaks_handles: baskets("(loop (drop (call $new)) (br 0))") => "limit: Handles in attack";
    uses_a_handle_after_it_dropped_it: baskets(
        "(local.set 0 (call $new)) (call $drop (local.get 0))
         (drop (call $items (local.get 0)))"
    ) => "trap: unknown handle index";
    drops_a_handle_twice: baskets(
        "(local.set 0 (call $new)) (call $drop (local.get 0)) (call $drop (local.get 0))"
    ) => "trap: unknown handle index";
    invents_a_handle: baskets("(drop (call $items (i32.const 77)))")
        => "trap: unknown handle index";
    drops_a_handle_and_aborts: baskets("(call $drop (call $new)) unreachable") => "trap: Abort";
}
