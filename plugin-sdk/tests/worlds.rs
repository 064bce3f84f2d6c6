//! A crate as an author may write it: strict lints, two worlds, names of its
//! own. What is wrong here does not compile.
#![deny(missing_docs, unreachable_pub, unsafe_code, warnings)]

mod shop {
    plugin_sdk::generate!({
        inline: "package acme:shop@1.0.0;
            interface types { record item { name: string } }
            interface stock { use types.{item}; pieces: func(of: item) -> option<s64>; }
            interface transform { use types.{item}; apply: func(i: item) -> item; }
            world plugin { import stock; export transform; export name: func() -> string; }",
        world: "plugin",
        additional_derives: [PartialEq],
    });
}

plugin_sdk::generate!({
    inline: "package acme:report; interface lines { of: func(text: string) -> u32; }
        world plugin { export lines; }",
    world: "acme:report/plugin",
});

use shop::transform::{Guest as _, Item};

struct Plugin;

impl shop::Guest for Plugin {
    fn name() -> String {
        plugin_sdk::log::debug!(n = 1; "asked");
        "plugin".into()
    }
}

impl shop::transform::Guest for Plugin {
    fn apply(item: shop::types::Item) -> Item {
        item
    }
}

struct Report;

impl exports::acme::report::lines::Guest for Report {
    fn of(text: String) -> u32 {
        u32::try_from(text.lines().count()).expect("a short text")
    }
}

plugin_sdk::export!(Plugin with_types_in shop);
plugin_sdk::export!(Report, manifest: none);

#[test]
fn types_are_the_same_under_every_name() {
    let item = Item {
        name: "Lamp".into(),
    };
    assert!(Plugin::apply(item.clone()) == item);
}

#[test]
fn a_second_world_stands_beside_the_first() {
    use lines::Guest;
    assert_eq!(Report::of("a\nb".into()), 2);
}

#[test]
fn records_are_kept_without_a_line_for_it() {
    use shop::Guest;
    assert_eq!(Plugin::name(), "plugin");
    let [record] = &plugin_sdk::testing::logs()[..] else {
        panic!("expected one record");
    };
    assert_eq!(record.level, plugin_sdk::log::Level::Debug);
    assert_eq!(record.fields, [("n".into(), "1".into())]);
}
