//! Keeps carts for the host, and counts them.

plugin_sdk::generate!({ path: "../../wit/carts", world: "carts" });

use shopping::{Cart, CartBorrow};
use std::cell::RefCell;
use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};

struct Carts;

static ALIVE: AtomicU32 = AtomicU32::new(0);
static CALLS: AtomicU32 = AtomicU32::new(0);

struct Kept {
    owner: String,
    items: RefCell<Vec<String>>,
}

impl Kept {
    fn open(owner: &str) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self {
            owner: owner.to_owned(),
            items: RefCell::default(),
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
        match self.owner.as_str() {
            "spin" => loop {
                black_box(());
            },
            "panic" => panic!("the cart breaks"),
            "host" => test::carts::warnings::dropped(self.items.borrow().len() as u32),
            _ => {}
        }
    }
}

fn cart(owner: &str) -> Cart {
    Cart::new(Kept::open(owner))
}

fn kept<'a>(cart: &'a CartBorrow<'_>) -> &'a Kept {
    cart.get()
}

impl shopping::GuestCart for Kept {
    fn new(owner: String) -> Self {
        Self::open(&owner)
    }

    fn add(&self, item: String) -> u32 {
        let mut items = self.items.borrow_mut();
        items.push(item);
        items.len() as u32
    }

    fn items(&self) -> Vec<String> {
        let items = self.items.borrow();
        items
            .iter()
            .map(|item| format!("{} {item}", self.owner))
            .collect()
    }

    fn pour(&self, cart: CartBorrow<'_>) {
        kept(&cart)
            .items
            .borrow_mut()
            .append(&mut self.items.borrow_mut());
    }

    fn merge(a: Cart, b: Cart) -> Cart {
        let more = b.get::<Kept>().items.take();
        a.get::<Kept>().items.borrow_mut().extend(more);
        a
    }
}

struct Token;

impl shopping::GuestToken for Token {}

impl shopping::Guest for Carts {
    type Cart = Kept;
    type Token = Token;

    fn alive() -> u32 {
        ALIVE.load(Ordering::Relaxed)
    }

    fn count() -> u32 {
        CALLS.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn fail(cart: CartBorrow<'_>) {
        panic!("{} fails", kept(&cart).owner);
    }

    fn take(cart: Cart) -> Vec<String> {
        cart.get::<Kept>().items.take()
    }

    fn take_some(cart: Option<Cart>) -> u32 {
        cart.map_or(99, |cart| cart.get::<Kept>().items.borrow().len() as u32)
    }

    fn take_all(carts: Vec<Cart>) -> u32 {
        carts.len() as u32
    }

    fn look_some(cart: Option<CartBorrow<'_>>) -> u32 {
        cart.map_or(99, |cart| kept(&cart).items.borrow().len() as u32)
    }

    fn look_all(carts: Vec<CartBorrow<'_>>) -> u32 {
        let items = carts.iter().map(|cart| kept(cart).items.borrow().len());
        items.sum::<usize>() as u32
    }

    fn open(owner: String) -> Result<Cart, String> {
        match owner.as_str() {
            "" => Err("a cart has an owner".to_owned()),
            owner => Ok(cart(owner)),
        }
    }

    fn find(owner: String) -> Option<Cart> {
        (owner != "nobody").then(|| cart(&owner))
    }

    fn several(count: u32) -> Vec<Cart> {
        (0..count).map(|i| cart(&i.to_string())).collect()
    }

    fn pair() -> (Cart, u32) {
        (cart("pair"), 7)
    }

    fn nested(fails: bool) -> Result<Vec<(Option<Cart>, String)>, (shopping::Token, Cart)> {
        if fails {
            return Err((shopping::Token::new(Token), cart("error")));
        }
        Ok(vec![
            (Some(cart("nested")), "first".to_owned()),
            (None, "second".to_owned()),
        ])
    }
}

impl gifts::Guest for Carts {
    fn wrap(basket: CartBorrow<'_>) -> String {
        format!("{} in paper", kept(&basket).owner)
    }

    fn receive() -> Cart {
        cart("gift")
    }
}

struct Receipt(u32);

impl till::GuestCalls for Receipt {
    fn new(price: u32) -> Self {
        Self(price)
    }

    fn total(&self) -> u32 {
        self.0
    }
}

impl till::Guest for Carts {
    type Calls = Receipt;
}

plugin_sdk::export!(Carts);
