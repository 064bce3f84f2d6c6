//! The plugin world of wasmtime's own documentation, hosted.

use plugin_host::{Candidate, Host};

plugin_host::world! {
    inline: "
        package docs:calculator;
        world plugin {
            export get-plugin-name: func() -> string;
            export evaluate: func(x: s32, y: s32) -> s32;
        }",
}

#[test]
fn a_world_of_plain_functions_is_hosted_without_a_manifest() -> Result<(), plugin_host::Error> {
    let host = Host::builder().build()?;
    let candidate = Candidate::from_bytes("subtract", component())?;
    let mut plugin = host.load::<CalculatorPlugin>(&candidate)?;
    assert_eq!(plugin.get_plugin_name()?, "subtract");
    assert_eq!(plugin.evaluate(44, 2)?, 42);
    Ok(())
}

/// A component as any toolchain might build it.
fn component() -> Vec<u8> {
    wat::parse_str(
        r#"(component
            (core module $m
                (memory (export "memory") 1)
                (data (i32.const 16) "\20\00\00\00\08\00\00\00")
                (data (i32.const 32) "subtract")
                (func (export "name") (result i32) i32.const 16)
                (func (export "evaluate") (param i32 i32) (result i32)
                    (i32.sub (local.get 0) (local.get 1))))
            (core instance $i (instantiate $m))
            (alias core export $i "memory" (core memory $memory))
            (func (export "get-plugin-name") (result string)
                (canon lift (core func $i "name") (memory $memory)))
            (func (export "evaluate") (param "x" s32) (param "y" s32) (result s32)
                (canon lift (core func $i "evaluate"))))"#,
    )
    .expect("the text is a component")
}
