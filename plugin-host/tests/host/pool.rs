//! Instances of one plugin that threads take out and give back.

use plugin_host::{
    Blame, Candidate, Error, ErrorKind, Host, HostLimits, MIB, Plugin, Pool, Prepared,
};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

plugin_host::world! {
    inline: "
        package test:pooled;
        world plugin {
            /// Counts the calls in this instance.
            export count: func() -> u32;
            export grow: func(pages: u32);
            export fail: func();
        }",
}

type World = PooledPlugin<u32>;

/// A plugin whose instances are numbered in their states.
fn prepared(limits: HostLimits) -> Prepared<World> {
    let component = wat::parse_str(
        r#"(component
            (core module $m
                (memory 1)
                (global $calls (mut i32) (i32.const 0))
                (func (export "count") (result i32)
                    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
                    (global.get $calls))
                (func (export "grow") (param i32) (drop (memory.grow (local.get 0))))
                (func (export "fail") unreachable))
            (core instance $i (instantiate $m))
            (func (export "count") (result u32) (canon lift (core func $i "count")))
            (func (export "grow") (param "pages" u32) (canon lift (core func $i "grow")))
            (func (export "fail") (canon lift (core func $i "fail"))))"#,
    );
    let component = component.expect("the text is a component");
    let host = Host::builder().host_limits(limits).build();
    let host = host.expect("the engine starts");
    let candidate = Candidate::from_bytes("pooled", component).expect("it is a component");
    let number = AtomicU32::new(0);
    host.plugin(&candidate)
        .prepare_with(move |_| Ok(number.fetch_add(1, Ordering::Relaxed)))
        .expect("it fits")
}

fn pool(size: usize) -> Pool<Plugin<World>> {
    Pool::new(&prepared(HostLimits::default()), size).wait(Duration::from_secs(60))
}

/// The number of the instance that a pool hands out now.
fn number(pool: &Pool<Plugin<World>>) -> Result<u32, Error> {
    Plugin::state(&mut *pool.get()?).copied()
}

#[test]
fn an_instance_that_was_given_back_is_the_next_to_go_out() -> Result<(), Error> {
    let pool = pool(3);
    assert_eq!(pool.alive(), 0);
    for calls in 1..=5 {
        assert_eq!(pool.get()?.count()?, calls);
    }
    assert_eq!(pool.alive(), 1);
    let (first, mut second) = (pool.get()?, pool.get()?);
    assert_eq!(second.count()?, 1);
    assert_eq!(pool.alive(), 2);
    drop((first, second));
    assert_eq!(pool.clone().alive(), 2);
    Ok(())
}

#[test]
fn threads_share_as_many_instances_as_the_pool_has() {
    let pool = pool(2);
    let calls = Arc::new(AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..4 {
            let (pool, calls) = (pool.clone(), Arc::clone(&calls));
            scope.spawn(move || {
                for _ in 0..200 {
                    let mut plugin = pool.get().expect("one comes back");
                    plugin.count().expect("it counts");
                    calls.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(calls.load(Ordering::Relaxed), 800);
    assert!(pool.alive() <= 2);
    let mut counted = 0;
    let mut out = Vec::new();
    for _ in 0..pool.alive() {
        let mut plugin = pool.get().expect("all are idle");
        counted += plugin.count().expect("it counts") - 1;
        out.push(plugin);
    }
    assert_eq!(counted, 800, "no call went elsewhere");
}

#[test]
fn who_waits_gets_the_instance_that_is_given_back() {
    // For ever, so that it is woken or never ends.
    let pool = pool(1).wait(Duration::MAX);
    let taken = Arc::new(Barrier::new(2));
    thread::scope(|scope| {
        let mut plugin = pool.get().expect("it is free");
        plugin.count().expect("it counts");
        let waiter = {
            let (pool, taken) = (pool.clone(), Arc::clone(&taken));
            scope.spawn(move || {
                taken.wait();
                pool.get().and_then(|mut plugin| plugin.count())
            })
        };
        taken.wait();
        drop(plugin);
        assert_eq!(waiter.join().expect("no panic").expect("it is free"), 2);
    });
}

#[test]
fn a_pool_whose_instances_are_all_out_says_so() -> Result<(), Error> {
    let pool = pool(2).wait(Duration::from_millis(20));
    let _out = (pool.get()?, pool.get()?);
    let error = pool.get().expect_err("both are out");
    assert_eq!(error.blame(), Blame::Application);
    assert_eq!(
        error.to_string(),
        "plugin `pooled`: all 2 instances of its pool were busy for 20ms: make the pool larger, \
         wait longer, or lower the limits on calls"
    );
    Ok(())
}

#[test]
fn an_instance_that_failed_is_replaced() -> Result<(), Error> {
    let pool = pool(1);
    pool.get()?.count()?;
    let error = pool.get()?.fail().expect_err("it traps");
    assert!(matches!(error.kind(), ErrorKind::Trap { .. }), "{error}");
    assert_eq!(pool.get()?.count()?, 1);
    assert_eq!((number(&pool)?, pool.alive()), (1, 1));
    Ok(())
}

#[test]
fn instances_are_thrown_away_after_so_many_calls() -> Result<(), Error> {
    let pool = pool(1).recycle_after(3);
    let counted: Result<Vec<u32>, Error> = (0..7).map(|_| pool.get()?.count()).collect();
    assert_eq!(counted?, [1, 2, 3, 1, 2, 3, 1]);
    // While it is out it stays.
    let mut plugin = pool.get()?;
    for calls in 2..9 {
        assert_eq!(plugin.count()?, calls);
    }
    drop(plugin);
    assert_eq!(pool.alive(), 0);
    assert_eq!(pool.get()?.count()?, 1);
    Ok(())
}

#[test]
fn instances_are_thrown_away_above_so_much_memory() -> Result<(), Error> {
    let pool = pool(1).recycle_above(MIB);
    pool.get()?.grow(15)?;
    assert_eq!(pool.get()?.count()?, 1, "a mebibyte is not above one");
    pool.get()?.grow(1)?;
    assert_eq!((number(&pool)?, pool.get()?.count()?), (1, 1));
    Ok(())
}

#[test]
fn a_start_that_fails_takes_no_place() -> Result<(), Error> {
    let prepared = prepared(HostLimits::default().instances(1));
    let pool = Pool::new(&prepared, 2).wait(Duration::from_secs(60));
    let first = pool.get()?;
    for _ in 0..3 {
        let error = pool.get().expect_err("the host has one instance alone");
        assert!(matches!(error.kind(), ErrorKind::Limit { .. }), "{error}");
    }
    assert_eq!(pool.alive(), 1);
    drop(first);
    assert_eq!(pool.get()?.count()?, 1);
    Ok(())
}

#[test]
fn a_thread_that_panics_gives_its_instance_back() -> Result<(), Error> {
    let pool = pool(1);
    let borrowed = pool.clone();
    let panicked = thread::spawn(move || {
        let mut plugin = borrowed.get().expect("it is free");
        plugin.count().expect("it counts");
        panic!("on purpose");
    });
    assert!(panicked.join().is_err());
    assert_eq!(pool.get()?.count()?, 2);
    Ok(())
}
