//! Resources where they are used and not defined: nobody has to have them there.

use plugin_host::{Candidate, ErrorKind, Host};

plugin_host::world! {
    inline: "
        package acme:depot@1.2.0;
        interface goods {
            resource bin { size: func() -> u32; }
            resource van;
        }
        interface store {
            use goods.{bin};
            type pail = bin;
            fill: func(bin: borrow<bin>);
            resource tank;
            park: func(tank: borrow<tank>);
        }
        world plugin {
            import goods;
            import store;
            export run: func();
        }",
}

struct Depot;

impl goods::Host for Depot {}

impl goods::HostBin for Depot {
    fn size(&mut self, _: &mut goods::Bin) -> u32 {
        0
    }
}

impl goods::HostVan for Depot {}

impl store::Host for Depot {
    fn fill(&mut self, _: &mut goods::Bin) {}

    fn park(&mut self, _: &mut store::Tank) {}
}

impl store::HostTank for Depot {}

/// Every reason; where there is none, the component is loaded and started.
fn verdict(bytes: &[u8]) -> Vec<String> {
    let host = Host::builder().build().expect("the engine starts");
    let candidate = Candidate::from_bytes("plugin", bytes).expect("it is a component");
    let reasons = host.plugin(&candidate).reasons::<DepotPlugin<Depot>>();
    match host.load_with::<DepotPlugin<Depot>>(&candidate, |_| Ok(Depot)) {
        Ok(_) => assert!(reasons.is_empty(), "{reasons:?}"),
        Err(error) => assert!(matches!(error.kind(), ErrorKind::Unfit(_)), "{error}"),
    }
    reasons.iter().map(ToString::to_string).collect()
}

/// The reasons of the depot against its own WIT with changes.
macro_rules! depot {
    ($($from:literal => $to:literal),* $(,)?) => {
        verdict(
            test_components::component!("
            package acme:depot@1.2.0;
            interface goods {
                resource bin { size: func() -> u32; }
                resource van;
            }
            interface store {
                use goods.{bin};
                type pail = bin;
                fill: func(bin: borrow<bin>);
                resource tank;
                park: func(tank: borrow<tank>);
            }
            world plugin {
                import goods;
                import store;
                export run: func();
            }", $($from => $to),*),
        )
    };
}

#[test]
fn a_resource_is_linked_where_it_is_defined_and_nowhere_else() {
    assert_eq!(depot!(), [""; 0]);
    assert_eq!(
        depot!(
            "resource bin { size: func() -> u32; }" => "",
            "use goods.{bin};" => "resource bin;",
        ),
        [
            "it imports `[resource]bin` of `acme:depot/store@1.2.0`, which this application does \
             not provide: use a plugin made for this application",
            "in `acme:depot/store@1.2.0`, fill → param bin is borrow<bin of the import \
             acme:depot/goods@1.2.0> here and borrow<bin of the import acme:depot/store@1.2.0> \
             in the plugin: build the plugin against this application's WIT",
        ]
    );
    assert_eq!(
        depot!("use goods.{bin};" => "use goods.{van as bin};"),
        [
            "in `acme:depot/store@1.2.0`, fill → param bin is borrow<bin> here and borrow<van> \
             in the plugin: build the plugin against this application's WIT",
        ]
    );
    assert_eq!(
        depot!("resource tank;" => "use goods.{van as tank};"),
        [
            "in `acme:depot/store@1.2.0`, resource tank is tank of the import \
             acme:depot/store@1.2.0 here and van of the import acme:depot/goods@1.2.0 in the \
             plugin: build the plugin against this application's WIT",
            "in `acme:depot/store@1.2.0`, park → param tank is borrow<tank> here and borrow<van> \
             in the plugin: build the plugin against this application's WIT",
        ]
    );
}

#[test]
fn other_names_for_a_resource_are_nothing_to_have() {
    for reasons in [
        depot!("use goods.{bin};" => "use goods.{bin as box};", "= bin" => "= box",
            "borrow<bin>" => "borrow<box>"),
        depot!("type pail = bin;" => "type pot = bin;", "borrow<bin>" => "borrow<pot>"),
        depot!("fill: func(bin: borrow<bin>)" => "unused-fill: func(bin: borrow<bin>)"),
        depot!("import goods;" => "use goods.{bin as box}; import goods;",
            "export run" => "export weigh: func(box: borrow<box>); export run"),
        depot!("export run" => "use bits.{crate-of}; export pack: func(it: crate-of); export run",
            "world plugin" => "interface bits { use goods.{van}; record crate-of { van: van } }
             world plugin"),
    ] {
        assert_eq!(reasons, [""; 0]);
    }
}
