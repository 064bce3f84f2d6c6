//! Plugins whose types are others than the application's.

use super::{cases, plugin};

#[test]
fn aliases_and_names_of_types_do_not_count() {
    cases! {
        ["type row-id = u64;" => "type row-id = u64; type key = row-id;",
         "id: row-id, name" => "id: key, name"] => links [];
        ["id: row-id, name" => "id: u64, name"] => links [];
        ["type row-id = u64" => "type row-id = u32"] => breaks [
            "in `acme:shop/stock@1.2.0`, basket.add → param item → product.id is u64 here and \
             u32 in the plugin: build the plugin against this application's WIT",
        ];
        ["use types.{product, colour, row-id}" => "use types.{product as item, colour, row-id}",
         "add: func(item: product)" => "add: func(item: item)",
         "option<product>" => "option<item>"] => links [];
        ["enum colour { red, green, blue }"
            => "enum colour { red, green, blue } record unused { x: u8 }"] => links [];
    }
}

#[test]
fn every_reason_is_given_at_once_and_what_many_share_once() {
    cases! {
        ["price: u64" => "price: u32",
         "red, green" => "green, red",
         "times: u32" => "times: u8",
         "fast, safe" => "fast"] => breaks [
            "in `acme:shop/stock@1.2.0`, basket.add → param item → product.price is u64 here and \
             u32 in the plugin: build the plugin against this application's WIT",
            "in `acme:shop/stock@1.2.0`, paint → param colour is in the order red, green, blue \
             here and in the order green, red, blue in the plugin: build the plugin against this \
             application's WIT",
            "in `acme:shop/transform@1.2.0`, apply → param options → options.safe is a flag here \
             and missing in the plugin: build the plugin against this application's WIT",
            "in `run`, run → param times is u32 here and u8 in the plugin: build the plugin \
             against this application's WIT",
        ];
        ["count: func(sku: string)" => "count: func(sku: u8)",
         "find: func(id: row-id)" => "find: func(id: u8)"] => breaks [
            "in `acme:shop/stock@1.2.0`, count → param sku is string here and u8 in the plugin: \
             build the plugin against this application's WIT",
            "in `acme:shop/stock@1.2.0`, find → param id is u64 here and u8 in the plugin: build \
             the plugin against this application's WIT",
        ];
    }
}

#[test]
fn parameters_and_results_are_compared_and_names_of_parameters_are_not() {
    cases! {
        [] => links [];
        ["count: func(sku: string)" => "count: func(name: string)"] => links [];
        ["apply: func(batch: list<product>" => "apply: func(products: list<product>"] => links [];
        ["count: func(sku: string) -> u32" => "count: func(sku: string) -> u64"] => breaks [
            "in `acme:shop/stock@1.2.0`, count → result is u32 here and u64 in the plugin: build \
             the plugin against this application's WIT",
        ];
        ["count: func(sku: string)" => "count: func(sku: list<u8>)"] => breaks [
            "in `acme:shop/stock@1.2.0`, count → param sku is string here and list<u8> in the \
             plugin: build the plugin against this application's WIT",
        ];
        ["count: func(sku: string)" => "count: func(sku: string, place: u8)"] => breaks [
            "in `acme:shop/stock@1.2.0`, count is a function of 1 parameter here and a function \
             of 2 parameters in the plugin: build the plugin against this application's WIT",
        ];
        ["count: func(sku: string)" => "count: func()"] => breaks [
            "in `acme:shop/stock@1.2.0`, count is a function of 1 parameter here and a function \
             of 0 parameters in the plugin: build the plugin against this application's WIT",
        ];
        ["count: func(sku: string) -> u32" => "count: func(sku: string)"] => breaks [
            "in `acme:shop/stock@1.2.0`, count → result is u32 here and nothing in the plugin: \
             build the plugin against this application's WIT",
        ];
        ["twice: bool);" => "twice: bool) -> bool;"] => breaks [
            "in `acme:shop/stock@1.2.0`, paint → result is nothing here and bool in the plugin: \
             build the plugin against this application's WIT",
        ];
        ["greet: func(name: string) -> string" => "greet: func(name: string)"] => breaks [
            "in `greet`, greet → result is string here and nothing in the plugin: build the \
             plugin against this application's WIT",
        ];
        ["greet: func(name: string)" => "greet: func(name: u32)"] => breaks [
            "in `greet`, greet → param name is string here and u32 in the plugin: build the \
             plugin against this application's WIT",
        ];
        ["run: func(times: u32)" => "run: func(times: s32)"] => links [
            "in `run`, run → param times is u32 here and s32 in the plugin: build the plugin \
             against this application's WIT",
        ];
        ["-> list<u8>" => "-> list<s8>"] => links [
            "in `run`, run → result → element is u8 here and s8 in the plugin: build the plugin \
             against this application's WIT",
        ];
        ["-> list<u8>" => "-> string"] => links [
            "in `run`, run → result is list<u8> here and string in the plugin: build the plugin \
             against this application's WIT",
        ];
        ["-> tuple<u8, char>" => "-> tuple<u8, string>"] => links [
            "in `acme:shop/transform@1.2.0`, draw → result → 1 is char here and string in the \
             plugin: build the plugin against this application's WIT",
        ];
        ["-> tuple<u8, char>" => "-> tuple<u8, char, u8>"] => links [
            "in `acme:shop/transform@1.2.0`, draw → result is tuple<u8, char> here and tuple<u8, \
             char, u8> in the plugin: build the plugin against this application's WIT",
        ];
        ["result<u8, string>" => "result<u8>"] => breaks [
            "in `acme:shop/stock@1.2.0`, check → result → err is string here and nothing in the \
             plugin: build the plugin against this application's WIT",
        ];
        ["result<u8, string>" => "result<_, string>"] => breaks [
            "in `acme:shop/stock@1.2.0`, check → result → ok is u8 here and nothing in the \
             plugin: build the plugin against this application's WIT",
        ];
        ["result<u8, string>" => "result<u8, u8>"] => breaks [
            "in `acme:shop/stock@1.2.0`, check → result → err is string here and u8 in the \
             plugin: build the plugin against this application's WIT",
        ];
        ["result<u8, string>" => "option<u8>"] => breaks [
            "in `acme:shop/stock@1.2.0`, check → result is result<u8, string> here and \
             option<u8> in the plugin: build the plugin against this application's WIT",
        ];
        ["option<f64>" => "option<f32>"] => links [
            "in `acme:shop/transform@1.2.0`, cart.close → result → some is f64 here and f32 in \
             the plugin: build the plugin against this application's WIT",
        ];
        ["option<product>" => "option<option<product>>"] => breaks [
            "in `acme:shop/stock@1.2.0`, find → result → some is record product here and \
             option<record product> in the plugin: build the plugin against this application's \
             WIT",
        ];
        ["option<product>" => "list<product>"] => breaks [
            "in `acme:shop/stock@1.2.0`, find → result is option<record product> here and \
             list<record product> in the plugin: build the plugin against this application's WIT",
        ];
        ["result<list<product>, string>" => "result<list<product>, list<string>>"] => links [
            "in `acme:shop/transform@1.2.0`, apply → result → err is string here and \
             list<string> in the plugin: build the plugin against this application's WIT",
        ];
        ["paint: func(colour: colour, twice: bool);"
            => "paint: func(twice: bool, colour: colour);"] => breaks [
            "in `acme:shop/stock@1.2.0`, paint → param colour is enum colour here and bool in \
             the plugin: build the plugin against this application's WIT",
            "in `acme:shop/stock@1.2.0`, paint → param twice is bool here and enum colour in the \
             plugin: build the plugin against this application's WIT",
        ];
    }
}

#[test]
fn records_are_compared_down_to_the_field() {
    cases! {
        ["price: u64" => "price: u32"] => breaks [
            "in `acme:shop/stock@1.2.0`, basket.add → param item → product.price is u64 here and \
             u32 in the plugin: build the plugin against this application's WIT",
        ];
        ["price: u64, " => ""] => breaks [
            "in `acme:shop/stock@1.2.0`, basket.add → param item → product.price is a field here \
             and missing in the plugin: build the plugin against this application's WIT",
        ];
        ["price: u64" => "price: u64, discount: u8"] => breaks [
            "in `acme:shop/stock@1.2.0`, basket.add → param item → product.discount is missing \
             here and a field in the plugin: build the plugin against this application's WIT",
        ];
        ["price: u64" => "cost: u64"] => breaks [
            "in `acme:shop/stock@1.2.0`, basket.add → param item → product.price is a field here \
             and called cost in the plugin: build the plugin against this application's WIT",
        ];
        ["price: u64" => "cost: u32"] => breaks [
            "in `acme:shop/stock@1.2.0`, basket.add → param item → product.price is a field here \
             and called cost in the plugin: build the plugin against this application's WIT",
        ];
        ["name: string, price: u64" => "price: u64, name: string"] => breaks [
            "in `acme:shop/stock@1.2.0`, basket.add → param item is in the order id, name, \
             price, tags here and in the order id, price, name, tags in the plugin: build the \
             plugin against this application's WIT",
        ];
        ["name: string, price: u64" => "cost: u64, brand: string"] => breaks [
            "in `acme:shop/stock@1.2.0`, basket.add → param item → product.name is a field here \
             and called cost in the plugin: build the plugin against this application's WIT",
            "in `acme:shop/stock@1.2.0`, basket.add → param item → product.price is a field here \
             and called brand in the plugin: build the plugin against this application's WIT",
        ];
        ["tags: list<string>" => "tags: list<u32>"] => breaks [
            "in `acme:shop/stock@1.2.0`, basket.add → param item → product.tags → element is \
             string here and u32 in the plugin: build the plugin against this application's WIT",
        ];
        ["tags: list<string>" => "tags: option<string>"] => breaks [
            "in `acme:shop/stock@1.2.0`, basket.add → param item → product.tags is list<string> \
             here and option<string> in the plugin: build the plugin against this application's \
             WIT",
        ];
        ["record product { id: row-id, name: string, price: u64, tags: list<string> }"
            => "type product = tuple<row-id, string>;"] => breaks [
            "in `acme:shop/stock@1.2.0`, basket.add → param item is record product here and \
             tuple<u64, string> in the plugin: build the plugin against this application's WIT",
        ];
        ["price: u64, tags: list<string>" => "tags: list<string>, price: u64, name2: u8"] => breaks [
            "in `acme:shop/stock@1.2.0`, basket.add → param item → product.name2 is missing here \
             and a field in the plugin: build the plugin against this application's WIT",
        ];
    }
}

#[test]
fn variants_enums_and_flags_are_compared_by_case() {
    cases! {
        ["red, green, blue" => "red, green"] => breaks [
            "in `acme:shop/stock@1.2.0`, paint → param colour → colour.blue is a case here and \
             missing in the plugin: build the plugin against this application's WIT",
        ];
        ["red, green, blue" => "red, green, blue, grey"] => breaks [
            "in `acme:shop/stock@1.2.0`, paint → param colour → colour.grey is missing here and \
             a case in the plugin: build the plugin against this application's WIT",
        ];
        ["red, green, blue" => "red, blue, green"] => breaks [
            "in `acme:shop/stock@1.2.0`, paint → param colour is in the order red, green, blue \
             here and in the order red, blue, green in the plugin: build the plugin against this \
             application's WIT",
        ];
        ["red, green, blue" => "red, lime, blue"] => breaks [
            "in `acme:shop/stock@1.2.0`, paint → param colour → colour.green is a case here and \
             called lime in the plugin: build the plugin against this application's WIT",
        ];
        ["enum colour" => "flags colour"] => breaks [
            "in `acme:shop/stock@1.2.0`, paint → param colour is enum colour here and flags \
             colour in the plugin: build the plugin against this application's WIT",
        ];
        ["fast, safe" => "fast, safe, loud"] => links [
            "in `acme:shop/transform@1.2.0`, apply → param options → options.loud is missing \
             here and a flag in the plugin: build the plugin against this application's WIT",
        ];
        ["fast, safe" => "fast"] => links [
            "in `acme:shop/transform@1.2.0`, apply → param options → options.safe is a flag here \
             and missing in the plugin: build the plugin against this application's WIT",
        ];
        ["fast, safe" => "safe, fast"] => links [
            "in `acme:shop/transform@1.2.0`, apply → param options is in the order fast, safe \
             here and in the order safe, fast in the plugin: build the plugin against this \
             application's WIT",
        ];
        ["empty, circle(f32)" => "circle(f32), empty"] => links [
            "in `acme:shop/transform@1.2.0`, draw → param shape is in the order empty, circle, \
             named here and in the order circle, empty, named in the plugin: build the plugin \
             against this application's WIT",
        ];
        ["circle(f32)" => "circle(f64)"] => links [
            "in `acme:shop/transform@1.2.0`, draw → param shape → shape.circle is f32 here and \
             f64 in the plugin: build the plugin against this application's WIT",
        ];
        ["circle(f32)" => "circle"] => links [
            "in `acme:shop/transform@1.2.0`, draw → param shape → shape.circle is f32 here and \
             nothing in the plugin: build the plugin against this application's WIT",
        ];
        ["empty, circle" => "empty(u8), circle"] => links [
            "in `acme:shop/transform@1.2.0`, draw → param shape → shape.empty is nothing here \
             and u8 in the plugin: build the plugin against this application's WIT",
        ];
        ["circle(f32), " => ""] => links [
            "in `acme:shop/transform@1.2.0`, draw → param shape → shape.circle is a case here \
             and missing in the plugin: build the plugin against this application's WIT",
        ];
        ["circle(f32)" => "circle(f32), square(f32)"] => links [
            "in `acme:shop/transform@1.2.0`, draw → param shape → shape.square is missing here \
             and a case in the plugin: build the plugin against this application's WIT",
        ];
        ["circle(f32)" => "round(f32)"] => links [
            "in `acme:shop/transform@1.2.0`, draw → param shape → shape.circle is a case here \
             and called round in the plugin: build the plugin against this application's WIT",
        ];
        ["variant shape { empty, circle(f32), named(product) }"
            => "enum shape { empty, circle, named }"] => links [
            "in `acme:shop/transform@1.2.0`, draw → param shape is variant shape here and enum \
             shape in the plugin: build the plugin against this application's WIT",
        ];
    }
}
