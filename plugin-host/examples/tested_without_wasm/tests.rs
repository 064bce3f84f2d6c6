//! The shop with plain values for plugins.

use super::*;
use plugin_host::testing::{RunningCall, component};
use plugin_host::{Discovery, Limits, Manifest, NativePlugin, PluginId};

/// Takes this off the price.
#[derive(Clone)]
struct Off(u32);

impl discount::Calls for Off {
    fn apply(&mut self, price: u32) -> Result<Result<u32, String>, Error> {
        Ok(price.checked_sub(self.0).ok_or("too cheap".to_owned()))
    }
}

fn plugins(of: &[(&str, u32)]) -> Discounts {
    let mut plugins = Plugins::new();
    for &(name, off) in of {
        let id: PluginId = name.parse().expect("an id");
        let native = NativePlugin::new(id.clone(), Off(off));
        let start = move || Ok(native.clone().called::<dyn discount::Calls>(|off| off));
        plugins.add(id.clone(), 0, Pool::from_fn(id, 2, start));
    }
    plugins
}

#[test]
fn a_plugin_that_fails_is_left_out_and_told_of() {
    let mut plugins = plugins(&[("half", 50), ("much", 500), ("some", 20)]);
    let refused = Candidate::from_bytes("text", *b"text").expect_err("it is no component");
    plugins.add_refused(refused);
    std::thread::scope(|scope| {
        let calls = [(); 8].map(|()| scope.spawn(|| price(&plugins, 100)));
        for call in calls {
            let (price, left_out) = call.join().expect("no panic");
            assert_eq!((price, left_out.len()), (30, 2), "{left_out:?}");
            assert!(left_out[1] == "much: too cheap", "{left_out:?}");
        }
    });
}

#[test]
fn counting_is_paid_for_and_ends_with_the_call() -> Result<(), plugin_host::PluginIdError> {
    let call = RunningCall::begin(&Limits::default());
    let mut shop = open(call.context("pricing".parse()?));
    let names = || vec!["tea".to_owned(), "milk".to_owned()];
    assert_eq!(stock::Host::count(&mut shop, names()), [12, 0]);
    assert_eq!(call.fuel_charged(), 2_000);
    call.cancel();
    assert!(stock::Host::count(&mut shop, names()).is_empty());
    Ok(())
}

#[test]
fn a_plugin_that_does_not_fit_is_told_of() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    for version in ["1.0.0", "1.1.0"] {
        let manifest = Manifest::new("pricing".parse()?, version.parse()?);
        let file = folder.path().join(format!("{version}.wasm"));
        std::fs::write(file, component(Some(&manifest)))?;
    }
    let found = Discovery::new().discover(folder.path());
    let [Err(_), Ok(kept)] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(
        kept.version().map(ToString::to_string).as_deref(),
        Some("1.1.0")
    );
    let (price, left_out) = price(&load(&Host::builder().build()?, found), 100);
    assert_eq!((price, left_out.len()), (100, 2));
    assert!(
        left_out[1].contains("it does not export `acme:shop/discount@0.1.0`"),
        "{left_out:?}"
    );
    Ok(())
}
