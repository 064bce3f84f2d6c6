//! Resources that live in the guest: handles to them, their ends, and handles
//! that are stale.

use crate::rogue::limits;
use plugin_host::{
    Blame, Candidate, ErrorKind, Host, Lifetime, LimitKind, Loader, Plugin, Prepared,
};
use std::sync::LazyLock;

plugin_host::world! { path: "tests/wit/carts", world: "carts" }

use shopping::Cart;

/// The items of carts whose ends the guest told of.
#[derive(Default)]
struct Shop {
    dropped: Vec<u32>,
    panics: bool,
}

impl warnings::Host for Shop {
    fn dropped(&mut self, items: u32) {
        assert!(!self.panics, "the application's own");
        self.dropped.push(items);
    }
}

type Carts = Plugin<CartsCarts<Shop>>;

fn loader() -> Loader {
    let host = Host::builder().limits(limits().fuel(5_000_000)).build();
    let bytes = std::fs::read(test_guests::CARTS).expect("the guest was built");
    let candidate = Candidate::from_bytes("carts", bytes).expect("it is a component");
    host.expect("the engine starts").plugin(&candidate)
}

/// A fresh plugin; compiled once for all tests.
fn plugin() -> Carts {
    static PREPARED: LazyLock<Prepared<CartsCarts<Shop>>> = LazyLock::new(|| {
        let prepared = loader().prepare();
        prepared.expect("it fits")
    });
    PREPARED.start().expect("it starts")
}

fn open(plugin: &mut Carts, owner: &str) -> Cart {
    let cart = plugin.shopping().cart().new(owner);
    cart.expect("the call succeeds")
}

fn filled(plugin: &mut Carts, owner: &str, items: &[&str]) -> Cart {
    let cart = open(plugin, owner);
    for item in items {
        let added = plugin.shopping().cart().add(&cart, item);
        added.expect("the call succeeds");
    }
    cart
}

fn alive(plugin: &mut Carts) -> u32 {
    plugin.shopping().alive().expect("the call succeeds")
}

/// Ends the instance by a failed call.
fn fail(plugin: &mut Carts, cart: &Cart) {
    let error = plugin.shopping().fail(cart).expect_err("it panics");
    assert!(matches!(error.kind(), ErrorKind::Panic { .. }), "{error}");
}

#[test]
fn a_resource_has_a_constructor_methods_and_statics() {
    let mut plugin = plugin();
    let ann = filled(&mut plugin, "Ann", &["tea"]);
    let bob = filled(&mut plugin, "Bob", &["cake", "jam"]);
    let mut shopping = plugin.shopping();
    let mut carts = shopping.cart();
    assert_eq!(carts.add(&ann, "milk").expect("the call succeeds"), 2);
    carts.pour(&bob, &ann).expect("the call succeeds");
    assert!(carts.items(&bob).expect("the call succeeds").is_empty());
    let both = carts.merge(ann, bob).expect("the call succeeds");
    let items = carts.items(&both).expect("the call succeeds");
    assert_eq!(items, ["Ann tea", "Ann milk", "Ann cake", "Ann jam"]);
    assert_eq!(alive(&mut plugin), 1, "the guest dropped the other");
}

#[test]
fn handles_are_given_and_lent_alone_in_options_and_in_lists() {
    let mut plugin = plugin();
    let tea = filled(&mut plugin, "Ann", &["tea"]);
    let two = filled(&mut plugin, "Ann", &["cake", "jam"]);
    let mut shopping = plugin.shopping();
    assert_eq!(shopping.look_some(Some(&two)).expect("it succeeds"), 2);
    assert_eq!(shopping.look_some(None).expect("it succeeds"), 99);
    assert_eq!(shopping.look_all(&[&tea, &two]).expect("it succeeds"), 3);
    assert_eq!(shopping.look_all(&[]).expect("it succeeds"), 0);
    assert_eq!(shopping.alive().expect("it succeeds"), 2);

    assert_eq!(shopping.take(tea).expect("it succeeds"), ["tea"]);
    assert_eq!(shopping.take_some(Some(two)).expect("it succeeds"), 2);
    assert_eq!(shopping.take_some(None).expect("it succeeds"), 99);
    let several = shopping.several(3).expect("it succeeds");
    assert_eq!(shopping.alive().expect("it succeeds"), 3);
    assert_eq!(shopping.take_all(several).expect("it succeeds"), 3);
    assert_eq!(shopping.alive().expect("it succeeds"), 0);
}

#[test]
fn handles_come_back_in_every_composition() {
    let mut plugin = plugin();
    let opened = plugin.shopping().open("Ann").expect("the call succeeds");
    let opened = opened.expect("the owner has a name");
    let nameless = plugin.shopping().open("").expect("the call succeeds");
    assert_eq!(nameless.expect_err("it is refused"), "a cart has an owner");
    let found = plugin.shopping().find("Bob").expect("the call succeeds");
    assert!(found.is_some());
    let nobody = plugin.shopping().find("nobody").expect("it succeeds");
    assert!(nobody.is_none());
    let (pair, seven) = plugin.shopping().pair().expect("the call succeeds");
    assert_eq!(seven, 7);

    let nested = plugin.shopping().nested(false).expect("it succeeds");
    let nested = nested.expect("the result is the good one");
    let [(Some(first), _), (None, second)] = &nested[..] else {
        panic!("other than the guest says: {nested:?}");
    };
    assert_eq!(second, "second");
    let carts = [&opened, &pair, first];
    assert_eq!(plugin.shopping().look_all(&carts).expect("it succeeds"), 0);
    let failed = plugin.shopping().nested(true).expect("it succeeds");
    let (token, cart) = failed.expect_err("the result is the bad one");
    assert_eq!(alive(&mut plugin), 5);
    drop((token, cart, found, nested));
    assert_eq!(alive(&mut plugin), 2);
}

#[test]
fn a_resource_is_used_by_other_interfaces_too() {
    let mut plugin = plugin();
    let gift: Cart = plugin.gifts().receive().expect("the call succeeds");
    let wrapped = plugin.gifts().wrap(&gift).expect("the call succeeds");
    assert_eq!(wrapped, "gift in paper");
    assert!(
        plugin
            .shopping()
            .take(gift)
            .expect("it succeeds")
            .is_empty()
    );

    let receipt = plugin.till().calls().new(12).expect("it succeeds");
    assert_eq!(plugin.till().calls().total(&receipt).expect("it does"), 12);
}

#[test]
fn a_destructor_runs_once_for_each_handle_that_is_dropped() {
    let mut plugin = plugin();
    let cart = filled(&mut plugin, "host", &["tea"]);
    let given = filled(&mut plugin, "host", &["cake", "jam"]);
    plugin
        .shopping()
        .take_some(Some(given))
        .expect("it succeeds");
    let state = Plugin::state(&mut plugin).expect("there is one");
    assert_eq!(state.dropped, [2], "the guest dropped what it was given");

    drop(cart);
    let state = Plugin::state(&mut plugin).expect("there is one");
    assert_eq!(state.dropped, [2], "nothing runs without a call");
    Plugin::drop_resources(&mut plugin).expect("the destructor is fine");
    let state = Plugin::state(&mut plugin).expect("there is one");
    assert_eq!(state.dropped, [2, 1]);
    assert_eq!(alive(&mut plugin), 0);
    Plugin::drop_resources(&mut plugin).expect("there is nothing to do");
    let state = Plugin::state(&mut plugin).expect("there is one");
    assert_eq!(state.dropped, [2, 1]);
}

#[test]
fn a_stale_handle_is_refused_and_touches_nothing() {
    let mut plugin = plugin();
    let stale = open(&mut plugin, "Ann");
    let (lent, unused) = (open(&mut plugin, "Bob"), open(&mut plugin, "Cid"));
    fail(&mut plugin, &lent);

    let error = plugin.shopping().cart().add(&stale, "tea");
    let error = error.expect_err("its instance is gone");
    assert!(matches!(
        error.kind(),
        ErrorKind::StaleHandle { call, resource }
            if call == "shopping.cart.add" && resource == "cart"
    ));
    assert_eq!(error.blame(), Blame::Application);
    assert_eq!(
        error.to_string(),
        "plugin `carts`: `shopping.cart.add` was refused and touched nothing, since the handle to \
         a `cart` that it was given belongs to another instance, which failed or was replaced, or \
         to another plugin: make a new one"
    );

    // The new instance's first three have the same indices as the stale ones.
    let fresh = ["Dora", "Eve", "Fay"].map(|owner| filled(&mut plugin, owner, &["jam"]));
    let used = Plugin::total_usage(&plugin).calls;
    plugin.shopping().take(stale).expect_err("it is stale");
    let mixed = plugin.shopping().look_all(&[&fresh[0], &lent]);
    mixed.expect_err("one is stale");
    plugin.gifts().wrap(&unused).expect_err("it is stale");
    assert_eq!(
        Plugin::total_usage(&plugin).calls,
        used,
        "nothing was called"
    );
    drop((lent, unused));
    Plugin::drop_resources(&mut plugin).expect("there is nothing to do");
    assert_eq!(alive(&mut plugin), 3);
    for cart in &fresh {
        let items = plugin.shopping().cart().items(cart);
        assert_eq!(items.expect("it is untouched").len(), 1);
    }
    assert_eq!(plugin.shopping().count().expect("it succeeds"), 1);
}

#[test]
fn a_handle_given_to_a_refused_call_is_dropped_as_any_other() {
    let (mut plugin, mut other) = (plugin(), plugin());
    let (mine, others) = (open(&mut plugin, "Ann"), open(&mut other, "Bob"));
    let error = plugin.shopping().cart().merge(mine, others);
    let error = error.expect_err("one is another plugin's");
    assert!(matches!(error.kind(), ErrorKind::StaleHandle { .. }));
    assert_eq!((alive(&mut plugin), alive(&mut other)), (0, 0));
}

#[test]
fn another_plugins_handle_is_refused_and_stays_good() {
    let (mut plugin, mut other) = (plugin(), plugin());
    let cart = filled(&mut other, "Ann", &["tea"]);
    let error = plugin.shopping().cart().add(&cart, "cake");
    let error = error.expect_err("it is another plugin's");
    assert!(matches!(error.kind(), ErrorKind::StaleHandle { .. }));
    let items = other.shopping().cart().items(&cart);
    assert_eq!(items.expect("it is its own plugin's"), ["Ann tea"]);
    drop(plugin);
    assert_eq!(alive(&mut other), 1);
    drop(other);
    drop(cart);
}

#[test]
fn a_destructor_that_spins_ends_by_its_budget_and_the_next_call_says_so() {
    let mut plugin = plugin();
    drop(open(&mut plugin, "spin"));
    let error = plugin.shopping().count().expect_err("it is not made");
    let ErrorKind::BeforeCall { call, failure } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!(call, "shopping.count");
    assert!(matches!(
        **failure,
        ErrorKind::Limit {
            limit: LimitKind::Fuel,
            ..
        }
    ));
    assert_eq!(error.blame(), Blame::Plugin);
    assert_eq!(
        error.to_string(),
        "plugin `carts`: `shopping.cart.drop` used up its fuel of 5000000 instructions; it may \
         loop: report this to its author, or allow more fuel; this ran before `shopping.count`, \
         which was not called: call it again"
    );
    let report = error.report().expect("a destructor failed");
    assert_eq!(report.call, "shopping.cart.drop");
    assert_eq!(plugin.shopping().count().expect("a fresh one answers"), 1);
}

#[test]
fn a_destructor_that_panics_is_told_by_whoever_runs_it() {
    let mut plugin = plugin();
    let (breaks, other) = (open(&mut plugin, "panic"), open(&mut plugin, "Ann"));
    drop((breaks, other));
    let error = plugin.shopping().alive().expect_err("it is not made");
    let told = error.to_string();
    assert!(told.contains("`shopping.cart.drop` panicked at "), "{told}");
    assert!(told.contains(": the cart breaks; "), "{told}");
    assert_eq!(alive(&mut plugin), 0, "a fresh instance answers");

    drop(open(&mut plugin, "panic"));
    let error = Plugin::drop_resources(&mut plugin).expect_err("it panics");
    assert!(matches!(error.kind(), ErrorKind::Panic { call, .. } if call == "shopping.cart.drop"));
    assert_eq!(alive(&mut plugin), 0, "a fresh instance answers");
}

#[test]
fn a_panic_of_the_applications_own_in_a_destructor_makes_handles_stale() {
    let mut plugin = plugin();
    let cart = open(&mut plugin, "Ann");
    drop(open(&mut plugin, "host"));
    Plugin::state(&mut plugin).expect("there is one").panics = true;
    let panicked =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| plugin.shopping().count()));
    assert!(panicked.is_err(), "it is the application's own panic");
    let error = plugin.shopping().cart().items(&cart);
    let error = error.expect_err("the instance is not entered again");
    assert!(matches!(error.kind(), ErrorKind::StaleHandle { .. }));
    assert_eq!(plugin.shopping().count().expect("a fresh one answers"), 1);
}

#[test]
fn destructors_under_one_budget_run_on_it() {
    let mut plugin = plugin();
    let calls = |plugin: &mut CartsCarts<Shop>| {
        drop(plugin.shopping().cart().new("spin"));
        let first = plugin.shopping().count().expect_err("it is not made");
        let second = plugin.shopping().cart().new("Ann");
        (first, second.expect_err("it is not made"))
    };
    let (first, second) = Plugin::under_one_budget(&mut plugin, calls).expect("it starts");
    assert!(matches!(first.kind(), ErrorKind::BeforeCall { .. }));
    assert!(matches!(second.kind(), ErrorKind::InstanceFailed { .. }));
    let usage = Plugin::last_usage(&plugin);
    assert_eq!(usage.fuel, Some(5_000_000), "the scope's whole budget");
    assert_eq!(plugin.shopping().count().expect("a fresh one answers"), 1);
}

#[test]
fn handles_under_a_budget_that_failed_are_told_as_that() {
    let mut plugin = plugin();
    let cart = open(&mut plugin, "Ann");
    let calls = |plugin: &mut CartsCarts<Shop>| {
        plugin.shopping().fail(&cart).expect_err("it panics");
        plugin.shopping().cart().add(&cart, "tea")
    };
    let outcome = Plugin::under_one_budget(&mut plugin, calls).expect("it starts");
    let error = outcome.expect_err("the instance is gone");
    assert!(matches!(error.kind(), ErrorKind::InstanceFailed { .. }));
}

#[test]
fn an_instance_for_one_call_takes_handles_under_one_budget_only() {
    let mut plugin: Carts = loader()
        .lifetime(Lifetime::OneCall)
        .load()
        .expect("it fits");
    let error = plugin.shopping().cart().new("Ann");
    let error = error.expect_err("the handle would be stale at once");
    assert!(matches!(error.kind(), ErrorKind::HandleInOneCall { .. }));
    assert_eq!(error.blame(), Blame::Application);
    assert_eq!(
        error.to_string(),
        "plugin `carts`: `shopping.cart.constructor` was not called, since it takes or returns handles, \
         and `Lifetime::OneCall` ends them with the call: use `Plugin::under_one_budget`"
    );
    assert_eq!(plugin.shopping().count().expect("it needs no handle"), 1);

    let calls = |plugin: &mut CartsCarts<Shop>| {
        let cart = plugin.shopping().cart().new("Ann")?;
        plugin.shopping().cart().add(&cart, "tea")?;
        drop(plugin.shopping().cart().new("Bob")?);
        assert_eq!(plugin.shopping().alive()?, 1);
        Ok::<_, plugin_host::Error>(cart)
    };
    let cart = Plugin::under_one_budget(&mut plugin, calls);
    let cart = cart.expect("it starts").expect("the calls succeed");
    let calls = |plugin: &mut CartsCarts<Shop>| plugin.shopping().cart().items(&cart);
    let error = Plugin::under_one_budget(&mut plugin, calls).expect("it starts");
    let error = error.expect_err("its instance is gone");
    assert!(matches!(error.kind(), ErrorKind::StaleHandle { .. }));
}

#[test]
fn thousands_of_dropped_handles_do_not_pile_up() {
    let mut plugin = plugin();
    for _ in 0..10_000 {
        drop(open(&mut plugin, "Ann"));
    }
    assert_eq!(alive(&mut plugin), 0);
    let memory = Plugin::last_usage(&plugin).peak_memory;
    assert!(memory < 2 << 20, "{memory} bytes");

    let many = plugin.shopping().several(2_000).expect("it succeeds");
    drop(many);
    assert_eq!(alive(&mut plugin), 0);
}

#[test]
fn a_handle_moves_between_threads_and_shows_whether_it_is_stale() {
    let mut plugin = plugin();
    let cart = open(&mut plugin, "Ann");
    assert_eq!(
        format!("{cart:?}"),
        "Cart(GuestHandle { stale: false, .. })"
    );
    std::thread::spawn(move || drop(cart))
        .join()
        .expect("nothing panics");
    assert_eq!(alive(&mut plugin), 0);
    let cart = open(&mut plugin, "Bob");
    drop(plugin);
    assert_eq!(format!("{cart:?}"), "Cart(GuestHandle { stale: true, .. })");
}
