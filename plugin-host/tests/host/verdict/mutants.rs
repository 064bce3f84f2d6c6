//! Whatever a plugin is made to be: where the verdict has nothing against it, it
//! is linked and started.

use super::verdict_of;
use plugin_host::Host;

/// The application's WIT with each of these changes, and with each two.
const MUTANTS: &[(&str, &[u8])] = test_components::mutants!("
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
    "@1.2.0" => "@1.5.0",
    "@1.2.0" => "@1.1.7",
    "@1.2.0" => "@2.0.0",
    "type row-id = u64" => "type row-id = u32",
    "id: row-id, name" => "id: u64, name",
    "price: u64, " => "",
    "name: string, price: u64" => "price: u64, name: string",
    "tags: list<string>" => "tags: list<string>, weight: f32",
    "red, green" => "green, red",
    "fast, safe" => "fast, safe, loud",
    "circle(f32)" => "circle",
    "named(product)" => "named(product), framed(product)",
    "owner: string);\n                add" => "name: string);\n                add",
    "sku: string" => "name: string",
    "sku: string" => "sku: list<char>",
    "count: func(" => "forecast: func() -> u8; count: func(",
    "count: func(" => "unused-forecast: func() -> u8; count: func(",
    "token: borrow<token>" => "token: token",
    "a: basket, b: borrow<basket>" => "a: basket, b: basket",
    "option<product>" => "result<product>",
    "resource token;" => "resource token; resource coin;",
    "use stock.{basket};" => "use stock.{basket, token};",
    "cart: cart" => "cart: voucher",
    "tuple<u8, char>" => "tuple<char, u8>",
    "draw: func(shape: shape) -> tuple<u8, char>;" => "",
    "fill: func(" => "empty: func(); fill: func(",
    "import greet: func(name: string) -> string;" => "",
    "import stock;" => "import stock; import burn: func();",
    "import stock;" => "import stock; import types;",
    "export run: func(times: u32) -> list<u8>;" => "",
    "times: u32" => "repeat: u32",
    "list<u8>" => "list<u16>",
    "export run" => "export more: func(s: string); export run",
);

#[test]
fn what_is_compatible_is_linked_and_started() {
    let host = Host::builder().build().expect("the engine starts");
    let (mut fit, mut unfit) = (0, 0);
    for (_, bytes) in MUTANTS {
        // Loads it, and fails where that and the verdict do not agree.
        if verdict_of(&host, bytes).is_empty() {
            fit += 1;
        } else {
            unfit += 1;
        }
    }
    assert_eq!((fit, unfit), (78, 475), "there are enough of both");
}
