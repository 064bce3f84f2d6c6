//! Functions that are called as the bindings' own variables are.

use plugin_host::{Candidate, Host};

plugin_host::world! {
    world: "plugin",
    inline: "
        package acme:names@1.0.0;
        interface names { instance: func(); component: func(); last: func(); }
        world plugin { export names; export instance: func(); }",
}

#[test]
fn functions_named_as_variables_of_the_bindings_are_found() {
    let wasm = test_components::component!(
        "package acme:names@1.0.0;
        interface names { instance: func(); component: func(); last: func(); }
        world plugin { export names; export instance: func(); }"
    );
    let candidate = Candidate::from_bytes("plugin", wasm).expect("it is a component");
    let host = Host::builder().build().expect("the engine starts");
    let prepared = host
        .plugin(&candidate)
        .prepare::<NamesPlugin>()
        .expect("all functions are there");
    prepared.start().expect("all functions are there");
}
