//! All plugins of one world, from several folders, called together.

use crate::slashes::below;
use plugin_host::{Blame, ErrorKind, Host, Outcome, Plugins, Policy, Turn};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

plugin_host::world! {
    inline: "
        package acme:shop@0.1.0;
        world discount { export apply: func(price: u32) -> u32; }",
}

type Plugin = plugin_host::Plugin<ShopDiscount>;

/// A plugin that takes `off` away, and traps where that is more than there is.
fn takes(off: u32) -> Vec<u8> {
    let text = format!(
        r#"(component
            (core module $m (func (export "f") (param i32) (result i32)
                (if (i32.lt_u (local.get 0) (i32.const {off})) (then unreachable))
                (i32.sub (local.get 0) (i32.const {off}))))
            (core instance $i (instantiate $m))
            (func (export "apply") (param "price" u32) (result u32)
                (canon lift (core func $i "f"))))"#
    );
    wat::parse_str(text).expect("the text is a component")
}

/// Puts a plugin with a manifest into a folder.
fn put(folder: &Path, name: &str, manifest: &str, off: u32) {
    let folder = folder.join(name);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("plugin.toml"), manifest).expect("a file");
    fs::write(folder.join("plugin.wasm"), takes(off)).expect("a file");
}

fn manifest(id: &str, version: &str, priority: i32) -> String {
    format!("id = '{id}'\nversion = '{version}'\npriority = {priority}")
}

fn host() -> Host {
    Host::builder().build().expect("the engine starts")
}

/// Plugins that take this much away, in this order.
fn plugins(offs: &[(&str, u32)]) -> (TempDir, Plugins<Plugin>) {
    let folder = tempfile::tempdir().expect("a folder");
    for (place, (id, off)) in (0..).zip(offs) {
        put(folder.path(), id, &manifest(id, "1.0.0", place), *off);
    }
    let host = host();
    let plugins = load(&host, &[folder.path()]);
    assert!(plugins.refused().is_empty(), "{plugins:?}");
    (folder, plugins)
}

fn load(host: &Host, folders: &[&Path]) -> Plugins<Plugin> {
    host.load_all(host.discover_in(folders), |loader| loader.load())
}

fn ids(plugins: &Plugins<Plugin>) -> Vec<&str> {
    plugins.iter().map(|(id, _)| id.as_str()).collect()
}

/// What came of each turn, in few words.
fn told<R: std::fmt::Debug>(turns: &[Turn<R>], shown: impl Fn(&R) -> String) -> String {
    let mut told = String::new();
    for turn in turns {
        let id = &turn.plugin;
        match &turn.outcome {
            Outcome::Done(answer) => write!(told, "{id}: {}; ", shown(answer)),
            Outcome::Declined => write!(told, "{id} declined; "),
            Outcome::Failed(error) => {
                assert!(matches!(error.kind(), ErrorKind::Trap { .. }), "{error}");
                write!(told, "{id} failed; ")
            }
            Outcome::NotCalled => write!(told, "{id} not called; "),
            other => panic!("{other:?}"),
        }
        .expect("a string takes all");
    }
    told
}

/// The same of turns without an answer.
fn told_done(turns: Vec<Turn<()>>) -> String {
    told(&turns, |()| "done".to_owned())
}

#[test]
fn of_two_plugins_of_one_id_the_higher_version_wins_in_whichever_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (&*folder.path().join("one"), &*folder.path().join("two"));
    put(one, "old", &manifest("acme.tax", "1.9.0", 0), 1);
    put(two, "new", &manifest("acme.tax", "1.10.0", 0), 2);
    put(one, "stable", &manifest("acme.fee", "2.0.0", 0), 3);
    put(two, "beta", &manifest("acme.fee", "2.0.0-beta.1", 0), 4);
    put(one, "same", &manifest("acme.same", "1.0.0", 0), 5);
    put(two, "same", &manifest("acme.same", "1.0.0", 0), 6);
    fs::write(two.join("alone.wasm"), takes(7)).expect("a file");

    let host = host();
    let none = Path::new("/no/such/folder");
    // A folder that is named twice counts once.
    let plugins = load(&host, &[one, none, two, &one.join("old/..")]);
    let used: Vec<&str> = ids(&plugins);
    assert_eq!(used, ["acme.fee", "acme.same", "acme.tax", "alone"]);

    let refused = plugins.refused().iter().map(|error| {
        assert_eq!(error.blame(), Blame::Environment);
        below(folder.path(), &error.to_string())
    });
    let refused: Vec<String> = refused.collect();
    assert_eq!(
        refused[0],
        "plugin file `one/old/plugin.wasm`: its id `acme.tax` is taken by \
         `two/new/plugin.wasm`, which has the higher version 1.10.0: remove one of the two"
    );
    assert!(refused[1].starts_with("plugin file `/no/such/folder`: cannot read it: "));
    assert_eq!(
        refused[2..],
        [
            "plugin file `two/beta/plugin.wasm`: its id `acme.fee` is taken by \
             `one/stable/plugin.wasm`, which has the higher version 2.0.0: remove one of the two",
            "plugin file `two/same/plugin.wasm`: its id `acme.same` is taken by \
             `one/same/plugin.wasm`, which comes first: remove one of the two",
        ]
    );
}

#[test]
fn no_higher_version_takes_the_place_of_the_one_that_is_locked() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    put(path, "b-good", &manifest("acme.tax", "1.0.0", 0), 1);
    let mut policy = Policy::default();
    for candidate in host().discover(path) {
        let candidate = candidate.expect("it is a plugin");
        policy.lock(&candidate).expect("nothing is granted");
    }
    put(path, "a-bad", &manifest("acme.tax", "999.0.0", 0), 2);
    put(path, "c-bad", &manifest("acme.tax", "1.0.0", 0), 3);
    let host = Host::builder().policy(policy).locked().build();
    let mut plugins = load(&host.expect("the engine starts"), &[path]);
    let chain = plugins.chain(50, |plugin, price| plugin.apply(*price));
    assert_eq!(chain.value, 49);
    let refused = plugins.refused().iter().map(ToString::to_string);
    let refused: Vec<String> = refused.map(|text| below(path, &text)).collect();
    assert_eq!(
        refused,
        ["a", "c"].map(|bad| format!(
            "plugin file `{bad}-bad/plugin.wasm`: its id `acme.tax` is taken by \
             `b-good/plugin.wasm`, which the policy locks it to: remove one of the two"
        ))
    );
}

#[test]
fn plugins_are_called_by_priority_then_by_id_unless_some_are_put_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    for (id, priority) in [("d", -3), ("c", 5), ("b", 0), ("a", 5)] {
        put(path, id, &manifest(id, "1.0.0", priority), 1);
    }
    let host = host();
    let mut plugins = load(&host, &[path]);
    assert_eq!(ids(&plugins), ["d", "b", "a", "c"]);

    let id = |id: &str| id.parse().expect("an id");
    plugins.put_first(&[id("c"), id("nobody"), id("b")]);
    assert_eq!(ids(&plugins), ["c", "b", "d", "a"]);
    assert!(plugins.get_mut(&id("nobody")).is_none());
    let plugin = plugins.get_mut(&id("a")).expect("it is there");
    assert_eq!(plugin_host::Plugin::id(plugin).as_str(), "a");
    let ids: Vec<String> = plugins.into_iter().map(|(id, _)| id.to_string()).collect();
    assert_eq!(ids, ["c", "b", "d", "a"]);
}

#[test]
fn a_chain_hands_the_value_on_and_leaves_out_those_that_fail() {
    let (_folder, mut plugins) = plugins(&[("a", 10), ("b", 100), ("c", 1)]);
    let chain = plugins.chain(50, |plugin, price| plugin.apply(*price));
    assert_eq!(chain.value, 39);
    let failed: Vec<&str> = chain.failures().map(|(id, _)| id.as_str()).collect();
    assert_eq!(failed, ["b"]);
    assert_eq!(told_done(chain.turns), "a: done; b failed; c: done; ");

    // All are usable again.
    let chain = plugins.chain(500, |plugin, price| plugin.apply(*price));
    assert_eq!(chain.value, 389);
    assert_eq!(told_done(chain.turns), "a: done; b: done; c: done; ");
}

#[test]
fn a_chain_to_the_first_failure_ends_there() {
    let (_folder, mut plugins) = plugins(&[("a", 10), ("b", 100), ("c", 1)]);
    let chain = plugins.chain_to_failure(50, |plugin, price| plugin.apply(*price));
    assert_eq!(chain.value, 40);
    assert_eq!(told_done(chain.turns), "a: done; b failed; c not called; ");
}

#[test]
fn a_broadcast_calls_all_and_keeps_each_answer() {
    let (_folder, mut plugins) = plugins(&[("a", 10), ("b", 100), ("c", 1)]);
    let turns = plugins.broadcast(|plugin| plugin.apply(50));
    assert_eq!(told(&turns, u32::to_string), "a: 40; b failed; c: 49; ");
}

#[test]
fn the_first_that_answers_ends_the_asking() {
    let (_folder, mut plugins) = plugins(&[("a", 100), ("b", 0), ("c", 10), ("d", 1)]);
    let cheaper = |price| {
        move |plugin: &mut Plugin| {
            let new = plugin.apply(price)?;
            Ok((new < price).then_some(new))
        }
    };
    let first = plugins.first_answer(cheaper(50));
    assert_eq!(first.answer, Some(40));
    assert_eq!(first.answered_by().map(|id| id.as_str()), Some("c"));
    let failed: Vec<&str> = first.failures().map(|(id, _)| id.as_str()).collect();
    assert_eq!(failed, ["a"]);
    assert_eq!(
        told_done(first.turns),
        "a failed; b declined; c: done; d not called; "
    );

    let first = plugins.first_answer(cheaper(0));
    assert_eq!((first.answer, first.answered_by()), (None, None));
}

#[test]
fn without_plugins_a_value_stays_and_nobody_answers() {
    let (_folder, mut plugins) = plugins(&[]);
    assert!(plugins.is_empty());
    assert_eq!(plugins.len(), 0);
    let chain = plugins.chain(50, |plugin, price| plugin.apply(*price));
    assert_eq!((chain.value, chain.turns.len()), (50, 0));
    assert!(plugins.broadcast(|plugin| plugin.apply(50)).is_empty());
    let first = plugins.first_answer(|plugin| plugin.apply(50).map(Some));
    assert_eq!(first.answer, None);
}
