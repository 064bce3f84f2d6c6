//! Several versions of one world served side by side: which one a plugin is
//! loaded as, and one call site for all.

use plugin_host::{
    AnyPlugin, Blame, Candidate, Error, ErrorKind, Host, Limits, PluginId, Versions,
};

pub(crate) mod v1 {
    plugin_host::world! {
        inline: "
            package acme:shop@0.1.0;
            interface stock { count: func() -> u32; }
            interface discount { apply: func(cents: u32) -> u32; }
            world plugin { import stock; export discount; }",
    }
}

pub(crate) mod v2 {
    plugin_host::world! {
        derives: [PartialEq],
        inline: "
            package acme:shop@0.2.0;
            interface stock { count: func(sku: u32) -> u32; }
            interface discount {
                record price { cents: u32, currency: u8 }
                apply: func(price: price) -> price;
            }
            world plugin { import stock; export discount; }",
    }
}

use v2::discount::{Calls, Price};

pub(crate) struct Shop;

impl v1::stock::Host for Shop {
    fn count(&mut self) -> u32 {
        v2::stock::Host::count(self, 0)
    }
}

impl v2::stock::Host for Shop {
    fn count(&mut self, sku: u32) -> u32 {
        sku + 100
    }
}

/// A currency that plugins of 0.1 do not know.
const FOREIGN: u8 = 200;

#[derive(Debug, thiserror::Error)]
#[error("it knows one currency")]
struct OneCurrency;

/// The adapter: what 0.1 does not know stays as it is.
impl Calls for v1::ShopPlugin<Shop> {
    fn apply(&mut self, price: Price) -> Result<Price, Error> {
        if price.currency == FOREIGN {
            return Err(Error::adapter(self, OneCurrency));
        }
        let cents = self.discount().apply(price.cents)?;
        Ok(Price { cents, ..price })
    }
}

pub(crate) fn versions() -> Versions<dyn Calls> {
    Versions::<dyn Calls>::newest_with::<v2::ShopPlugin<Shop>>(|plugin| plugin, |_| Ok(Shop))
        .older_with::<v1::ShopPlugin<Shop>>(|plugin| plugin, |_| Ok(Shop))
}

/// Takes the stock off the price, which it asks for as 0.1 does.
pub(crate) fn old_plugin(version: &str) -> Vec<u8> {
    let text = r#"(component
        (import "acme:shop/stock@VERSION" (instance $stock
            (export "count" (func (result u32)))))
        (alias export $stock "count" (func $count))
        (core func $count (canon lower (func $count)))
        (core module $m
            (import "" "count" (func $count (result i32)))
            (func (export "f") (param i32) (result i32)
                (if (i32.eqz (local.get 0)) (then unreachable))
                (i32.sub (local.get 0) (call $count))))
        (core instance $i (instantiate $m
            (with "" (instance (export "count" (func $count))))))
        (func $f (param "cents" u32) (result u32) (canon lift (core func $i "f")))
        (instance $discount (export "apply" (func $f)))
        (export "acme:shop/discount@VERSION" (instance $discount)))"#;
    wat::parse_str(text.replace("VERSION", version)).expect("the text is a component")
}

/// Makes any price one of 7 in the currency 9.
pub(crate) fn new_plugin(version: &str) -> Vec<u8> {
    let text = r#"(component
        (core module $m
            (memory (export "memory") 1)
            (data (i32.const 8) "\07\00\00\00\09\00\00\00")
            (func (export "f") (param i32 i32) (result i32) i32.const 8))
        (core instance $i (instantiate $m))
        (alias core export $i "memory" (core memory $memory))
        (type $record (record (field "cents" u32) (field "currency" u8)))
        (component $discount
            (import "record" (type $imported (eq $record)))
            (import "apply" (func $apply (param "price" $imported) (result $imported)))
            (export $price "price" (type $imported))
            (export "apply" (func $apply) (func (param "price" $price) (result $price))))
        (func $f (param "price" $record) (result $record)
            (canon lift (core func $i "f") (memory $memory)))
        (instance $discount (instantiate $discount
            (with "record" (type $record)) (with "apply" (func $f))))
        (export "acme:shop/discount@VERSION" (instance $discount)))"#;
    wat::parse_str(text.replace("VERSION", version)).expect("the text is a component")
}

fn load(bytes: Vec<u8>) -> Result<AnyPlugin<dyn Calls>, Error> {
    let host = Host::builder()
        .limits(Limits::default().fuel(1_000_000))
        .build()?;
    let candidate = Candidate::from_bytes("discount", bytes)?;
    versions().load(host.plugin(&candidate))
}

const PRICE: Price = Price {
    cents: 150,
    currency: 3,
};

#[test]
fn a_plugin_is_loaded_as_the_version_that_it_fits() -> Result<(), Error> {
    let price = |cents, currency| Price { cents, currency };
    for (bytes, world, answer) in [
        (old_plugin("0.1.0"), "acme:shop/plugin@0.1.0", price(50, 3)),
        (old_plugin("0.1.7"), "acme:shop/plugin@0.1.0", price(50, 3)),
        (new_plugin("0.2.0"), "acme:shop/plugin@0.2.0", price(7, 9)),
        (new_plugin("0.2.4"), "acme:shop/plugin@0.2.0", price(7, 9)),
    ] {
        let mut plugin = load(bytes)?;
        assert_eq!(plugin.world(), world);
        assert_eq!(plugin.calls().apply(PRICE)?, answer);
    }
    Ok(())
}

#[test]
fn a_plugin_that_fits_none_is_told_of_the_version_that_it_was_built_for() {
    for (bytes, expected) in [
        (
            new_plugin("0.3.0"),
            "it needs `acme:shop/discount@0.3.0`, and this application has 0.2.0: upgrade the \
             application",
        ),
        (
            new_plugin("0.1.0"),
            "in `acme:shop/discount@0.1.0`, apply → param cents is u32 here and record price in \
             the plugin: build the plugin against this application's WIT",
        ),
        (
            wat::parse_str("(component)").expect("the text is a component"),
            "it does not export `acme:shop/discount@0.2.0`, which every plugin of this \
             application must: use a plugin made for this application",
        ),
    ] {
        let error = load(bytes).expect_err("it fits none");
        let ErrorKind::Unfit(reasons) = error.kind() else {
            panic!("{error}");
        };
        assert_eq!(reasons[0].to_string(), expected);
    }
}

#[test]
fn a_plugin_behind_an_adapter_tells_of_itself_like_any_other() -> Result<(), Error> {
    let mut plugin = load(old_plugin("0.1.0"))?;
    plugin.calls().apply(PRICE)?;
    let usage = plugin.last_usage();
    assert_eq!((usage.calls, usage.host_calls), (1, 1));
    assert!(usage.fuel.is_some_and(|fuel| fuel > 0));
    assert_eq!(plugin.id().as_str(), "discount");
    assert_eq!(plugin.version(), None);
    assert!(plugin.granted().is_empty());
    assert!(plugin.output().log.is_empty());

    let nothing = Price { cents: 0, ..PRICE };
    let error = plugin.calls().apply(nothing).expect_err("it traps");
    assert!(matches!(error.kind(), ErrorKind::Trap { .. }), "{error}");

    let together = plugin.under_one_budget(|discount| {
        discount.apply(PRICE)?;
        discount.apply(PRICE)
    })??;
    assert_eq!(together.cents, 50);
    let usage = plugin.total_usage();
    assert_eq!((usage.calls, usage.host_calls), (3, 3), "{usage:?}");

    plugin.canceller().cancel();
    plugin.calls().apply(PRICE)?;
    Ok(())
}

#[test]
fn versions_are_shared_and_shown() {
    let versions = versions();
    assert_eq!(
        format!("{:?}", versions.clone()),
        r#"["acme:shop/plugin@0.2.0", "acme:shop/plugin@0.1.0"]"#
    );
}

#[test]
fn a_host_of_locked_plugins_says_so_before_what_fits() -> Result<(), Error> {
    let host = Host::builder().locked().build()?;
    for version in ["0.1.0", "0.3.0"] {
        let candidate = Candidate::from_bytes("discount", old_plugin(version))?;
        let error = versions().load(host.plugin(&candidate));
        let error = error.expect_err("nothing is locked");
        assert!(matches!(error.kind(), ErrorKind::NotLocked), "{error}");
    }
    Ok(())
}

#[test]
fn an_adapter_tells_what_an_old_plugin_cannot_do() -> Result<(), Error> {
    let mut plugin = load(old_plugin("0.1.0"))?;
    let foreign = Price {
        currency: FOREIGN,
        ..PRICE
    };
    let error = plugin
        .calls()
        .apply(foreign)
        .expect_err("0.1 knows one currency");
    assert_eq!(
        error.to_string(),
        "plugin `discount`: made for `acme:shop/plugin@0.1.0`, it cannot do what is asked, as \
         the application's adapter says: use a plugin made for a newer version"
    );
    assert_eq!(error.blame(), Blame::Mismatch);
    assert_eq!(error.plugin_id().map(PluginId::as_str), Some("discount"));
    assert!(error.application_error::<OneCurrency>().is_some());
    assert_eq!(plugin.total_usage().calls, 0, "it was not called");
    plugin.calls().apply(PRICE)?;

    let id = plugin.id().clone();
    let error = Error::application(&id, OneCurrency);
    assert_eq!(
        format!("{error:?}"),
        "plugin `discount`: the application failed in what it does with the plugin itself: \
         it knows one currency"
    );
    assert_eq!(error.blame(), Blame::Application);
    Ok(())
}
