//! All plugins of an extension point, of several versions, each pooled, called by
//! many threads at once.

use crate::versions::v2::discount::{Calls, Price};
use crate::versions::{new_plugin, old_plugin, versions};
use plugin_host::{
    AnyPlugin, Candidate, Error, ErrorKind, Host, HostLimits, Limits, Outcome, PluginId, Plugins,
    Pool, Pooled,
};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

type Discounts = Plugins<Pool<AnyPlugin<dyn Calls>>>;

const INSTANCES: usize = 3;

/// `a` is of 0.1 and takes 100 off, `b` is of 0.2 and answers 7 of the currency 9.
fn found() -> Vec<Result<Candidate, Error>> {
    vec![
        Candidate::from_bytes("b", new_plugin("0.2.0")),
        Candidate::from_bytes("a", old_plugin("0.1.0")),
        Candidate::from_bytes("c", new_plugin("0.3.0")),
    ]
}

fn host() -> Host {
    let host = Host::builder().limits(Limits::default().fuel(1_000_000));
    host.build().expect("the engine starts")
}

fn load(host: &Host) -> Discounts {
    let versions = versions();
    host.load_all(found(), |loader| {
        versions.pool(loader, INSTANCES)?.prepare()
    })
}

fn price(cents: u32) -> Price {
    Price { cents, currency: 3 }
}

fn apply(pool: &Pool<AnyPlugin<dyn Calls>>, price: &Price) -> Result<Price, Error> {
    pool.get()?.calls().apply(*price)
}

#[test]
fn eight_threads_call_pooled_plugins_of_two_versions() {
    const THREADS: u32 = 8;
    let host = host();
    let plugins = load(&host);
    assert_eq!(plugins.refused().len(), 1, "0.3 is served by none");
    let begin = Barrier::new(THREADS as usize);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (plugins, begin) = (&plugins, &begin);
            scope.spawn(move || {
                begin.wait();
                for call in 0..50 {
                    let cents = 101 + thread * 1000 + call;
                    let answers = plugins
                        .each_ref()
                        .broadcast(|pool| apply(pool, &price(cents)));
                    let [a, b] = answers.as_slice() else {
                        panic!("{answers:?}")
                    };
                    assert_eq!((a.plugin.as_str(), b.plugin.as_str()), ("a", "b"));
                    let (Outcome::Done(a), Outcome::Done(b)) = (&a.outcome, &b.outcome) else {
                        panic!("{answers:?}")
                    };
                    assert_eq!(*a, price(cents - 100));
                    assert_eq!((b.cents, b.currency), (7, 9));

                    let chain = plugins
                        .each_ref()
                        .chain(price(cents), |pool, p| apply(pool, p));
                    assert_eq!((chain.value.cents, chain.turns.len()), (7, 2));

                    let first = plugins.each_ref().first_answer(|pool| {
                        let answer = apply(pool, &price(cents))?;
                        Ok::<_, Error>((answer.currency == 9).then_some(answer.cents))
                    });
                    assert_eq!(first.answer, Some(7));
                    assert_eq!(first.answered_by().map(PluginId::as_str), Some("b"));
                }
            });
        }
    });
    for (id, pool) in plugins.iter() {
        let alive = pool.alive();
        assert!((1..=INSTANCES).contains(&alive), "{id} has {alive}");
    }
}

#[test]
fn plugins_are_sent_and_shared() {
    fn is<T: Send + Sync>() {}
    is::<Discounts>();
}

#[test]
fn a_pool_that_has_none_left_is_one_plugins_failure() -> Result<(), Error> {
    let (host, versions) = (host(), versions());
    let plugins: Discounts = host.load_all(found(), |loader| {
        Ok(versions.pool(loader, 1)?.wait(Duration::ZERO))
    });
    let out = plugins.iter().map(|(_, pool)| pool.get()).next();
    let out: Pooled<'_, _> = out.expect("there are plugins")?;
    let chain = plugins
        .each_ref()
        .chain(price(200), |pool, p| apply(pool, p));
    let failures: Vec<_> = chain
        .failures()
        .map(|(id, error)| (id.as_str(), error))
        .collect();
    let [("a", error)] = failures.as_slice() else {
        panic!("{failures:?}")
    };
    assert!(
        matches!(error.kind(), ErrorKind::PoolExhausted { size: 1, .. }),
        "{error}"
    );
    assert_eq!(chain.value.cents, 7, "the other went on");
    drop(out);
    assert!(
        load(&host)
            .each_ref()
            .chain(price(200), |pool, p| apply(pool, p))
            .failures()
            .next()
            .is_none()
    );
    Ok(())
}

#[test]
fn a_pool_is_compiled_when_an_instance_is_first_needed_or_when_that_is_asked_for()
-> Result<(), Error> {
    let (host, versions) = (host(), versions());
    let compiled = || host.usage().compiled;
    let pool = |bytes| {
        let candidate = Candidate::from_bytes("discount", bytes)?;
        versions.pool(host.plugin(&candidate), 2)
    };
    let first = pool(old_plugin("0.1.0"))?;
    assert_eq!((compiled(), first.alive()), (0, 0), "it was judged alone");
    apply(&first, &price(200))?;
    assert_eq!((compiled(), first.alive()), (1, 1));
    let second = pool(new_plugin("0.2.0"))?.prepare()?;
    assert_eq!((compiled(), second.alive()), (2, 0));
    let (one, two) = (second.get()?, second.get()?);
    assert_eq!((compiled(), one.world()), (2, two.world()));
    let error = pool(new_plugin("0.3.0")).expect_err("it is judged at once");
    assert!(matches!(error.kind(), ErrorKind::Unfit(_)), "{error}");
    Ok(())
}

#[test]
fn what_a_pool_cannot_load_fails_its_calls_and_is_tried_again() -> Result<(), Error> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("old.wasm");
    let write = |bytes: Vec<u8>| std::fs::write(&file, bytes).expect("there is room");
    write(old_plugin("0.1.0"));
    let host = Host::builder()
        .host_limits(HostLimits::default().threads(1))
        .build()?;
    let candidate = Candidate::from_file(&file, &Limits::default())?;
    let pool = versions().pool(host.plugin(&candidate), 1)?;
    write(new_plugin("0.2.0"));
    for _ in 0..2 {
        let error = apply(&pool, &price(200)).expect_err("the file changed");
        assert!(matches!(error.kind(), ErrorKind::Changed { .. }), "{error}");
        assert_eq!(pool.alive(), 0);
    }
    write(old_plugin("0.1.0"));
    assert_eq!(apply(&pool, &price(200))?, price(100));
    Ok(())
}
