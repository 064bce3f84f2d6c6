//! Handles to the application's resources that are of another instance.

use super::{Desk, Docs, DocsDocs, lend, loader, page, plugin, state};
use plugin_host::{Blame, ErrorKind, Lazy, Lent, Lifetime, Plugin, Pool};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Ends the instance by a failed call.
fn fail(plugin: &mut Docs) {
    let lent = lend(plugin, "a page");
    let error = plugin.check().fail(&lent).expect_err("it panics");
    assert!(matches!(error.kind(), ErrorKind::Panic { .. }), "{error}");
}

#[test]
fn a_page_of_an_instance_that_failed_is_refused_and_touches_nothing() {
    let mut plugin = plugin();
    let stale = lend(&mut plugin, "old");
    fail(&mut plugin);
    // The new instance's first has the number of the stale one.
    let fresh = lend(&mut plugin, "somebody else's");
    let used = Plugin::total_usage(&plugin).calls;
    let error = plugin.check().read(&stale).expect_err("it is stale");
    assert!(matches!(
        error.kind(),
        ErrorKind::StaleHandle { call, resource } if call == "check.read" && resource == "doc"
    ));
    assert_eq!(error.blame(), Blame::Application);
    assert_eq!(
        error.to_string(),
        "plugin `docs`: `check.read` was refused and touched nothing, since the handle to a \
         `doc` that it was given belongs to another instance, which failed or was replaced, or \
         to another plugin: make a new one"
    );
    let mixed = plugin.check().read_both(&fresh, &stale);
    mixed.expect_err("one is stale");
    plugin.review(&stale).expect_err("it is stale");
    plugin
        .check()
        .read_some(Some(&stale))
        .expect_err("it is stale");
    let error = stale.get(&mut plugin).map(drop);
    let error = error.expect_err("it is stale");
    assert!(matches!(
        error.kind(),
        ErrorKind::StaleHandle { call, resource }
            if call == "Lent::get" && resource.ends_with("::Page")
    ));
    assert_eq!(
        format!("{stale:?}"),
        "Lent { resource: \"host::lent::Page\", stale: true, .. }"
    );
    stale.take(&mut plugin).map(drop).expect_err("it is stale");
    assert_eq!(
        Plugin::total_usage(&plugin).calls,
        used,
        "nothing was called"
    );
    let read = plugin.check().read(&fresh).expect("it is untouched");
    assert_eq!(read, "somebody else's");
    assert_eq!(plugin.check().count().expect("it succeeds"), 1);
}

#[test]
fn a_page_lent_to_another_plugin_is_refused_and_stays_lent_to_that() {
    let (mut ann, mut bob) = (plugin(), plugin());
    let (anns, bobs) = (lend(&mut ann, "Ann's"), lend(&mut bob, "Bob's"));
    let error = bob.check().read(&anns).expect_err("it is Ann's");
    assert!(
        matches!(error.kind(), ErrorKind::StaleHandle { .. }),
        "{error}"
    );
    let error = anns.get(&mut bob).map(drop).expect_err("it is Ann's");
    assert!(
        matches!(error.kind(), ErrorKind::StaleHandle { .. }),
        "{error}"
    );
    assert_eq!(ann.check().read(&anns).expect("it is Ann's"), "Ann's");
    assert_eq!(bob.check().read(&bobs).expect("it is Bob's"), "Bob's");

    // Another host's is another plugin's as well.
    let mut other: Docs = loader().load().expect("it fits");
    let theirs = lend(&mut other, "theirs");
    bob.check().read(&theirs).expect_err("it is another host's");
    drop(other);
    bob.check().read(&theirs).expect_err("its plugin is gone");
}

#[test]
fn a_panic_of_the_applications_own_makes_pages_stale() {
    let mut plugin = plugin();
    let (lent, host) = (lend(&mut plugin, "a"), lend(&mut plugin, "host"));
    let panicked = catch_unwind(AssertUnwindSafe(|| plugin.check().read(&host)));
    panicked.expect_err("it is the application's own panic");
    for lent in [&lent, &host] {
        plugin
            .check()
            .read(lent)
            .expect_err("its instance is not entered again");
        lent.get(&mut plugin).map(drop).expect_err("likewise");
    }
    let fresh = lend(&mut plugin, "b");
    assert_eq!(plugin.check().read(&fresh).expect("it succeeds"), "b");
}

#[test]
fn pages_are_lent_under_one_budget_until_a_call_in_it_fails() {
    let mut plugin = plugin();
    let ends = Arc::clone(&state(&mut plugin).ends);
    let outcome = Plugin::under_one_budget(&mut plugin, |docs| {
        let lent = Lent::new(docs, page("a", &ends)).expect("there is an instance");
        assert_eq!(docs.check().read(&lent).expect("it succeeds"), "a");
        docs.check().fail(&lent).expect_err("it panics");
        let calls = [
            docs.check().read(&lent).map(drop),
            Lent::new(docs, page("b", &ends)).map(drop),
        ];
        calls.map(|outcome| outcome.expect_err("the instance is gone"))
    });
    for error in outcome.expect("it starts") {
        assert!(
            matches!(error.kind(), ErrorKind::InstanceFailed { .. }),
            "{error}"
        );
    }
}

#[test]
fn a_page_lent_to_an_instance_for_one_call_is_good_for_that() {
    let loader = loader().lifetime(Lifetime::OneCall);
    let mut plugin: Docs = loader.load().expect("it fits");
    let lent = lend(&mut plugin, "a");
    assert_eq!(plugin.check().read(&lent).expect("it succeeds"), "a");
    let error = plugin
        .check()
        .read(&lent)
        .expect_err("its instance is gone");
    assert!(
        matches!(error.kind(), ErrorKind::StaleHandle { .. }),
        "{error}"
    );
    let page = plugin.check().make("b").expect("it succeeds");
    let copies = plugin.check().copy(page, 1).expect("it succeeds");
    assert_eq!(copies, ["b"], "what is owned needs no instance");
}

#[test]
fn pages_are_lent_to_plugins_of_a_pool_and_to_those_loaded_when_needed() {
    let prepared = loader().prepare::<DocsDocs<Desk>>();
    let pool = Pool::new(&prepared.expect("it fits"), 2);
    let (mut a, mut b) = (
        pool.get().expect("it starts"),
        pool.get().expect("it starts"),
    );
    let lent = lend(&mut a, "a");
    assert_eq!(a.check().read(&lent).expect("it succeeds"), "a");
    b.check()
        .read(&lent)
        .expect_err("it is lent to another instance");

    let lazy = loader().lazy();
    let mut lazy: Lazy<Docs> = lazy.expect("it fits");
    let plugin = lazy.get().expect("it loads");
    let lent = lend(plugin, "b");
    assert_eq!(plugin.check().read(&lent).expect("it succeeds"), "b");
    lazy.unload();
    let plugin = lazy.get().expect("it loads");
    plugin
        .check()
        .read(&lent)
        .expect_err("its plugin was unloaded");
}
