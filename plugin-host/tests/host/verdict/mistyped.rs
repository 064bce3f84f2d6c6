//! Worlds whose bindings are not those of their WIT, which generated ones never are: no
//! export is taken for what it is not.

use plugin_host::generated::wasmtime::{Result, component::Linker};
use plugin_host::generated::{Live, StoreData};
use plugin_host::{Candidate, ErrorKind, Host, World};
use std::marker::PhantomData;

mod wide {
    plugin_host::world! {
        world: "plugin",
        inline: "
            package acme:sum@1.0.0;
            interface sums { run: func(times: u64) -> u64; }
            world plugin { export sums; export run: func(times: u64) -> u64; }",
    }
}

mod narrow_interface {
    plugin_host::world! {
        world: "plugin",
        inline: "
            package acme:sum@1.0.0;
            interface sums { run: func(times: u32) -> u32; }
            world plugin { export sums; }",
    }
}

mod narrow_world {
    plugin_host::world! {
        world: "plugin",
        inline: "
            package acme:sum@1.0.0;
            world plugin { export run: func(times: u32) -> u32; }",
    }
}

/// A world with the bindings of another.
struct Mistyped<W>(PhantomData<fn(W)>);

impl<W: World<State = ()>> World for Mistyped<W> {
    type State = ();
    type Exports = W::Exports;
    const NAME: &'static str = wide::SumPlugin::<()>::NAME;
    const WIT: &'static [u8] = wide::SumPlugin::<()>::WIT;
    const OPTIONAL: &'static [&'static str] = &[];

    fn link(_: &mut Linker<StoreData<()>>) -> Result<()> {
        Ok(())
    }

    fn from_live(_: Live<(), Self::Exports>) -> Self {
        Self(PhantomData)
    }

    fn live(&self) -> &Live<(), Self::Exports> {
        unreachable!("nothing is started")
    }

    fn live_mut(&mut self) -> &mut Live<(), Self::Exports> {
        unreachable!("nothing is started")
    }
}

/// What preparing a plugin with the bindings of `W` is refused with.
fn refused<W: World<State = ()>>() -> String {
    let wasm = test_components::component!(
        "package acme:sum@1.0.0;
        interface sums { run: func(times: u64) -> u64; }
        world plugin { export sums; export run: func(times: u64) -> u64; }"
    );
    let candidate = Candidate::from_bytes("plugin", wasm).expect("it is a component");
    let host = Host::builder().build().expect("the engine starts");
    assert_eq!(host.plugin(&candidate).reasons::<Mistyped<W>>(), []);
    let prepared = host.plugin(&candidate).prepare::<Mistyped<W>>();
    let error = prepared.map(drop).expect_err("it is another type");
    assert!(matches!(error.kind(), ErrorKind::Types(_)), "{error}");
    error.to_string()
}

#[test]
fn an_export_of_another_type_is_refused_before_anything_starts() {
    for message in [
        refused::<narrow_interface::SumPlugin>(),
        refused::<narrow_world::SumPlugin>(),
    ] {
        let reason = "export func `run`: expected `u32` found `u64`";
        assert!(message.ends_with(reason), "{message}");
    }
}
