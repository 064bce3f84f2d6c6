//! The verdict, by types too: what is said of plugins that differ from what the
//! application has, and that what it accepts runs.

mod changes;
mod handles;
mod homes;
mod mistyped;
mod mutants;
mod names;
mod unlinked;
mod versions;
mod wasi;

use plugin_host::generated::StoreData;
use plugin_host::generated::wasmtime::component::{Component, Linker};
use plugin_host::generated::wasmtime::{Config, Engine};
use plugin_host::{Candidate, ErrorKind, Host, World};

plugin_host::world! {
    world: "plugin",
    inline: "
        package acme:shop@1.2.0;
        interface types {
            type row-id = u64;
            record product { id: row-id, name: string, price: u64, tags: list<string> }
            enum colour { red, green, blue }
            flags options { fast, safe }
            variant shape { empty, circle(f32), named(product) }
        }
        interface stock {
            use types.{product, colour, row-id};
            resource basket {
                constructor(owner: string);
                add: func(item: product) -> u32;
                merge: static func(a: basket, b: borrow<basket>) -> basket;
            }
            resource token;
            count: func(sku: string) -> u32;
            find: func(id: row-id) -> option<product>;
            paint: func(colour: colour, twice: bool);
            check: func(token: borrow<token>) -> result<u8, string>;
        }
        interface transform {
            use types.{product, shape, options};
            use stock.{basket};
            resource cart {
                constructor(owner: string);
                pour: func(into: borrow<cart>);
                close: static func(cart: cart) -> option<f64>;
            }
            resource voucher;
            apply: func(batch: list<product>, options: options) -> result<list<product>, string>;
            draw: func(shape: shape) -> tuple<u8, char>;
            fill: func(basket: borrow<basket>);
            redeem: func(voucher: voucher);
        }
        world plugin {
            import stock;
            import greet: func(name: string) -> string;
            export transform;
            export run: func(times: u32) -> list<u8>;
        }",
}

use stock::{Basket, Colour, Product, Token};

/// The same WIT for plugins, with changes.
macro_rules! plugin {
    ($($from:literal => $to:literal),* $(,)?) => {
        test_components::component!("
        package acme:shop@1.2.0;
        interface types {
            type row-id = u64;
            record product { id: row-id, name: string, price: u64, tags: list<string> }
            enum colour { red, green, blue }
            flags options { fast, safe }
            variant shape { empty, circle(f32), named(product) }
        }
        interface stock {
            use types.{product, colour, row-id};
            resource basket {
                constructor(owner: string);
                add: func(item: product) -> u32;
                merge: static func(a: basket, b: borrow<basket>) -> basket;
            }
            resource token;
            count: func(sku: string) -> u32;
            find: func(id: row-id) -> option<product>;
            paint: func(colour: colour, twice: bool);
            check: func(token: borrow<token>) -> result<u8, string>;
        }
        interface transform {
            use types.{product, shape, options};
            use stock.{basket};
            resource cart {
                constructor(owner: string);
                pour: func(into: borrow<cart>);
                close: static func(cart: cart) -> option<f64>;
            }
            resource voucher;
            apply: func(batch: list<product>, options: options) -> result<list<product>, string>;
            draw: func(shape: shape) -> tuple<u8, char>;
            fill: func(basket: borrow<basket>);
            redeem: func(voucher: voucher);
        }
        world plugin {
            import stock;
            import greet: func(name: string) -> string;
            export transform;
            export run: func(times: u32) -> list<u8>;
        }", $($from => $to),*)
    };
}
use plugin;

struct Shop;

impl stock::Host for Shop {
    fn count(&mut self, _: String) -> u32 {
        0
    }

    fn find(&mut self, _: u64) -> Option<Product> {
        None
    }

    fn paint(&mut self, _: Colour, _: bool) {}

    fn check(&mut self, _: &mut Token) -> Result<u8, String> {
        Ok(0)
    }
}

impl stock::HostBasket for Shop {
    fn new(&mut self, _: String) -> Basket {
        unreachable!("no plugin here calls it")
    }

    fn add(&mut self, _: &mut Basket, _: Product) -> u32 {
        0
    }

    fn merge(&mut self, a: Basket, _: &mut Basket) -> Basket {
        a
    }
}

impl stock::HostToken for Shop {}

impl ShopPluginImports for Shop {
    fn greet(&mut self, name: String) -> String {
        name
    }
}

fn candidate(bytes: &[u8]) -> Candidate {
    Candidate::from_bytes("plugin", bytes).expect("it is a component")
}

/// Every reason; where there is none, the component is loaded and started.
fn verdict(bytes: &[u8]) -> Vec<String> {
    let host = Host::builder().build().expect("the engine starts");
    verdict_of(&host, bytes)
}

fn verdict_of(host: &Host, bytes: &[u8]) -> Vec<String> {
    let candidate = candidate(bytes);
    let reasons = host.plugin(&candidate).reasons::<ShopPlugin<Shop>>();
    let loaded = host.load_with::<ShopPlugin<Shop>>(&candidate, |_| Ok(Shop));
    match loaded {
        Ok(_) => assert!(reasons.is_empty(), "{reasons:?}"),
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::Unfit(_)), "{error}");
            assert!(!reasons.is_empty());
        }
    }
    reasons.iter().map(ToString::to_string).collect()
}

/// Whether the engine alone would link a component's imports.
fn links(bytes: &[u8]) -> bool {
    let mut config = Config::new();
    config.wasm_component_model(true);
    let engine = Engine::new(&config).expect("the engine starts");
    // It does not compile what is asynchronous.
    let Ok(component) = Component::new(&engine, bytes) else {
        return false;
    };
    let mut linker = Linker::<StoreData<Shop>>::new(&engine);
    ShopPlugin::<Shop>::link(&mut linker).expect("it links alone");
    linker.instantiate_pre(&component).is_ok()
}

/// Holds each plugin, which is the application's WIT with changes, to whether the
/// engine alone links its imports or breaks off, and to the reasons against it.
macro_rules! cases {
    ($([$($change:tt)*] => $engine:ident [$($reason:literal),* $(,)?];)*) => {
        for (change, bytes, engine, reasons) in [
            $((
                stringify!($($change)*),
                plugin!($($change)*),
                stringify!($engine),
                &[$($reason),*] as &[&str],
            ),)*
        ] {
            assert_eq!(super::verdict(bytes), reasons, "{change}");
            assert_eq!(super::links(bytes), engine == "links", "{change}");
        }
    };
}
use cases;
