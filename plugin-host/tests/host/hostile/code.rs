//! Core modules that attack by what they do, written by hand where no compiler
//! would emit them.

use super::{Attacker, attacks};
use plugin_host::{Candidate, Error, Host};

plugin_host::world! {
    inline: "
        package test:attack;
        world guest { export attack: func(); }",
}

/// Loads a component of this text, which exports the function `attack`.
pub(crate) fn component(text: &str) -> impl Fn(&Host) -> Result<Attacker, Error> + use<> {
    let bytes = wat::parse_str(text).expect("the text is a component");
    move |host| {
        let candidate = Candidate::from_bytes("vandal", bytes.clone())?;
        let mut plugin = host.load::<AttackGuest>(&candidate)?;
        Ok(Box::new(move || {
            plugin.attack().map(|()| "it returned".to_owned())
        }))
    }
}

/// Loads a component around one core module of these parts.
fn module(parts: &str) -> impl Fn(&Host) -> Result<Attacker, Error> + use<> {
    component(&format!(
        r#"(component
            (core module $m {parts})
            (core instance $i (instantiate $m))
            (func (export "attack") (canon lift (core func $i "attack"))))"#
    ))
}

/// A function `attack` with this body.
fn body(text: &str) -> impl Fn(&Host) -> Result<Attacker, Error> + use<> {
    module(&format!(
        "(memory 1) (table 1 funcref) (func $f (export \"attack\") {text})"
    ))
}

attacks! {
    spins: body("(loop (br 0))") => "limit: Deadline in attack";
    spins_at_start: module("(func $f (loop (br 0))) (start $f) (func (export \"attack\"))")
        => "limit: Deadline in start";
    recurses_without_memory: body("(call $f)") => "trap: StackOverflow";
    recurses_at_start: module("(func $f (call $f)) (start $f) (func (export \"attack\"))")
        => "trap: StackOverflow";
    grows_memory: body(
        "(loop (br_if 0 (i32.ne (i32.const -1) (memory.grow (i32.const 1))))) unreachable"
    ) => "limit: Memory in attack";
    grows_many_memories: module(
        "(memory 4) (memory 3)
         (func (export \"attack\")
            (drop (memory.grow 0 (i32.const 2)))
            (if (i32.eq (i32.const -1) (memory.grow 1 (i32.const 2))) (then unreachable)))"
    ) => "limit: Memory in attack";
    has_large_memories: module("(memory 6) (memory 6) (func (export \"attack\"))")
        => "limit: Memory in start";
    refused_memory_is_no_failure: body("(drop (memory.grow (i32.const 60000)))")
        => "fine: it returned";
    grows_a_table: body(
        "(if (i32.eq (i32.const -1) (table.grow (ref.null func) (i32.const 1000)))
            (then unreachable))"
    ) => "limit: TableElements in attack";
    has_a_large_table: module("(table 1001 funcref) (func (export \"attack\"))")
        => "limit: TableElements in start";
    has_many_tables: component(&format!(
        r#"(component
            (core module $a {0}) (core instance (instantiate $a))
            (core module $m {0} (func (export "attack")))
            (core instance $i (instantiate $m))
            (func (export "attack") (canon lift (core func $i "attack"))))"#,
        "(table 1 funcref)".repeat(60)
    )) => "limit: Instances in start";
    has_many_memories: module(
        &format!("{} (func (export \"attack\"))", "(memory 0)".repeat(11))
    ) => "limit: Memories in start";
    has_many_core_instances: component(&format!(
        r#"(component
            (core module $m (func (export "attack")))
            {}
            (core instance $i (instantiate $m))
            (func (export "attack") (canon lift (core func $i "attack"))))"#,
        "(core instance (instantiate $m))".repeat(100)
    )) => "limit: Instances in start";
    reaches_outside_memory: body("(drop (i32.load (i32.const 65536)))") => "trap: OutOfBounds";
    calls_outside_a_table: body("(call_indirect (i32.const 1))") => "trap: OutOfBounds";
    calls_what_is_not_there: body("(call_indirect (i32.const 0))")
        => "trap: uninitialized element";
    calls_with_another_type: module(
        "(table 1 funcref) (elem (i32.const 0) $g) (func $g (param i32))
         (func (export \"attack\") (call_indirect (i32.const 0)))"
    ) => "trap: indirect call type mismatch";
    divides_by_zero: body("(drop (i32.div_u (i32.const 1) (i32.const 0)))") => "trap: Arithmetic";
    overflows_an_integer: body(
        "(drop (i32.trunc_f64_u (f64.const 1e300)))"
    ) => "trap: Arithmetic";
    aborts: body("unreachable") => "trap: Abort";
    aborts_at_start: module("(func $f unreachable) (start $f) (func (export \"attack\"))")
        => "trap: Abort";
    fills_in_bulk: module(
        "(memory 10)
         (func (export \"attack\") (loop
            (memory.fill (i32.const 0) (i32.const 1) (i32.const 655360)) (br 0)))"
    ) => "limit: Deadline in attack";
    copies_a_table_in_bulk: module(
        "(table 1000 funcref)
         (func (export \"attack\") (loop
            (table.copy (i32.const 1) (i32.const 0) (i32.const 999)) (br 0)))"
    ) => "limit: Deadline in attack";
    has_data_that_does_not_fit: module(
        "(memory 1) (data (i32.const 65535) \"too long\") (func (export \"attack\"))"
    ) => "trap: OutOfBounds";
    has_data_at_the_far_end: module(
        // A few bytes at the end of a memory that is far too large.
        "(memory 60000) (data (i32.const 3932159999) \"x\") (func (export \"attack\"))"
    ) => "limit: Memory in start";
    has_elements_that_do_not_fit: module(
        "(table 1 funcref) (elem (i32.const 1) $f) (func $f (export \"attack\"))"
    ) => "trap: OutOfBounds";
    uses_a_proposal_that_is_off: module("(memory i64 1) (func (export \"attack\"))")
        => "compile: ";
    shares_memory: module("(memory 1 1 shared) (func (export \"attack\"))") => "compile: ";
    has_ten_thousand_functions: module(
        &format!("{} (func (export \"attack\"))", "(func (drop (i32.const 1)))".repeat(10_000))
    ) => "fine: it returned";
    takes_long_to_compile: module(
        // What is promised: it is one of few that compile at once, of bounded
        // size, and others run meanwhile. Not promised: how long it takes.
        &format!(
            "(func (export \"attack\") (local i64) {})",
            "(local.set 0 (i64.mul (i64.add (local.get 0) (i64.const 7)) (local.get 0)))"
                .repeat(2_000)
        )
    ) => "fine: it returned";
}
