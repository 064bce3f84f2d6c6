//! Imported functions and resources of every kind, faked as an author may do it.
#![deny(missing_docs, unreachable_pub, unsafe_code, warnings)]

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use plugin_sdk::testing;

mod shop {
    plugin_sdk::generate!({
        inline: "package acme:shop@1.0.0;
            interface types {
                record item { name: string, tags: list<string> }
                flags rights { read, write }
                variant refusal { sold-out, other(string) }
            }
            interface stock {
                use types.{item, rights, refusal};
                pieces: func(name: string) -> option<u32>;
                reserve: func(item: item, pieces: u32) -> result<u32, refusal>;
                allowed: func() -> rights;
                note: func(text: string);
                names: func(prefixes: list<string>, all: bool) -> list<tuple<string, u8>>;
                /// A Rust keyword, and names that generated code uses.
                %type: func(answer: string, self: string) -> string;
                fake: func() -> u32;
            }
            interface orders {
                use types.{item};
                resource basket {
                    constructor(owner: string);
                    add: func(item: item) -> u32;
                    pour: func(into: borrow<basket>);
                    split: func() -> basket;
                    merge: static func(a: basket, b: basket) -> basket;
                }
                resource voucher {
                    constructor(code: string) -> result<voucher, string>;
                }
                find: func(owner: string) -> option<basket>;
                count: func(baskets: list<borrow<basket>>) -> u32;
            }
            interface check {
                use orders.{basket};
                look: func(basket: borrow<basket>) -> u32;
                take: func(basket: basket) -> u32;
            }
            world plugin {
                use types.{item};
                import stock;
                import orders;
                import greet: func(name: string) -> string;
                import price: func(item: item) -> u64;
                import clock: interface { now: func() -> u64; }
                resource session { constructor(); id: func() -> u32; }
                export check;
            }",
        additional_derives: [PartialEq],
    });
}

use shop::acme::shop::types::Rights;
use shop::check::Guest as _;
use shop::orders::{Basket, Voucher, fake};
use shop::stock::{Item, Refusal};

struct Plugin;

impl shop::check::Guest for Plugin {
    fn look(basket: &Basket) -> u32 {
        basket.add(&item("looked at"))
    }

    fn take(basket: Basket) -> u32 {
        basket.add(&item("taken"))
    }
}

plugin_sdk::export!(Plugin with_types_in shop);

fn item(name: &str) -> Item {
    Item {
        name: name.to_owned(),
        tags: Vec::new(),
    }
}

#[test]
fn a_function_answers_what_the_test_says() {
    shop::stock::fake::pieces(|name| (name == "tea").then_some(12));
    assert_eq!(shop::stock::pieces("tea"), Some(12));
    assert_eq!(shop::stock::pieces("gold"), None);

    shop::stock::fake::pieces(|_| Some(3));
    assert_eq!(shop::stock::pieces("gold"), Some(3));
}

#[test]
fn records_results_flags_lists_and_tuples_come_and_go_as_they_are() {
    shop::stock::fake::reserve(|item, pieces| match item.name.as_str() {
        "tea" => Ok(pieces),
        "gold" => Err(Refusal::SoldOut),
        other => Err(Refusal::Other(other.to_owned())),
    });
    assert!(shop::stock::reserve(&item("tea"), 3) == Ok(3));
    assert!(shop::stock::reserve(&item("gold"), 3) == Err(Refusal::SoldOut));
    assert!(shop::stock::reserve(&item("x"), 3) == Err(Refusal::Other("x".into())));

    shop::stock::fake::allowed(|| Rights::READ | Rights::WRITE);
    assert!(shop::stock::allowed() == Rights::all());

    shop::stock::fake::names(|prefixes, all| {
        let prefixes = prefixes.iter().take(if all { 2 } else { 1 });
        prefixes.map(|prefix| (prefix.clone(), 7)).collect()
    });
    let prefixes = ["a".to_owned(), "b".to_owned()];
    assert_eq!(shop::stock::names(&prefixes, false), [("a".into(), 7)]);
    assert_eq!(shop::stock::names(&prefixes, true).len(), 2);
}

#[test]
fn a_fake_may_keep_what_it_was_called_with() {
    let notes = Rc::new(RefCell::new(Vec::new()));
    let kept = Rc::clone(&notes);
    shop::stock::fake::note(move |text| kept.borrow_mut().push(text.to_owned()));
    shop::stock::note("one");
    shop::stock::note("two");
    assert_eq!(*notes.borrow(), ["one", "two"]);

    let mut answers = [4, 5].into_iter();
    shop::stock::fake::pieces(move |_| answers.next());
    let asked = [(); 3].map(|()| shop::stock::pieces("tea"));
    assert_eq!(asked, [Some(4), Some(5), None]);
}

#[test]
fn functions_of_the_world_and_of_interfaces_inside_it_have_fakes_too() {
    shop::fake::greet(|name| format!("Hello, {name}!"));
    assert_eq!(shop::greet("Ann"), "Hello, Ann!");
    shop::fake::price(|item| item.name.len() as u64);
    assert_eq!(shop::price(&item("tea")), 3);
    shop::clock::fake::now(|| 7);
    assert_eq!(shop::clock::now(), 7);
    shop::fake::session::new(|| testing::resource(9_u32));
    shop::fake::session::id(|session| *testing::value_of(session));
    assert_eq!(shop::Session::new().id(), 9);
}

#[test]
fn names_that_generated_code_uses_can_be_faked() {
    shop::stock::fake::type_(|answer, self_| format!("{answer}{self_}"));
    assert_eq!(shop::stock::type_("a", "b"), "ab");
    shop::stock::fake::fake(|| 5);
    assert_eq!(shop::stock::fake(), 5);
}

type Items = RefCell<Vec<String>>;

/// Baskets as vectors of names.
fn fake_baskets() {
    fake::basket::new(|owner| testing::resource(Items::new(vec![owner.to_owned()])));
    fake::basket::add(|basket, item| {
        let items = testing::value_of::<Items>(basket);
        items.borrow_mut().push(item.name.clone());
        items.borrow().len() as u32
    });
    fake::basket::pour(|from, into| {
        let from = testing::value_of::<Items>(from).take();
        testing::value_of::<Items>(into).borrow_mut().extend(from);
    });
    fake::basket::split(|basket| {
        let items = testing::value_of::<Items>(basket);
        let half = items.borrow().len() / 2;
        testing::resource(Items::new(items.borrow_mut().split_off(half)))
    });
    fake::basket::merge(|a, b| {
        let more = testing::value_of::<Items>(&b).take();
        testing::value_of::<Items>(&a).borrow_mut().extend(more);
        a
    });
}

fn items(basket: &Basket) -> Vec<String> {
    testing::value_of::<Items>(basket).borrow().clone()
}

#[test]
fn a_resource_of_the_applications_is_a_value_of_the_tests() {
    fake_baskets();
    let (ann, bob) = (Basket::new("Ann"), Basket::new("Bob"));
    assert_eq!(ann.add(&item("tea")), 2);
    ann.pour(&bob);
    assert_eq!(items(&bob), ["Bob", "Ann", "tea"]);
    let rest = bob.split();
    assert_eq!(items(&Basket::merge(rest, bob)), ["Ann", "tea", "Bob"]);

    fake::find(|owner| (owner == "Ann").then(|| Basket::new(owner)));
    assert_eq!(items(&shop::orders::find("Ann").expect("one")), ["Ann"]);
    assert!(shop::orders::find("Bob").is_none());
    fake::count(|baskets| baskets.iter().map(|b| items(b).len() as u32).sum());
    assert_eq!(shop::orders::count(&[&ann, &Basket::new("x")]), 1);

    fake::voucher::new(|code| match code {
        "" => Err("a voucher has a code".to_owned()),
        code => Ok(testing::resource(code.to_owned())),
    });
    assert_eq!(
        Voucher::new("").err().as_deref(),
        Some("a voucher has a code")
    );
    let voucher = Voucher::new("TEN").expect("one");
    assert_eq!(*testing::value_of::<String>(&voucher), "TEN");
}

#[test]
fn exported_functions_take_fake_resources() {
    fake_baskets();
    let basket: Basket = testing::resource(Items::default());
    assert_eq!(Plugin::look(&basket), 1);
    assert_eq!(Plugin::take(basket), 2);
}

#[test]
fn the_value_of_a_fake_resource_is_dropped_with_it() {
    struct Told(Rc<Cell<u32>>);

    impl Drop for Told {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }

    let dropped = Rc::new(Cell::new(0));
    let basket: Basket = testing::resource(Told(Rc::clone(&dropped)));
    assert_eq!(dropped.get(), 0);
    drop(basket);
    assert_eq!(dropped.get(), 1);
}

/// What a panic says, and that it can be caught.
fn panic_of<R>(act: impl FnOnce() -> R) -> String {
    let panic = catch_unwind(AssertUnwindSafe(act));
    let panic = panic.err().expect("a panic");
    panic.downcast_ref::<String>().expect("a text").clone()
}

#[test]
fn what_is_not_faked_panics_and_says_how_to_fake_it() {
    assert_eq!(
        panic_of(|| shop::stock::pieces("tea")),
        "the application's function `pieces` of `acme:shop/stock@1.0.0` was called in a native \
         test that does not fake it: say what it answers with \
         `crate::shop::acme::shop::stock::fake::pieces(..)`, in the thread that calls it"
    );
    assert_eq!(
        panic_of(|| Basket::new("Ann")),
        "the application's function `basket.constructor` of `acme:shop/orders@1.0.0` was called in a native \
         test that does not fake it: say what it answers with \
         `crate::shop::acme::shop::orders::fake::basket::new(..)`, in the thread that calls it"
    );
    assert_eq!(
        panic_of(|| shop::greet("Ann")),
        "the application's function `greet` was called in a native test that does not fake it: \
         say what it answers with `crate::shop::fake::greet(..)`, in the thread that calls it"
    );
}

#[test]
fn a_panic_about_a_missing_fake_is_told_with_the_line_that_calls() {
    thread_local!(static LINE: Cell<u32> = const { Cell::new(0) });
    let old = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        LINE.set(info.location().map_or(0, |place| place.line()));
        old(info);
    }));
    panic_of(|| shop::stock::pieces("tea"));
    assert_eq!(LINE.get(), line!() - 1);
}

#[test]
fn fakes_belong_to_the_thread_and_clear_forgets_them() {
    shop::stock::fake::pieces(|_| Some(1));
    let other = std::thread::spawn(|| shop::stock::pieces("tea"));
    assert!(other.join().is_err());
    assert_eq!(shop::stock::pieces("tea"), Some(1));
    testing::clear();
    panic_of(|| shop::stock::pieces("tea"));
}

#[test]
fn a_fake_that_calls_itself_is_told_so() {
    shop::stock::fake::pieces(shop::stock::pieces);
    assert_eq!(
        panic_of(|| shop::stock::pieces("tea")),
        "the application's function `pieces` of `acme:shop/stock@1.0.0` was called by its own \
         fake, `crate::shop::acme::shop::stock::fake::pieces(..)`"
    );
    // One may call others, and the next call is answered.
    shop::stock::fake::pieces(|_| Some(shop::stock::fake()));
    shop::stock::fake::fake(|| 8);
    assert_eq!(shop::stock::pieces("tea"), Some(8));
}

#[test]
fn the_value_of_another_type_or_thread_is_refused() {
    let basket: Basket = testing::resource(7_u8);
    assert_eq!(
        panic_of(|| testing::value_of::<String>(&basket)),
        "this fake resource was made of a `u8`, not of a `alloc::string::String`"
    );
    let other = std::thread::spawn(move || *testing::value_of::<u8>(&basket));
    let panic = other.join().expect_err("a panic");
    assert_eq!(
        panic.downcast_ref::<&str>(),
        Some(&"a fake resource is used in the thread that made it")
    );
}
