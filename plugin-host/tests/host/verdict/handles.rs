//! Plugins that take or give other handles than the application does.

use super::{cases, plugin};

#[test]
fn handles_are_compared_by_resource_and_by_whether_they_are_lent() {
    cases! {
        ["check: func(token: borrow<token>)" => "check: func(token: token)"] => links [
            "in `acme:shop/stock@1.2.0`, check → param token is borrow<token> here and \
             own<token> in the plugin: build the plugin against this application's WIT",
        ];
        ["check: func(token: borrow<token>)" => "check: func(token: borrow<basket>)"] => breaks [
            "in `acme:shop/stock@1.2.0`, check → param token is borrow<token> here and \
             borrow<basket> in the plugin: build the plugin against this application's WIT",
        ];
        ["a: basket, b: borrow<basket>" => "a: borrow<basket>, b: basket"] => links [
            "in `acme:shop/stock@1.2.0`, basket.merge → param a is own<basket> here and \
             borrow<basket> in the plugin: build the plugin against this application's WIT",
            "in `acme:shop/stock@1.2.0`, basket.merge → param b is borrow<basket> here and \
             own<basket> in the plugin: build the plugin against this application's WIT",
        ];
        ["fill: func(basket: borrow<basket>)" => "fill: func(basket: basket)"] => links [
            "in `acme:shop/transform@1.2.0`, fill → param basket is borrow<basket> here and \
             own<basket> in the plugin: build the plugin against this application's WIT",
        ];
        ["fill: func(basket: borrow<basket>)" => "fill: func(basket: borrow<cart>)"] => links [
            "in `acme:shop/transform@1.2.0`, fill → param basket is borrow<basket> here and \
             borrow<cart> in the plugin: build the plugin against this application's WIT",
        ];
        ["into: borrow<cart>" => "into: cart"] => links [
            "in `acme:shop/transform@1.2.0`, cart.pour → param into is borrow<cart> here and \
             own<cart> in the plugin: build the plugin against this application's WIT",
        ];
        ["close: static func(cart: cart)" => "close: static func(cart: borrow<cart>)"] => links [
            "in `acme:shop/transform@1.2.0`, cart.close → param cart is own<cart> here and \
             borrow<cart> in the plugin: build the plugin against this application's WIT",
        ];
        ["close: static func(cart: cart)" => "close: static func(cart: voucher)"] => links [
            "in `acme:shop/transform@1.2.0`, cart.close → param cart is own<cart> here and \
             own<voucher> in the plugin: build the plugin against this application's WIT",
        ];
        ["redeem: func(voucher: voucher)" => "redeem: func(voucher: option<voucher>)"] => links [
            "in `acme:shop/transform@1.2.0`, redeem → param voucher is own<voucher> here and \
             option<own<voucher>> in the plugin: build the plugin against this application's WIT",
        ];
        ["redeem: func(voucher: voucher)" => "redeem: func(voucher: u32)"] => links [
            "in `acme:shop/transform@1.2.0`, redeem → param voucher is own<voucher> here and u32 \
             in the plugin: build the plugin against this application's WIT",
        ];
        ["use stock.{basket};" => "resource basket;"] => links [
            "in `acme:shop/transform@1.2.0`, fill → param basket is borrow<basket of the import \
             acme:shop/stock@1.2.0> here and borrow<basket of the export \
             acme:shop/transform@1.2.0> in the plugin: build the plugin against this \
             application's WIT",
        ];
        ["use stock.{basket};" => "use stock.{basket as pail};",
         "fill: func(basket: borrow<basket>)" => "fill: func(pail: borrow<pail>)"] => links [];
    }
}

#[test]
fn resources_and_their_methods_are_there() {
    cases! {
        ["resource token;" => "resource token; resource coin;"] => breaks [
            "it imports `[resource]coin` of `acme:shop/stock@1.2.0`, which this application does \
             not provide: use a plugin made for this application",
        ];
        ["resource token;" => "resource token { new: static func() -> token; }"] => breaks [
            "it imports `[static]token.new` of `acme:shop/stock@1.2.0`, which this application \
             does not provide: use a plugin made for this application",
        ];
        ["resource voucher;" => "resource voucher { value: func() -> u32; }"] => links [];
        ["close: static func(cart: cart) -> option<f64>;" => ""] => links [
            "it does not export `[static]cart.close` of `acme:shop/transform@1.2.0`, which every \
             plugin with that interface must: upgrade the plugin",
        ];
        ["constructor(owner: string);\n                pour" => "pour"] => links [
            "it does not export `[constructor]cart` of `acme:shop/transform@1.2.0`, which every \
             plugin with that interface must: upgrade the plugin",
        ];
        ["resource cart {\n                constructor(owner: string);"
            => "resource cart { constructor(owner: string, size: u8);"] => links [
            "in `acme:shop/transform@1.2.0`, constructor cart is a function of 1 parameter here \
             and a function of 2 parameters in the plugin: build the plugin against this \
             application's WIT",
        ];
        ["resource voucher;" => "", "redeem: func(voucher: voucher);" => ""] => links [
            "it does not export `[resource]voucher` of `acme:shop/transform@1.2.0`, which every \
             plugin with that interface must: upgrade the plugin",
            "it does not export `redeem` of `acme:shop/transform@1.2.0`, which every plugin with \
             that interface must: upgrade the plugin",
        ];
    }
}
