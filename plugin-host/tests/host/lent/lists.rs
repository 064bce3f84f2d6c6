//! Resources of the application's in lists, which Rust's bindings for guests do not
//! take; and lent by code that does not know to what kind of plugin.

use super::{Desk, Stamp};
use plugin_host::{
    AnyPlugin, Candidate, Error, ErrorKind, Host, Lent, NativePlugin, Plugin, Versions,
};

plugin_host::world! {
    inline: "
        package test:listed;
        interface shop { resource basket; }
        world guest {
            use shop.{basket};
            export total: func(baskets: list<borrow<basket>>) -> u32;
        }",
    with: { "test:listed/shop.basket": crate::lent::Stamp },
}

impl shop::Host for Desk {}

impl shop::HostBasket for Desk {}

fn candidate() -> Candidate {
    let text = r#"(component
        (import "test:listed/shop" (instance $shop (export "basket" (type $basket (sub resource)))))
        (alias export $shop "basket" (type $basket))
        (core func $drop (canon resource.drop $basket))
        (core module $m
            (import "" "drop" (func $drop (param i32)))
            (memory (export "memory") 1)
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 8))
            (func (export "total") (param i32 i32) (result i32) (local i32)
                (block (loop
                    (br_if 1 (i32.eq (local.get 2) (local.get 1)))
                    (call $drop (i32.load (i32.add (local.get 0)
                        (i32.mul (local.get 2) (i32.const 4)))))
                    (local.set 2 (i32.add (local.get 2) (i32.const 1)))
                    (br 0)))
                (local.get 2)))
        (core instance $i (instantiate $m (with "" (instance (export "drop" (func $drop))))))
        (func (export "total") (param "baskets" (list (borrow $basket))) (result u32)
            (canon lift (core func $i "total")
                (memory $i "memory") (realloc (func $i "realloc")))))"#;
    let bytes = wat::parse_str(text).expect("the text is a component");
    Candidate::from_bytes("list", bytes).expect("it is a component")
}

fn host() -> Host {
    Host::builder().build().expect("the engine starts")
}

#[test]
fn resources_are_lent_in_lists() {
    let (host, candidate) = (host(), candidate());
    let load = || host.load::<ListedGuest<Desk>>(&candidate);
    let (mut plugin, mut other) = (load().expect("it fits"), load().expect("it fits"));
    let lent = [1, 2].map(|stamp| Lent::new(&mut plugin, Stamp(stamp)));
    let [a, b] = lent.map(|lent| lent.expect("there is an instance"));
    let theirs = Lent::new(&mut other, Stamp(3)).expect("there is an instance");
    assert_eq!(plugin.total(&[&a, &b]).expect("it succeeds"), 2);
    assert_eq!(plugin.total(&[]).expect("it succeeds"), 0);
    let error = plugin
        .total(&[&a, &theirs])
        .expect_err("one is another plugin's");
    assert!(
        matches!(error.kind(), ErrorKind::StaleHandle { .. }),
        "{error}"
    );
    assert_eq!(a.get(&mut plugin).expect("it is there").0, 1);
}

/// What the application calls today: an adapter lends what is handed to it.
trait Today {
    fn count(&mut self, stamps: Vec<Stamp>) -> Result<u32, Error>;
}

impl Today for ListedGuest<Desk> {
    fn count(&mut self, stamps: Vec<Stamp>) -> Result<u32, Error> {
        let lent = stamps.into_iter().map(|stamp| Lent::new(self, stamp));
        let lent: Vec<Lent<Stamp>> = lent.collect::<Result<_, _>>()?;
        self.total(&lent.iter().collect::<Vec<_>>())
    }
}

#[test]
fn an_adapter_lends_resources() {
    let versions = Versions::<dyn Today>::newest::<ListedGuest<Desk>>(|plugin| plugin);
    let plugin = versions.load(host().plugin(&candidate()));
    let mut plugin: AnyPlugin<dyn Today> = plugin.expect("it fits");
    let count = plugin.calls().count(vec![Stamp(1), Stamp(2)]);
    assert_eq!(count.expect("it succeeds"), 2);
    let count = plugin.under_one_budget(|calls| calls.count(vec![Stamp(3)]));
    let count = count.expect("it starts").expect("it succeeds");
    assert_eq!(count, 1);
}

/// A plugin that is a plain value, and adds up what is on the stamps.
struct Adds;

impl ListedGuestCalls for Adds {
    fn total(&mut self, stamps: &[&Lent<Stamp>]) -> Result<u32, Error> {
        let values = stamps
            .iter()
            .filter_map(|stamp| stamp.value(|stamp| stamp.0));
        Ok(values.sum())
    }
}

#[test]
fn a_plain_value_reads_what_it_is_lent_and_loaded_plugins_refuse_it() {
    let native = NativePlugin::new("adds".parse().expect("an id"), Adds);
    let mut native: AnyPlugin<dyn ListedGuestCalls> = native.called(|adds| adds);
    let lent = [Lent::native(Stamp(3)), Lent::native(Stamp(4))];
    let total = native.calls().total(&[&lent[0], &lent[1]]);
    assert_eq!(total.expect("it succeeds"), 7);

    let loaded = host().load::<ListedGuest<Desk>>(&candidate());
    let mut plugin: Plugin<ListedGuest<Desk>> = loaded.expect("it fits");
    let refused = [
        plugin.total(&[&lent[0]]).map(drop),
        lent[0].get(&mut plugin).map(drop),
    ];
    for error in refused.map(|outcome| outcome.expect_err("it is lent to no instance")) {
        assert!(
            matches!(error.kind(), ErrorKind::StaleHandle { .. }),
            "{error}"
        );
    }
    let there = Lent::new(&mut plugin, Stamp(5)).expect("there is an instance");
    assert_eq!(there.value(|stamp| stamp.0), None);
}
