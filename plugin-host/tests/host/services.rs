//! Services that no Rust guest imports by itself, called from components written
//! by hand.

use crate::section::with_manifest;
use plugin_host::{Candidate, Error, ErrorKind, Grants, Host, Level, Plugin};
use std::time::Instant;

plugin_host::world! {
    inline: "
        package test:services;
        world guest { export run: func() -> string; }",
}

/// A component that imports `instance` under a name, and whose core function
/// `run` calls what is lowered as `$host`. It answers with the text whose place
/// and length are at 72 and 76.
fn component(name: &str, instance: &str, function: &str, host: &str, run: &str) -> Vec<u8> {
    let text = format!(
        r#"(component
            (import "{name}" (instance $import {instance}))
            (core module $memory
                (memory (export "memory") 1)
                (global $next (mut i32) (i32.const 1024))
                (func (export "realloc") (param i32 i32 i32 i32) (result i32)
                    (local $at i32)
                    (local.set $at (i32.and
                        (i32.add (global.get $next) (i32.const 7))
                        (i32.const -8)))
                    (global.set $next (i32.add (local.get $at) (local.get 3)))
                    (local.get $at)))
            (core instance $memory (instantiate $memory))
            (core func $host (canon lower (func $import "{function}")
                (memory $memory "memory") (realloc (func $memory "realloc"))))
            (core module $guest
                (import "memory" "memory" (memory 1))
                (import "host" "host" (func $host {host}))
                (data (i32.const 16) "colour")
                (data (i32.const 32) "running low")
                (func (export "run") (result i32)
                    {run}
                    (i32.const 72)))
            (core instance $guest (instantiate $guest
                (with "memory" (instance $memory))
                (with "host" (instance (export "host" (func $host))))))
            (func (export "run") (result string)
                (canon lift (core func $guest "run") (memory $memory "memory"))))"#
    );
    wat::parse_str(text).expect("the text is a component")
}

fn load(bytes: Vec<u8>, grants: Grants) -> Plugin<ServicesGuest> {
    let host = Host::builder().build().expect("the engine starts");
    let bytes = with_manifest(
        bytes,
        "id = 'guest'\nversion = '1.0.0'\ncapabilities = { config = true, random = 'secure' }",
    );
    let candidate = Candidate::from_bytes("guest", bytes).expect("it is a component");
    let loader = host.plugin(&candidate).grants(grants);
    loader.load().expect("it fits")
}

fn run(bytes: Vec<u8>, grants: Grants) -> Result<String, Error> {
    load(bytes, grants).run()
}

#[test]
fn wasi_config_serves_the_settings() {
    for version in ["0.2.0-draft", "0.2.0-rc.1"] {
        let bytes = component(
            &format!("wasi:config/store@{version}"),
            r#"(type $any (variant (case "upstream" string) (case "io" string)))
               (export "error" (type $error (eq $any)))
               (export "get" (func (param "key" string)
                    (result (result (option string) (error $error)))))
               (export "get-all" (func
                    (result (result (list (tuple string string)) (error $error)))))"#,
            "get",
            "(param i32 i32 i32)",
            "(call $host (i32.const 16) (i32.const 6) (i32.const 64))",
        );
        let grants = Grants::none().grant_config([("colour", "red")]);
        assert_eq!(run(bytes.clone(), grants).expect("it runs"), "red");
        assert_eq!(run(bytes, Grants::none()).expect("it runs"), "");
    }
}

#[test]
fn wasi_config_lists_the_settings() {
    let bytes = component(
        "wasi:config/store@0.2.0-rc.1",
        r#"(type $any (variant (case "upstream" string) (case "io" string)))
           (export "error" (type $error (eq $any)))
           (export "get-all" (func
                (result (result (list (tuple string string)) (error $error)))))"#,
        "get-all",
        "(param i32)",
        // The value of the second of the entries that the result at 48 points to.
        "(call $host (i32.const 48))
         (i32.store (i32.const 72) (i32.load offset=24 (i32.load (i32.const 52))))
         (i32.store (i32.const 76) (i32.load offset=28 (i32.load (i32.const 52))))",
    );
    let grants = Grants::none().grant_config([("size", "12"), ("colour", "red")]);
    assert_eq!(run(bytes, grants).expect("it runs"), "12");
}

#[test]
fn what_is_logged_through_wasi_is_kept_with_the_rest() {
    for name in ["wasi:logging/logging", "wasi:logging/logging@0.1.0-draft"] {
        let bytes = component(
            name,
            r#"(type $any (enum "trace" "debug" "info" "warn" "error" "critical"))
               (export "level" (type $level (eq $any)))
               (export "log" (func (param "level" $level) (param "context" string)
                    (param "message" string)))"#,
            "log",
            "(param i32 i32 i32 i32 i32)",
            "(call $host (i32.const 3) (i32.const 16) (i32.const 6)
                (i32.const 32) (i32.const 11))
             (call $host (i32.const 5) (i32.const 0) (i32.const 0)
                (i32.const 32) (i32.const 7))",
        );
        let mut plugin = load(bytes, Grants::none());
        plugin.run().expect("it runs");
        let output = Plugin::output(&plugin);
        let printed: Vec<String> = output.log.iter().map(ToString::to_string).collect();
        assert_eq!(
            printed,
            ["warn: running low context=colour", "error: running"]
        );
        assert_eq!(output.log[1].level, Level::Error);
        assert_eq!(Plugin::last_usage(&plugin).host_calls, 2);
    }
}

#[test]
fn four_gibibytes_of_random_numbers_are_refused_at_once() {
    for (interface, function) in [
        ("random", "get-random-bytes"),
        ("insecure", "get-insecure-random-bytes"),
    ] {
        let bytes = component(
            &format!("wasi:random/{interface}@0.2.0"),
            &format!(r#"(export "{function}" (func (param "len" u64) (result (list u8))))"#),
            function,
            "(param i64 i32)",
            "(call $host (i64.const 0x1_0000_0000) (i32.const 64))",
        );
        let mut plugin = load(bytes, Grants::none().grant_secure_random());
        let start = Instant::now();
        let error = plugin.run().expect_err("it is too much");
        assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
        assert!(error.to_string().contains("4294967296"), "{error}");
    }
}

#[test]
fn an_exit_with_a_code_ends_the_instance() {
    let bytes = component(
        "wasi:cli/exit@0.2.12",
        r#"(export "exit-with-code" (func (param "status-code" u8)))"#,
        "exit-with-code",
        "(param i32)",
        "(call $host (i32.const 3))",
    );
    let error = run(bytes, Grants::none()).expect_err("it ends");
    assert!(
        matches!(error.kind(), ErrorKind::Exit { success: false, .. }),
        "{error:?}"
    );
}
