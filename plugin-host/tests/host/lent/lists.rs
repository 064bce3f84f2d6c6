//! Resources of the application's in lists, which Rust's bindings for guests do not
//! lend.

use super::{Desk, Stamp};
use plugin_host::{Candidate, ErrorKind, Host, Lent};

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

#[test]
fn resources_are_lent_in_lists() {
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
    let candidate = Candidate::from_bytes("list", bytes).expect("it is a component");
    let host = Host::builder().build().expect("the engine starts");
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
