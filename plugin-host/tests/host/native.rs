//! Application code that is written against a world's traits: the same for a plugin
//! and for a plain value, with functions of the world, resources and what is optional.

use plugin_host::{
    AnyPlugin, Candidate, Error, ErrorKind, Host, Limits, NativePlugin, PluginId, Plugins, Pool,
    Usage, Versions,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

plugin_host::world! {
    optional: ["ranking"],
    inline: "
        package test:traits;
        interface carts {
            resource cart {
                constructor(owner: string);
                add: func(price: u32);
                total: func() -> u32;
                merge: static func(a: cart, b: cart) -> cart;
            }
            find: func(owner: string) -> option<cart>;
            totals: func(carts: list<borrow<cart>>) -> list<u32>;
        }
        interface ranking { rank: func(price: u32) -> u32; }
        interface other { add: func(price: u32) -> u32; }
        world plugin {
            export carts;
            export other;
            export add: func(x: u32, y: u32) -> u32;
        }",
}

use carts::{Cart, CartCalls};

fn id(id: &str) -> PluginId {
    id.parse().expect("an id")
}

/// What an application does, whoever answers.
fn use_all(plugin: &mut dyn TraitsPluginCalls) -> Result<(u32, u32, Vec<u32>, Option<u32>), Error> {
    let sum = plugin.add(1, 2)?;
    let other = plugin.other().add(10)?;
    let carts = plugin.carts();
    let (ann, bob) = (carts.cart().new("Ann")?, carts.cart().new("Bob")?);
    carts.cart().add(&ann, 5)?;
    carts.cart().add(&bob, 7)?;
    let mut totals = carts.totals(&[&ann, &bob])?;
    let both = carts.cart().merge(ann, bob)?;
    totals.push(carts.cart().total(&both)?);
    assert!(carts.find("nobody")?.is_none());
    let rank = plugin.ranking().map(|ranking| ranking.rank(3));
    Ok((sum, other, totals, rank.transpose()?))
}

/// Stands for a plugin, and counts the carts that there are.
#[derive(Default)]
struct Fake {
    carts: Arc<AtomicU32>,
    ranks: bool,
}

/// What is behind a cart.
struct FakeCart {
    total: AtomicU32,
    alive: Arc<AtomicU32>,
}

impl Drop for FakeCart {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

fn total(cart: &Cart) -> &AtomicU32 {
    &cart
        .value::<FakeCart>()
        .expect("it is one of this plugin's")
        .total
}

impl TraitsPluginCalls for Fake {
    fn add(&mut self, x: u32, y: u32) -> Result<u32, Error> {
        Ok(x + y)
    }

    fn carts(&mut self) -> &mut dyn carts::Calls {
        self
    }

    fn other(&mut self) -> &mut dyn other::Calls {
        self
    }

    fn ranking(&mut self) -> Option<&mut dyn ranking::Calls> {
        self.ranks.then_some(self as &mut dyn ranking::Calls)
    }
}

impl carts::Calls for Fake {
    fn find(&mut self, _: &str) -> Result<Option<Cart>, Error> {
        Ok(None)
    }

    fn totals(&mut self, carts: &[&Cart]) -> Result<Vec<u32>, Error> {
        let totals = carts.iter().map(|cart| total(cart).load(Ordering::Relaxed));
        Ok(totals.collect())
    }

    fn cart(&mut self) -> &mut dyn CartCalls {
        self
    }
}

impl CartCalls for Fake {
    fn new(&mut self, _: &str) -> Result<Cart, Error> {
        self.carts.fetch_add(1, Ordering::Relaxed);
        Ok(Cart::native(FakeCart {
            total: AtomicU32::new(0),
            alive: Arc::clone(&self.carts),
        }))
    }

    fn add(&mut self, cart: &Cart, price: u32) -> Result<(), Error> {
        total(cart).fetch_add(price, Ordering::Relaxed);
        Ok(())
    }

    fn total(&mut self, cart: &Cart) -> Result<u32, Error> {
        Ok(total(cart).load(Ordering::Relaxed))
    }

    fn merge(&mut self, a: Cart, b: Cart) -> Result<Cart, Error> {
        total(&a).fetch_add(total(&b).load(Ordering::Relaxed), Ordering::Relaxed);
        Ok(a)
    }
}

impl other::Calls for Fake {
    fn add(&mut self, price: u32) -> Result<u32, Error> {
        Ok(price + 100)
    }
}

impl ranking::Calls for Fake {
    fn rank(&mut self, price: u32) -> Result<u32, Error> {
        Ok(price * 3)
    }
}

/// A real one, which does as the fake does. A cart is where its total is in memory.
fn component(ranks: bool) -> Vec<u8> {
    let ranking = r#"
        (func $rank (param "price" u32) (result u32) (canon lift (core func $i "rank")))
        (instance $ranking (export "rank" (func $rank)))
        (export "test:traits/ranking" (instance $ranking))"#;
    let text = r#"(component
        (type $rep (resource (rep i32)))
        (core func $drop (canon resource.drop $rep))
        (core func $make (canon resource.new $rep))
        (core func $of (canon resource.rep $rep))
        (core module $m
            (import "" "make" (func $make (param i32) (result i32)))
            (import "" "of" (func $of (param i32) (result i32)))
            (import "" "drop" (func $drop (param i32)))
            (memory (export "memory") 1)
            (global $next (mut i32) (i32.const 1024))
            (func $alloc (param i32) (result i32)
                global.get $next
                (global.set $next (i32.add (global.get $next) (local.get 0))))
            (func (export "realloc") (param i32 i32 i32 i32) (result i32)
                (call $alloc (i32.and (i32.add (local.get 3) (i32.const 7)) (i32.const -8))))
            (func (export "add") (param i32 i32) (result i32)
                (i32.add (local.get 0) (local.get 1)))
            (func (export "other") (param i32) (result i32)
                (i32.add (local.get 0) (i32.const 100)))
            (func (export "rank") (param i32) (result i32)
                (i32.mul (local.get 0) (i32.const 3)))
            (func (export "new") (param i32 i32) (result i32)
                (call $make (call $alloc (i32.const 8))))
            (func $cart-add (export "cart-add") (param i32 i32)
                (i32.store (local.get 0)
                    (i32.add (i32.load (local.get 0)) (local.get 1))))
            (func (export "total") (param i32) (result i32) (i32.load (local.get 0)))
            (func (export "merge") (param i32 i32) (result i32)
                (call $cart-add (call $of (local.get 0)) (i32.load (call $of (local.get 1))))
                (call $drop (local.get 1))
                local.get 0)
            (func (export "find") (param i32 i32) (result i32) i32.const 16)
            (func (export "totals") (param $at i32) (param $len i32) (result i32)
                (local $to i32) (local $done i32)
                (local.set $to (call $alloc (i32.const 64)))
                (i32.store (i32.const 32) (local.get $to))
                (i32.store (i32.const 36) (local.get $len))
                (loop $each
                    (i32.store
                        (i32.add (local.get $to) (i32.mul (local.get $done) (i32.const 4)))
                        (i32.load (i32.load
                            (i32.add (local.get $at) (i32.mul (local.get $done) (i32.const 4))))))
                    (local.set $done (i32.add (local.get $done) (i32.const 1)))
                    (br_if $each (i32.lt_u (local.get $done) (local.get $len))))
                i32.const 32))
        (core instance $i (instantiate $m (with "" (instance
            (export "make" (func $make)) (export "of" (func $of)) (export "drop" (func $drop))))))
        (alias core export $i "memory" (core memory $memory))
        (alias core export $i "realloc" (core func $realloc))
        (component $carts
            (import "cart" (type $cart (sub resource)))
            (import "new" (func $new (param "owner" string) (result (own $cart))))
            (import "add" (func $add (param "self" (borrow $cart)) (param "price" u32)))
            (import "total" (func $total (param "self" (borrow $cart)) (result u32)))
            (import "merge" (func $merge
                (param "a" (own $cart)) (param "b" (own $cart)) (result (own $cart))))
            (import "find" (func $find (param "owner" string) (result (option (own $cart)))))
            (import "totals" (func $totals
                (param "carts" (list (borrow $cart))) (result (list u32))))
            (export $out "cart" (type $cart))
            (export "[constructor]cart" (func $new)
                (func (param "owner" string) (result (own $out))))
            (export "[method]cart.add" (func $add)
                (func (param "self" (borrow $out)) (param "price" u32)))
            (export "[method]cart.total" (func $total)
                (func (param "self" (borrow $out)) (result u32)))
            (export "[static]cart.merge" (func $merge)
                (func (param "a" (own $out)) (param "b" (own $out)) (result (own $out))))
            (export "find" (func $find)
                (func (param "owner" string) (result (option (own $out)))))
            (export "totals" (func $totals)
                (func (param "carts" (list (borrow $out))) (result (list u32)))))
        (func $new (param "owner" string) (result (own $rep))
            (canon lift (core func $i "new") (memory $memory) (realloc $realloc)))
        (func $add (param "self" (borrow $rep)) (param "price" u32)
            (canon lift (core func $i "cart-add")))
        (func $total (param "self" (borrow $rep)) (result u32)
            (canon lift (core func $i "total")))
        (func $merge (param "a" (own $rep)) (param "b" (own $rep)) (result (own $rep))
            (canon lift (core func $i "merge")))
        (func $find (param "owner" string) (result (option (own $rep)))
            (canon lift (core func $i "find") (memory $memory) (realloc $realloc)))
        (func $totals (param "carts" (list (borrow $rep))) (result (list u32))
            (canon lift (core func $i "totals") (memory $memory) (realloc $realloc)))
        (instance $carts-out (instantiate $carts
            (with "cart" (type $rep)) (with "new" (func $new)) (with "add" (func $add))
            (with "total" (func $total)) (with "merge" (func $merge))
            (with "find" (func $find)) (with "totals" (func $totals))))
        (export "test:traits/carts" (instance $carts-out))
        (func $other (param "price" u32) (result u32) (canon lift (core func $i "other")))
        (instance $other-out (export "add" (func $other)))
        (export "test:traits/other" (instance $other-out))
        (func (export "add") (param "x" u32) (param "y" u32) (result u32)
            (canon lift (core func $i "add")))
        RANKING)"#;
    let text = text.replace("RANKING", if ranks { ranking } else { "" });
    wat::parse_str(text).expect("the text is a component")
}

fn loaded(ranks: bool) -> Result<AnyPlugin<dyn TraitsPluginCalls>, Error> {
    let host = Host::builder().limits(Limits::default()).build()?;
    let candidate = Candidate::from_bytes("real", component(ranks))?;
    let versions = Versions::<dyn TraitsPluginCalls>::newest::<TraitsPlugin>(|plugin| plugin);
    versions.load(host.plugin(&candidate))
}

#[test]
fn the_same_code_runs_with_a_plugin_and_with_a_plain_value() -> Result<(), Error> {
    for ranks in [true, false] {
        let expected = (3, 110, vec![5, 7, 12], ranks.then_some(9));
        assert_eq!(use_all(loaded(ranks)?.calls())?, expected);
        let carts = Arc::new(AtomicU32::new(0));
        let mut fake = Fake {
            carts: Arc::clone(&carts),
            ranks,
        };
        assert_eq!(use_all(&mut fake)?, expected);
        assert_eq!(carts.load(Ordering::Relaxed), 0, "all were dropped");
    }
    Ok(())
}

#[test]
fn a_handle_to_a_plain_value_is_refused_by_a_plugin() -> Result<(), Error> {
    let mut plugin = loaded(false)?;
    let forged = || Cart::native(7_u32);
    assert_eq!(forged().value::<u32>(), Some(&7));
    assert_eq!(forged().value::<u64>(), None);
    let real = plugin.calls().carts().cart().new("Ann")?;
    assert_eq!(real.value::<u32>(), None);
    for refused in [
        plugin.calls().carts().cart().total(&forged()),
        plugin
            .calls()
            .carts()
            .totals(&[&real, &forged()])
            .map(|_| 0),
        plugin
            .calls()
            .carts()
            .cart()
            .merge(forged(), forged())
            .map(|_| 0),
    ] {
        let error = refused.expect_err("it is of no instance");
        assert!(
            matches!(error.kind(), ErrorKind::StaleHandle { .. }),
            "{error}"
        );
    }
    assert_eq!(plugin.calls().carts().cart().total(&real)?, 0);
    assert!(format!("{:?}", forged()).contains("native: true"));
    Ok(())
}

#[test]
fn plain_values_take_their_turns_as_plugins_do() {
    type Member = AnyPlugin<dyn TraitsPluginCalls>;
    let native =
        |name: &str| -> Member { NativePlugin::new(id(name), Fake::default()).called(|it| it) };
    let mut plugins = Plugins::new();
    for (name, priority) in [("late", 9), ("b", 0), ("a", 0)] {
        plugins.add(id(name), priority, native(name));
    }
    let order: Vec<_> = plugins
        .iter()
        .map(|(id, _)| id.as_str().to_owned())
        .collect();
    assert_eq!(order, ["a", "b", "late"]);
    let chain = plugins.chain(1, |plugin, sum| plugin.calls().other().add(*sum));
    assert_eq!((chain.value, chain.turns.len()), (301, 3));
    let all = plugins.broadcast(|plugin| plugin.calls().add(1, 1));
    assert!(all.iter().all(|turn| turn.failure().is_none()));
    let first = plugins.first_answer(|plugin| plugin.calls().add(0, 1).map(Some));
    assert_eq!(first.answered_by(), Some(&id("a")));

    let mut pools = Plugins::new();
    let pool = Pool::from_fn(id("a"), 2, move || Ok(native("a")));
    pools.add(pool.id().clone(), 0, pool);
    let chain = pools
        .each_ref()
        .chain(1, |pool, sum| pool.get()?.calls().other().add(*sum));
    assert_eq!(
        (
            chain.value,
            pools.each_ref().iter().next().map(|(_, pool)| pool.alive())
        ),
        (101, Some(1))
    );
}

#[test]
fn a_plain_value_tells_what_it_was_told_to() -> Result<(), Error> {
    let mut usage = Usage::default();
    (usage.calls, usage.fuel) = (3, Some(1_000));
    let version = "1.2.3".parse().expect("a version");
    let mut plugin: AnyPlugin<dyn TraitsPluginCalls> =
        NativePlugin::new(id("fake"), Fake::default())
            .version(version)
            .usage(usage)
            .called(|it| it);
    assert_eq!(plugin.id().as_str(), "fake");
    assert_eq!(
        plugin.version().map(ToString::to_string).as_deref(),
        Some("1.2.3")
    );
    assert_eq!((plugin.last_usage(), plugin.total_usage()), (usage, usage));
    assert_eq!(plugin.world(), "native");
    assert!(plugin.granted().is_empty());
    assert!(plugin.output().log.is_empty());
    plugin.canceller().cancel();
    assert_eq!(plugin.under_one_budget(|plugin| plugin.add(1, 2))??, 3);
    Ok(())
}
