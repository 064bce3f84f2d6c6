//! Every shape of type goes both ways, and so do resources of the application.

use plugin_host::{Candidate, ErrorKind, Host, Lent, Plugin};
use std::fmt;

plugin_host::world! {
    path: "tests/wit/shapes",
    world: "shapes",
    fallible: ["kinds.price"],
    error: NoSuchItem,
    with: { "test:shapes/kinds.basket": Basket },
    derives: [PartialEq],
}

use kinds::{Colour, Permissions, Point, Shape};

/// What a plugin's handles to baskets stand for.
pub(crate) struct Basket {
    owner: String,
    items: Vec<String>,
}

#[derive(Default)]
struct Shop {
    /// The owners of baskets that the guest dropped.
    dropped: Vec<String>,
}

/// The application's own error.
#[derive(Debug, PartialEq)]
pub(crate) struct NoSuchItem(String);

impl fmt::Display for NoSuchItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no {}", self.0)
    }
}

impl std::error::Error for NoSuchItem {}

impl kinds::Host for Shop {
    fn price(&mut self, item: String) -> Result<u32, NoSuchItem> {
        match item.as_str() {
            "tea" => Ok(3),
            "cake" => Ok(4),
            _ => Err(NoSuchItem(item)),
        }
    }
}

impl kinds::HostBasket for Shop {
    fn new(&mut self, owner: String) -> Basket {
        let items = Vec::new();
        Basket { owner, items }
    }

    fn add(&mut self, basket: &mut Basket, item: String) {
        basket.items.push(item);
    }

    fn items(&mut self, basket: &mut Basket) -> Vec<String> {
        basket
            .items
            .iter()
            .map(|item| format!("{} {item}", basket.owner))
            .collect()
    }

    fn merge(&mut self, mut a: Basket, b: Basket) -> Basket {
        a.items.extend(b.items);
        a
    }

    fn drop(&mut self, basket: Basket) {
        self.dropped.push(basket.owner);
    }
}

impl ShapesShapesImports for Shop {
    fn greet(&mut self, name: String) -> String {
        format!("Good morning, {name}")
    }
}

fn plugin() -> Plugin<ShapesShapes<Shop>> {
    let host = Host::builder().build().expect("the engine starts");
    let bytes = std::fs::read(test_guests::SHAPES).expect("the guest was built");
    let candidate = Candidate::from_bytes("shapes", bytes).expect("it is a component");
    host.load(&candidate).expect("it fits")
}

#[test]
fn values_of_every_shape_come_back_as_they_went() {
    let mut plugin = plugin();
    let mut echo = plugin.echo();
    macro_rules! comes_back {
        ($function:ident, $value:expr) => {
            assert_eq!(echo.$function($value).expect("the call succeeds"), $value)
        };
    }
    let point = || Point {
        x: -7,
        y: 0.5,
        name: "Größe".into(),
    };
    assert_eq!(echo.a_point(&point()).expect("the call succeeds"), point());
    for shape in [
        Shape::Empty,
        Shape::Circle(point()),
        Shape::Polygon(vec![point(), point()]),
    ] {
        assert_eq!(echo.a_shape(&shape).expect("the call succeeds"), shape);
    }
    comes_back!(a_colour, Colour::BlueGreen);
    comes_back!(
        some_permissions,
        Permissions::READ | Permissions::WRITE_ONLY
    );
    for nested in [None, Some(None), Some(Some(3))] {
        comes_back!(nested, nested);
    }
    comes_back!(unit, Err(()));
    comes_back!(triple, (9, 'ß', 1.5));
    comes_back!(keyword, true);
    assert_eq!(echo.new(1, 2, 4).expect("the call succeeds"), 7);
    let outcome = echo.outcome(Err("no")).expect("the call succeeds");
    assert_eq!(outcome, Err("no".to_owned()));
    let lists = [vec![1, 2], vec![], vec![65_535]];
    assert_eq!(echo.lists(&lists).expect("the call succeeds"), lists);
    let bytes: Vec<u8> = (0..=255).collect();
    assert_eq!(echo.bytes(&bytes).expect("the call succeeds"), bytes);
}

#[test]
fn functions_at_the_level_of_the_world_go_both_ways() {
    let greeting = plugin().greeting("Ann").expect("the call succeeds");
    assert_eq!(greeting, "Good morning, Ann!");
}

#[test]
fn a_guest_makes_uses_and_drops_resources_of_the_application() {
    let items = ["tea", "cake", "jam"].map(str::to_owned);
    let filled = plugin()
        .shopping()
        .fill("Ann", &items)
        .expect("the call succeeds");
    assert_eq!(filled, ["Ann tea", "Ann jam", "Ann cake"]);
}

#[test]
fn the_application_lends_and_gives_its_own_resources() {
    let mut plugin = plugin();
    let basket = Basket {
        owner: "Ann".into(),
        items: vec!["tea".into()],
    };
    let lent = Lent::new(&mut plugin, basket).expect("an instance is there");
    let seen = plugin.shopping().look(&lent).expect("the call succeeds");
    assert_eq!(seen, ["Ann tea"]);

    let basket = lent.take(&mut plugin).expect("its instance is there");
    let items = plugin.shopping().take(basket).expect("the call succeeds");
    assert_eq!(items, 1);
    let shop = Plugin::state(&mut plugin).expect("an instance is there");
    assert_eq!(shop.dropped, ["Ann"], "the guest dropped what it was given");
}

#[test]
fn an_error_of_the_applications_own_comes_back_as_that() {
    let mut plugin = plugin();
    let items = ["tea", "cake"].map(str::to_owned);
    assert_eq!(
        plugin.shopping().total(&items).expect("both have prices"),
        7
    );

    let error = plugin
        .shopping()
        .total(&["gold".to_owned()])
        .expect_err("gold has no price");
    assert!(matches!(error.kind(), ErrorKind::HostFunction(_)));
    assert_eq!(
        error.application_error::<NoSuchItem>(),
        Some(&NoSuchItem("gold".into()))
    );
    assert_eq!(
        error.to_string(),
        "plugin `shapes`: a function of the application that the plugin called failed"
    );

    // The failed instance is replaced, and the plugin goes on.
    assert_eq!(
        plugin.shopping().total(&items).expect("both have prices"),
        7
    );
}
