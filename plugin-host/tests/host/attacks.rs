//! Attacks that no compiler would emit, written by hand.

use plugin_host::{Candidate, Error, Host, Limits};

plugin_host::world! {
    inline: "
        package test:attack;
        world guest { export attack: func(); }",
}

/// Runs the function `attack` of a core module with these parts.
fn attack(parts: &str) -> Error {
    let text = format!(
        r#"(component
            (core module $m {parts})
            (core instance $i (instantiate $m))
            (func (export "attack") (canon lift (core func $i "attack"))))"#
    );
    let bytes = wat::parse_str(text).expect("the text is a component");
    let limits = Limits::default().memory(10 * 65_536).table_elements(1000);
    let host = Host::builder()
        .limits(limits)
        .build()
        .expect("the engine starts");
    let candidate = Candidate::from_bytes("vandal", bytes).expect("it is a component");
    match host.load::<AttackGuest>(&candidate, |_| Ok(())) {
        Ok(mut plugin) => plugin.attack().expect_err("the attack must fail"),
        Err(error) => error,
    }
}

#[test]
fn each_attack_ends_with_the_error_that_names_it() {
    for (parts, message) in [
        (
            "(table 10 funcref)
             (func (export \"attack\")
                (if (i32.eq (i32.const -1)
                        (table.grow (ref.null func) (i32.const 1000)))
                    (then unreachable)))",
            "`attack` asked for 1010 table elements, and 1000 are allowed; \
             report this to its author, or allow more",
        ),
        (
            "(table 1001 funcref) (func (export \"attack\"))",
            "`start` asked for 1001 table elements, and 1000 are allowed; \
             report this to its author, or allow more",
        ),
        (
            "(memory 6) (memory 6) (func (export \"attack\"))",
            "`start` asked for 786432 bytes of memory, and 655360 are allowed; \
             report this to its author, or allow more memory",
        ),
        (
            "(memory 6) (memory 1)
             (func (export \"attack\")
                (drop (memory.grow 0 (i32.const 2)))
                (if (i32.eq (i32.const -1) (memory.grow 1 (i32.const 2)))
                    (then unreachable)))",
            "`attack` asked for 720896 bytes of memory, and 655360 are allowed; \
             report this to its author, or allow more memory",
        ),
        (
            "(func $f (export \"attack\") (call $f))",
            "`attack` overflowed its stack, it may recurse endlessly; report this to its author",
        ),
        (
            "(memory 1) (func (export \"attack\") (drop (i32.load (i32.const 65536))))",
            "`attack` reached outside its memory; report this to its author",
        ),
        (
            "(func (export \"attack\") (drop (i32.div_u (i32.const 1) (i32.const 0))))",
            "`attack` divided by zero or overflowed; report this to its author",
        ),
        (
            "(func (export \"attack\") unreachable)",
            "`attack` aborted without saying why; report this to its author",
        ),
        (
            "(func $f unreachable) (start $f) (func (export \"attack\"))",
            "`start` aborted without saying why; report this to its author",
        ),
        (
            "(func $f (loop (br 0))) (start $f) (func (export \"attack\"))",
            "`start` ran past its deadline of 2s; \
             it may loop or wait: report this to its author, or allow more time",
        ),
    ] {
        let error = attack(parts);
        assert_eq!(
            error.to_string(),
            format!("plugin `vandal`: {message}"),
            "{parts}"
        );
    }
}

#[test]
fn code_of_a_proposal_that_is_off_is_refused() {
    let error = attack("(memory i64 1) (func (export \"attack\"))").to_string();
    let start = "plugin `vandal`: its code is not accepted, rebuild it for wasm32-wasip2: ";
    assert!(error.starts_with(start), "{error}");
}

#[test]
fn a_component_that_multiplies_when_it_is_read_is_refused() {
    let refusal = |text: &str| {
        let bytes = wat::parse_str(text).expect("the text is a component");
        let error = Candidate::from_bytes("vandal", bytes).expect_err("it would grow");
        error.to_string()
    };
    // Three levels of thirty instances each.
    let instances = "(instance (instantiate $c))".repeat(30);
    let text = format!(
        "(component (component $c (component $c (component $c) {instances}) {instances})
            {instances})"
    );
    assert_eq!(
        refusal(&text),
        "plugin file `vandal`: it would instantiate its parts more than 10000 times: \
         it is no plugin"
    );

    // One type with long names, exported often.
    let functions: String = (0..100)
        .map(|i| format!("(export \"f{i}{}\" (func))", "x".repeat(1000)))
        .collect();
    let imports: String = (0..20)
        .map(|i| format!("(import \"i{i}\" (instance (type $t)))"))
        .collect();
    let text = format!("(component (type $t (instance {functions})) {imports})");
    assert_eq!(
        refusal(&text),
        "plugin file `vandal`: the names of its imports and exports take more than 1048576 \
         bytes: it is no plugin"
    );
}
