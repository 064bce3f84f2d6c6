//! Resources that live in the plugin, natively.
#![deny(missing_docs, unreachable_pub, unsafe_code, warnings)]

use std::cell::{Cell, RefCell};

use plugin_sdk::testing;

plugin_sdk::generate!({
    inline: "package acme:carts;
        interface shopping {
            resource cart {
                constructor(owner: string);
                add: func(item: string) -> u32;
                pour: func(into: borrow<cart>);
                merge: static func(a: cart, b: cart) -> cart;
            }
            look: func(cart: borrow<cart>) -> u32;
            take: func(cart: cart) -> list<string>;
            open: func(owners: list<string>) -> list<cart>;
        }
        world plugin { export shopping; }",
});

use shopping::{Cart, CartBorrow, Guest as _, GuestCart as _};

thread_local!(static ALIVE: Cell<i32> = const { Cell::new(0) });

struct Kept {
    items: RefCell<Vec<String>>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

impl shopping::GuestCart for Kept {
    fn new(owner: String) -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Self {
            items: RefCell::new(vec![owner]),
        }
    }

    fn add(&self, item: String) -> u32 {
        self.items.borrow_mut().push(item);
        self.items.borrow().len() as u32
    }

    fn pour(&self, into: CartBorrow<'_>) {
        let into = into.get::<Self>();
        into.items.borrow_mut().append(&mut self.items.borrow_mut());
    }

    fn merge(a: Cart, b: Cart) -> Cart {
        let b = b.into_inner::<Self>();
        a.get::<Self>()
            .items
            .borrow_mut()
            .append(&mut b.items.borrow_mut());
        a
    }
}

struct Carts;

impl shopping::Guest for Carts {
    type Cart = Kept;

    fn look(cart: CartBorrow<'_>) -> u32 {
        cart.get::<Kept>().items.borrow().len() as u32
    }

    fn take(mut cart: Cart) -> Vec<String> {
        std::mem::take(cart.get_mut::<Kept>().items.get_mut())
    }

    fn open(owners: Vec<String>) -> Vec<Cart> {
        let carts = owners.into_iter().map(Kept::new);
        carts.map(Cart::new).collect()
    }
}

plugin_sdk::export!(Carts, manifest: none);

fn cart(owner: &str) -> Cart {
    Cart::new(Kept::new(owner.to_owned()))
}

#[test]
fn they_are_made_read_changed_and_taken_apart() {
    let (ann, bob) = (cart("Ann"), cart("Bob"));
    assert_eq!(ann.get::<Kept>().add("tea".into()), 2);
    ann.get::<Kept>().pour(testing::lend(&bob));
    assert_eq!(Carts::look(testing::lend(&ann)), 0);
    assert_eq!(Carts::look(testing::lend(&bob)), 3);
    assert_eq!(Carts::take(Kept::merge(ann, bob)), ["Bob", "Ann", "tea"]);
    assert_eq!(Carts::open(vec!["Eve".into(), "Joe".into()]).len(), 2);
}

#[test]
fn each_is_dropped_once() {
    let (first, second, third) = (cart("Ann"), cart("Bob"), cart("Eve"));
    assert_eq!(ALIVE.get(), 3);
    drop(first);
    assert_eq!(ALIVE.get(), 2);
    drop(Carts::take(second));
    assert_eq!(ALIVE.get(), 1);
    let inner = third.into_inner::<Kept>();
    assert_eq!(ALIVE.get(), 1);
    drop(inner);
    assert_eq!(ALIVE.get(), 0);
}

#[test]
fn threads_have_their_own() {
    let ann = cart("Ann");
    let other = std::thread::spawn(move || {
        let bob = cart("Bob");
        assert_eq!(Carts::take(bob), ["Bob"]);
        ann.get::<Kept>().items.borrow().len()
    });
    let panic = other.join().expect_err("a panic");
    let message = panic.downcast_ref::<String>().map(String::as_str);
    assert_eq!(
        message.or(panic.downcast_ref::<&str>().copied()),
        Some("a resource of the plugin's is used in the thread that made it")
    );
    // What was moved away is alive in its own thread.
    assert_eq!(ALIVE.get(), 1);
}

#[test]
#[should_panic(expected = "cannot use two types with this resource type")]
fn two_types_behind_one_resource_are_refused_as_in_a_plugin() {
    struct Other;

    impl shopping::GuestCart for Other {
        fn new(_: String) -> Self {
            Self
        }
        fn add(&self, _: String) -> u32 {
            0
        }
        fn pour(&self, _: CartBorrow<'_>) {}
        fn merge(a: Cart, _: Cart) -> Cart {
            a
        }
    }

    let _kept = cart("Ann");
    Cart::new(Other);
}
