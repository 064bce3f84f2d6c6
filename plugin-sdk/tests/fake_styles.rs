//! Fakes of functions whose signatures options of `generate!` change.
#![deny(missing_docs, unreachable_pub, unsafe_code, warnings)]

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use plugin_sdk::testing;

mod borrowing {
    plugin_sdk::generate!({
        inline: "package acme:shop;
            interface stock {
                record item { name: string, tags: list<string> }
                pieces: func(items: list<item>) -> list<item>;
                resource r { hold: func(item: item) -> u32; }
            }
            world plugin { import stock; }",
        ownership: Borrowing { duplicate_if_necessary: true },
    });
}

mod chaining {
    plugin_sdk::generate!({
        inline: "package acme:shop;
            interface forms {
                resource form { constructor(); set: func(key: string); size: func() -> u32; }
            }
            world plugin { import forms; }",
        chainable_methods: ["all"],
    });
}

mod lending {
    plugin_sdk::generate!({
        inline: "package acme:shop;
            interface forms {
                resource form { constructor(); set: func(key: string); size: func() -> u32; }
            }
            world plugin { import forms; }",
        chainable_methods: ["&all"],
    });
}

mod waiting {
    plugin_sdk::generate!({
        inline: "package acme:shop;
            interface stock { pieces: async func(name: string) -> option<u32>; }
            world plugin { import stock; }",
    });
}

mod raw {
    plugin_sdk::generate!({
        inline: "package acme:shop;
            interface stock { echo: func(name: string) -> string; }
            world plugin { import stock; }",
        raw_strings,
    });
}

mod elsewhere {
    plugin_sdk::generate!({
        inline: "package acme:shop;
            interface stock { pieces: func() -> u32; }
            interface more { count: func() -> u32; }
            world plugin { import stock; import more; }",
        with: { "acme:shop/stock": crate::whole::acme::shop::stock },
    });
}

mod whole {
    plugin_sdk::generate!({
        inline: "package acme:shop;
            interface stock { pieces: func() -> u32; }
            world plugin { import stock; }",
    });
}

mod named {
    plugin_sdk::generate!({
        inline: "package fake:fake;
            interface fake {
                record fn-mut { x: u8 }
                resource desk { fake: func(fake: fn-mut) -> u8; }
                fake: func(fake: fn-mut) -> fn-mut;
            }
            world plugin {
                import fake;
                import f: func() -> u8;
                import inside: interface { f: func() -> u8; }
            }",
    });
}

#[test]
fn everything_may_be_called_fake() {
    use named::fake::fake::fake::{Desk, FnMut, fake};

    named::fake_::f(|| 1);
    named::inside::fake::f(named::f);
    assert_eq!(named::inside::f(), 1);

    fake::fake(|FnMut { x }| FnMut { x: x + 1 });
    assert_eq!(fake(FnMut { x: 1 }).x, 2);
    fake::desk::fake(|desk, FnMut { x }| *testing::value_of::<u8>(desk) + x);
    assert_eq!(testing::resource::<Desk>(3_u8).fake(FnMut { x: 2 }), 5);
}

#[test]
fn types_that_borrow_are_handed_on() {
    use borrowing::stock::{ItemParam, ItemResult, fake, pieces};

    fake::pieces(|items| {
        let items = items.iter().map(|item| ItemResult {
            name: item.name.to_uppercase(),
            tags: item.tags.iter().map(|&tag| tag.to_owned()).collect(),
        });
        items.collect()
    });
    let tea = ItemParam {
        name: "tea",
        tags: &["hot"],
    };
    assert_eq!(pieces(std::slice::from_ref(&tea))[0].name, "TEA");

    fake::r::hold(|r, item| testing::value_of::<u32>(r).wrapping_add(item.tags.len() as u32));
    let r: borrowing::stock::R = testing::resource(40_u32);
    assert_eq!(r.hold(tea), 41);
}

#[test]
fn methods_that_chain_hand_themselves_back() {
    use chaining::forms;
    use lending::forms as lent;

    forms::fake::form::new(|| testing::resource(Cell::new(0_usize)));
    forms::fake::form::set(|form, key| {
        let size = testing::value_of::<Cell<usize>>(form);
        size.set(size.get() + key.len());
    });
    forms::fake::form::size(|form| testing::value_of::<Cell<usize>>(form).get() as u32);
    assert_eq!(forms::Form::new().set("ab").set("c").size(), 3);

    lent::fake::form::new(|| testing::resource(()));
    lent::fake::form::set(|_, _| {});
    let form = lent::Form::new();
    assert!(std::ptr::eq(form.set("ab").set("c"), &raw const form));
}

#[test]
fn functions_that_wait_are_answered_at_once() {
    use waiting::stock;

    stock::fake::pieces(|name| (name == "tea").then_some(3));
    let answer =
        pin!(stock::pieces("tea".to_owned())).poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(answer, Poll::Ready(Some(3)));
}

#[test]
fn raw_strings_stay_raw() {
    raw::stock::fake::echo(|bytes| bytes.to_vec());
    assert_eq!(raw::stock::echo(b"tea"), b"tea");
}

#[test]
fn an_interface_of_another_module_is_faked_there() {
    whole::stock::fake::pieces(|| 4);
    elsewhere::more::fake::count(whole::stock::pieces);
    assert_eq!(elsewhere::more::count(), 4);
}
