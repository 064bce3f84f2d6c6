//! Holds the versions of the package that `plugin-host` runs plugins of on every
//! host to what those plugins meet there.

use plugin_host_wit_check::{Report, Severity, Wit, compare};
use std::path::Path;

fn step(old: &str, new: &str) -> Report {
    let versions = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/wit/orders");
    let wit = |version| Wit::from_path(versions.join(version)).expect("it is WIT");
    compare(&wit(old), &wit(new))
}

#[test]
fn an_interface_to_import_is_covered_on_the_same_track() {
    let report = step("0.1.0", "0.1.1");
    assert_eq!(
        report.to_string(),
        "minor acme:orders/plugin (imports): import `acme:orders/customers` added; plugins \
         built before do not use it\n\
         acme:orders: minor changes, and the version went from 0.1.0 to 0.1.1"
    );
    assert_eq!(report.required(), Some(Severity::Minor));
    assert!(report.covered());
}

#[test]
fn other_types_are_covered_by_a_new_track() {
    let report = step("0.1.1", "0.2.0");
    assert_eq!(
        report.to_string(),
        "major acme:orders/shop.stock (imports): parameter `warehouse` added; types must match \
         exactly, so plugins that use it no longer load\n\
         major acme:orders/types.status.shipped (imports and exports): case added; records, \
         variants, enums and flags must match exactly, so plugins built before no longer load\n\
         major acme:orders/types.order.note (imports and exports): was `string` and is \
         `option<string>`; records, variants, enums and flags must match exactly, so plugins \
         built before no longer load\n\
         major acme:orders/types.order.currency (imports and exports): field added; records, \
         variants, enums and flags must match exactly, so plugins built before no longer load\n\
         patch acme:orders/customers (imports): no longer marked `@since`; it does not change \
         what links\n\
         patch acme:orders/customers.is-known (imports): no longer marked `@since`; it does not \
         change what links\n\
         patch acme:orders/shop.stock (imports): documentation changed; it does not change what \
         links\n\
         patch acme:orders/types.order.note (imports and exports): documentation changed; it \
         does not change what links\n\
         acme:orders: major changes, and the version went from 0.1.1 to 0.2.0: plugins built \
         for 0.1.1 need it kept beside"
    );
    assert_eq!(report.required(), Some(Severity::Major));
    assert!(report.covered());
}
