//! Interfaces that a plugin may leave out: who has them, who does not, and who
//! is refused for having them wrong.

use plugin_host::{Candidate, ErrorKind, Host};

plugin_host::world! {
    world: "plugin",
    optional: ["ranking"],
    inline: "
        package acme:shop@0.3.1;
        interface types { record product { id: u32, price: u32 } }
        interface transform { apply: func(price: u32) -> u32; }
        interface ranking {
            use types.{product};
            rank: func(product: product) -> s64;
            scale: func(score: s64) -> s64;
        }
        world plugin { export transform; }",
}

/// A plugin of the world with these changes to what it may leave out. Its
/// functions trap.
macro_rules! plugin {
    ($($from:literal => $to:literal),* $(,)?) => {
        test_components::component!("
            package acme:shop@0.3.1;
            interface types { record product { id: u32, price: u32 } }
            interface transform { apply: func(price: u32) -> u32; }
            interface ranking {
                use types.{product};
                rank: func(product: product) -> s64;
                scale: func(score: s64) -> s64;
            }
            world plugin { export transform; export ranking; }", $($from => $to),*)
    };
}

/// Whether the plugin has the ranking, or the reasons against it.
fn ranks(bytes: &[u8]) -> Result<bool, Vec<String>> {
    let host = Host::builder().build().expect("the engine starts");
    let candidate = Candidate::from_bytes("plugin", bytes).expect("it is a component");
    match host.load::<ShopPlugin>(&candidate) {
        Ok(mut plugin) => Ok(plugin.ranking().is_some()),
        Err(error) => match error.kind() {
            ErrorKind::Unfit(reasons) => Err(reasons.iter().map(ToString::to_string).collect()),
            _ => panic!("{error}"),
        },
    }
}

#[test]
fn what_is_optional_is_there_where_the_plugin_has_it() {
    for (bytes, has) in [
        (plugin!(), true),
        (plugin!("export ranking;" => ""), false),
        // On the same track, with more than is asked for.
        (plugin!("@0.3.1" => "@0.3.9"), true),
        (
            plugin!("rank: func(" => "best: func() -> u32; rank: func("),
            true,
        ),
    ] {
        assert_eq!(ranks(bytes), Ok(has));
    }
}

#[test]
fn what_is_optional_and_of_another_version_is_as_if_it_were_not_there() {
    let component = wat::parse_str(
        r#"(component
            (core module $m (func (export "f") (param i32) (result i32) local.get 0))
            (core instance $i (instantiate $m))
            (func $f (param "price" u32) (result u32) (canon lift (core func $i "f")))
            (instance $transform (export "apply" (func $f)))
            (export "acme:shop/transform@0.3.0" (instance $transform))
            (export "acme:shop/ranking@0.2.0" (instance $transform)))"#,
    );
    assert_eq!(ranks(&component.expect("a component")), Ok(false));
}

#[test]
fn what_is_optional_and_wrong_is_refused() {
    for (bytes, reason) in [
        (
            plugin!("scale: func(score: s64) -> s64;" => ""),
            "it does not export `scale` of `acme:shop/ranking@0.3.1`, which every plugin with that \
             interface must: upgrade the plugin",
        ),
        (
            plugin!("price: u32 }" => "price: u64 }"),
            "in `acme:shop/ranking@0.3.1`, rank → param product → product.price is u32 here and \
             u64 in the plugin: build the plugin against this application's WIT",
        ),
    ] {
        assert_eq!(ranks(bytes), Err(vec![reason.to_owned()]));
    }
}

#[test]
fn a_call_of_what_is_optional_is_a_call_like_any_other() -> Result<(), plugin_host::Error> {
    let component = wat::parse_str(
        r#"(component
            (type $product (record (field "id" u32) (field "price" u32)))
            (import "acme:shop/types@0.3.1" (instance $types
                (export "product" (type (eq $product)))))
            (alias export $types "product" (type $imported))
            (core module $m
                (func (export "same") (param i32) (result i32) local.get 0)
                (func (export "rank") (param i32 i32) (result i64)
                    (i64.extend_i32_u (local.get 1)))
                (func (export "scale") (param i64) (result i64) unreachable))
            (core instance $i (instantiate $m))
            (func $apply (param "price" u32) (result u32) (canon lift (core func $i "same")))
            (func $rank (param "product" $imported) (result s64)
                (canon lift (core func $i "rank")))
            (func $scale (param "score" s64) (result s64) (canon lift (core func $i "scale")))
            (instance $transform (export "apply" (func $apply)))
            (instance $ranking
                (export "product" (type $imported))
                (export "rank" (func $rank))
                (export "scale" (func $scale)))
            (export "acme:shop/transform@0.3.1" (instance $transform))
            (export "acme:shop/ranking@0.3.1" (instance $ranking)))"#,
    );
    let component = component.expect("the text is a component");
    let host = Host::builder().build()?;
    let candidate = Candidate::from_bytes("ranks", component)?;
    let mut plugin = host.load::<ShopPlugin>(&candidate)?;
    let tea = ranking::Product { id: 7, price: 250 };
    let mut ranking = plugin.ranking().expect("it has the interface");
    assert_eq!(ranking.rank(tea)?, 250);
    let error = ranking.scale(3).expect_err("it traps");
    assert!(matches!(error.kind(), ErrorKind::Trap { .. }), "{error}");
    assert!(error.to_string().contains("`ranking.scale`"), "{error}");

    // The instance is another one now, of the same component.
    assert!(plugin.ranking().is_some());
    assert_eq!(plugin.transform().apply(3)?, 3);
    Ok(())
}
