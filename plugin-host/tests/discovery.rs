//! Finding and judging plugins makes no engine. In a process of its own, since the
//! engines of other tests take address space and threads.
#![cfg(target_os = "linux")]

use plugin_host::{Discovery, ErrorKind, Grants, Host, Limits, Policy, Versions};
use std::fs;

plugin_host::world! {
    inline: "
        package acme:shop@0.1.0;
        interface discount { apply: func(price: u32) -> u32; }
        world plugin { export discount; }",
}

const FITS: &str = r#"(component
    (core module $m (func (export "f") (param i32) (result i32) local.get 0))
    (core instance $i (instantiate $m))
    (func $f (param "price" u32) (result u32) (canon lift (core func $i "f")))
    (instance $discount (export "apply" (func $f)))
    (export "acme:shop/discount@0.1.0" (instance $discount)))"#;

/// Bytes of addresses that this process has, and its threads.
fn taken() -> (u64, u64) {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let number = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        number.expect("a number")
    };
    (number("VmSize:") * 1024, number("Threads:"))
}

#[test]
fn finding_and_judging_makes_no_engine_and_says_what_a_host_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let bytes = wat::parse_str(text).expect("the text is a component");
        fs::write(folder.path().join(name), bytes).expect("there is room");
    };
    write("fits.wasm", FITS);
    write("other.wasm", "(component)");
    fs::write(folder.path().join("text.wasm"), "text").expect("there is room");

    let version = "1.2.0".parse().expect("a version");
    let discovery = Discovery::new()
        .application("shop", version)
        .limits(Limits::default().component(1024 * 1024))
        .policy(Policy::default());
    let before = taken();
    let found = discovery.discover(folder.path());
    let [Ok(fits), Ok(other), Err(text)] = found.as_slice() else {
        panic!("{found:?}")
    };
    let judged = |candidate| discovery.judge::<ShopPlugin>(candidate);
    assert!(judged(fits).expect("it fits").is_empty());
    let unfit = judged(other).expect_err("it exports nothing");
    assert!(matches!(unfit.kind(), ErrorKind::Unfit(_)), "{unfit}");
    let versions = Versions::<ShopPlugin>::newest::<ShopPlugin>(|plugin| plugin);
    assert!(versions.judge(&discovery.plugin(fits)).is_ok());
    assert_eq!(versions.reasons(&discovery.plugin(other)).len(), 1);
    let clock = discovery
        .plugin(fits)
        .grants(Grants::none().grant_real_clock());
    let clock = clock.judge::<ShopPlugin>().expect_err("it asks for none");
    assert!(matches!(clock.kind(), ErrorKind::NotAsked(_)), "{clock}");
    let locked = discovery.clone().locked().judge::<ShopPlugin>(fits);
    let locked = locked.expect_err("nothing is locked");
    assert!(matches!(locked.kind(), ErrorKind::NotLocked), "{locked}");
    let after = taken();
    // An engine's pool alone takes terabytes, and its clock a thread that stays.
    assert!(after.0 - before.0 < 1 << 30, "{before:?}, then {after:?}");
    assert_eq!(after.1, before.1, "threads that stay");

    let host = Host::builder().discovery(discovery.clone()).build();
    let host = host.expect("the engine starts");
    assert!(taken().0 - before.0 > 1 << 30, "what is counted is there");
    let same = host.discover(folder.path());
    let shown = |found: &[Result<_, plugin_host::Error>]| format!("{found:?}");
    assert_eq!(shown(&same), shown(&found));
    let refused = host
        .load::<ShopPlugin>(other)
        .expect_err("it exports nothing");
    assert_eq!(refused.to_string(), unfit.to_string());
    assert!(text.to_string().contains("text.wasm"), "{text}");
    let mut plugin = host.load::<ShopPlugin>(fits).expect("it fits");
    assert_eq!(plugin.discount().apply(7).expect("it answers"), 7);
}
