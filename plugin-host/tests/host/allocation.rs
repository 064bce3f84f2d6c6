//! Where instances get their memory from, and what happens where there is little.

use plugin_host::{Allocation, Candidate, Error, ErrorKind, Host, HostLimits, LimitKind, Plugin};
use std::process::{Command, Stdio};

plugin_host::world! {
    inline: "
        package test:allocated;
        world plugin {
            /// Makes the memory larger by so many pages, writes to the last byte and
            /// reads it.
            export grow: func(pages: u32) -> u32;
            /// Makes the memory larger by so many pages, adds up all of it, and fills it.
            export stain: func(pages: u32) -> u32;
        }",
}

fn candidate(memories: usize) -> Candidate {
    let component = format!(
        r#"(component
            (core module $m
                {}
                (func (export "grow") (param i32) (result i32)
                    (drop (memory.grow (local.get 0)))
                    (i32.store8
                        (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1))
                        (i32.const 7))
                    (i32.load8_u
                        (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1))))
                (func (export "stain") (param i32) (result i32)
                    (local $at i32) (local $sum i32)
                    (drop (memory.grow (local.get 0)))
                    (local.set $at (i32.mul (memory.size) (i32.const 65536)))
                    (loop $next
                        (local.set $at (i32.sub (local.get $at) (i32.const 4)))
                        (local.set $sum
                            (i32.or (local.get $sum) (i32.load (local.get $at))))
                        (br_if $next (local.get $at)))
                    (memory.fill
                        (i32.const 0) (i32.const 7)
                        (i32.mul (memory.size) (i32.const 65536)))
                    (local.get $sum)))
            (core instance $i (instantiate $m))
            (func (export "grow") (param "pages" u32) (result u32)
                (canon lift (core func $i "grow")))
            (func (export "stain") (param "pages" u32) (result u32)
                (canon lift (core func $i "stain"))))"#,
        "(memory 1)".repeat(memories)
    );
    let component = wat::parse_str(component).expect("the text is a component");
    Candidate::from_bytes("allocated", component).expect("it is a component")
}

fn load(host: &Host) -> Result<Plugin<AllocatedPlugin<()>>, Error> {
    host.load(&candidate(1))
}

#[test]
fn each_allocation_runs_a_plugin_that_grows() -> Result<(), Error> {
    for allocation in [
        Allocation::Pooled,
        Allocation::OnDemand,
        Allocation::Checked,
    ] {
        let host = Host::builder().allocation(allocation).build()?;
        assert_eq!(host.allocation(), allocation);
        let mut plugin = load(&host)?;
        for _ in 0..3 {
            assert_eq!(plugin.grow(10)?, 7);
        }
        assert_eq!(host.usage().memory, 31 * 64 * 1024);
        assert_eq!(plugin.grow(100)?, 7);
    }
    Ok(())
}

#[test]
fn a_pool_has_room_for_every_instance_that_the_host_allows() -> Result<(), Error> {
    let limits = HostLimits::default().instances(200);
    let host = Host::builder().host_limits(limits).build()?;
    let prepared = host
        .plugin(&candidate(1))
        .prepare::<AllocatedPlugin<()>>()?;
    for _ in 0..3 {
        let mut plugins: Vec<_> = (0..200)
            .map(|_| prepared.start())
            .collect::<Result<_, _>>()?;
        for plugin in &mut plugins {
            assert_eq!(plugin.grow(1)?, 7);
        }
    }
    Ok(())
}

#[test]
fn nothing_is_left_in_memory_of_the_instance_that_had_it_before() -> Result<(), Error> {
    let host = Host::builder()
        .host_limits(HostLimits::default().instances(1))
        .build()?;
    // One plugin's instances, and another's.
    for memories in [1, 1, 2] {
        let prepared = host
            .plugin(&candidate(memories))
            .prepare::<AllocatedPlugin<()>>()?;
        for pages in [16, 0, 40, 3] {
            let mut plugin = prepared.start()?;
            assert_eq!(plugin.stain(pages)?, 0);
            assert_ne!(plugin.stain(0)?, 0);
        }
    }
    Ok(())
}

#[test]
fn plugins_of_many_memories_use_the_pool_up_with_an_error_that_says_so() -> Result<(), Error> {
    let limits = HostLimits::default().instances(20);
    let host = Host::builder().host_limits(limits).build()?;
    let prepared = host
        .plugin(&candidate(10))
        .prepare::<AllocatedPlugin<()>>()?;
    let mut plugins = Vec::new();
    let error = loop {
        match prepared.start() {
            Ok(plugin) => plugins.push(plugin),
            Err(error) => break error,
        }
        assert!(plugins.len() < 20, "the pool is never used up");
    };
    assert!(matches!(
        error.kind(),
        ErrorKind::Limit {
            limit: LimitKind::HostPool,
            allowed: 20,
            ..
        }
    ));
    assert_eq!(
        error.to_string(),
        "plugin `allocated`: `start` found the memories or tables used up that this host has for \
         20 instances; drop plugins that are not needed, or allow more instances in `HostLimits`"
    );
    // Another finds room as soon as one has ended.
    plugins.pop();
    assert_eq!(prepared.start()?.grow(1)?, 7);
    Ok(())
}

/// Runs [`says_what_there_is_room_for`] in a process with so many KiB of address space.
#[cfg(target_os = "linux")]
fn with_address_space(kib: u64) -> String {
    let child = Command::new("sh")
        .args(["-c", &format!("ulimit -v {kib}; exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().expect("it runs"))
        .args(["--exact", "allocation::says_what_there_is_room_for"])
        .args(["--ignored", "--nocapture", "--test-threads=1"])
        .stdout(Stdio::piped())
        .spawn();
    let output = child.expect("it starts").wait_with_output();
    let text = String::from_utf8(output.expect("it ends").stdout).expect("it is text");
    let answer = text.lines().find_map(|line| line.strip_prefix("answer: "));
    answer.expect(&text).to_owned()
}

#[test]
#[ignore = "another test starts it"]
fn says_what_there_is_room_for() -> Result<(), Error> {
    let host = Host::builder().build()?;
    let mut plugins = (0..20)
        .map(|_| load(&host))
        .collect::<Result<Vec<_>, _>>()?;
    for plugin in &mut plugins {
        assert_eq!(plugin.grow(16)?, 7);
    }
    println!("\nanswer: {:?} {}", host.allocation(), plugins.len());
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn where_address_space_is_short_plugins_run_with_the_next_best() {
    const GIB: u64 = 1024 * 1024;
    assert_eq!(with_address_space(2 * GIB), "Checked 20");
    assert_eq!(with_address_space(600 * GIB), "OnDemand 20");
    assert_eq!(with_address_space(64 * 1024 * GIB), "Pooled 20");
}
