//! Hands back values of every shape, and uses resources of the host.

plugin_sdk::generate!({ path: "../../wit/shapes", world: "shapes" });

use kinds::{Basket, Colour, Permissions, Point, Shape};

struct Shapes;

impl exports::test::shapes::echo::Guest for Shapes {
    fn a_point(value: Point) -> Point {
        value
    }

    fn a_shape(value: Shape) -> Shape {
        value
    }

    fn a_colour(value: Colour) -> Colour {
        value
    }

    fn some_permissions(value: Permissions) -> Permissions {
        value
    }

    fn nested(value: Option<Option<u32>>) -> Option<Option<u32>> {
        value
    }

    fn outcome(value: Result<u8, String>) -> Result<u8, String> {
        value
    }

    fn unit(value: Result<(), ()>) -> Result<(), ()> {
        value
    }

    fn triple(value: (u8, char, f32)) -> (u8, char, f32) {
        value
    }

    fn lists(value: Vec<Vec<u16>>) -> Vec<Vec<u16>> {
        value
    }

    fn bytes(value: Vec<u8>) -> Vec<u8> {
        value
    }

    fn new(store: u32, exports: u32, live: u32) -> u32 {
        store + exports + live
    }

    fn keyword(match_: bool) -> bool {
        match_
    }
}

impl exports::test::shapes::shopping::Guest for Shapes {
    fn fill(owner: String, items: Vec<String>) -> Vec<String> {
        let (first, second) = (Basket::new(&owner), Basket::new(&owner));
        for (i, item) in items.iter().enumerate() {
            if i % 2 == 0 { &first } else { &second }.add(item);
        }
        Basket::merge(first, second).items()
    }

    fn look(basket: &Basket) -> Vec<String> {
        basket.items()
    }

    fn take(basket: Basket) -> u32 {
        basket.items().len() as u32
    }

    fn total(items: Vec<String>) -> u32 {
        items.iter().map(|item| kinds::price(item)).sum()
    }
}

impl Guest for Shapes {
    fn greeting(name: String) -> String {
        format!("{}!", greet(&name))
    }
}

plugin_sdk::export!(Shapes);
