//! One application that serves 0.1 and 0.2 side by side: plugins of 0.1 see
//! today's orders through an adapter.

use super::desk::Desk;
use super::{PLUGINS, v0_1_1 as old, v0_2_0 as new};
use new::review::{Calls, Rejection};
use plugin_host::{AnyPlugin, Candidate, Error, Host, Limits, Versions};
use std::path::Path;

/// The adapter.
impl Calls for old::OrdersPlugin<Desk> {
    fn check(
        &mut self,
        orders: &[new::types::Order],
    ) -> Result<Result<Vec<new::types::Order>, Rejection>, Error> {
        let shown: Vec<_> = orders.iter().map(as_old).collect();
        let checked = self.review().check(&shown)?;
        Ok(match checked {
            Ok(checked) => Ok(checked
                .into_iter()
                .map(|order| {
                    let before = orders.iter().find(|before| before.id == order.id);
                    as_new(order, before)
                })
                .collect()),
            Err(old::review::Rejection { order, why }) => Err(Rejection { order, why }),
        })
    }
}

fn as_old(order: &new::types::Order) -> old::types::Order {
    use {new::types::Status as New, old::types::Status as Old};
    let line = |line: &new::types::Line| old::types::Line {
        sku: line.sku.clone(),
        quantity: line.quantity,
    };
    old::types::Order {
        id: order.id,
        customer: order.customer.clone(),
        lines: order.lines.iter().map(line).collect(),
        note: order.note.clone().unwrap_or_default(),
        status: match &order.status {
            New::Open => Old::Open,
            New::Paid | New::Shipped(_) => Old::Paid,
            New::Held(why) => Old::Held(why.clone()),
        },
    }
}

/// What 0.1 cannot say stays as it was.
fn as_new(order: old::types::Order, before: Option<&new::types::Order>) -> new::types::Order {
    use {new::types::Status as New, old::types::Status as Old};
    let line = |line: old::types::Line| new::types::Line {
        sku: line.sku,
        quantity: line.quantity,
    };
    new::types::Order {
        id: order.id,
        customer: order.customer,
        lines: order.lines.into_iter().map(line).collect(),
        note: Some(order.note).filter(|note| !note.is_empty()),
        status: match (order.status, before.map(|before| &before.status)) {
            (Old::Paid, Some(shipped @ New::Shipped(_))) => shipped.clone(),
            (Old::Open, _) => New::Open,
            (Old::Paid, _) => New::Paid,
            (Old::Held(why), _) => New::Held(why),
        },
        currency: before.map_or_else(|| "EUR".to_owned(), |before| before.currency.clone()),
    }
}

fn load(component: &str) -> Result<AnyPlugin<dyn Calls>, Error> {
    let versions = Versions::<dyn Calls>::newest::<new::OrdersPlugin<Desk>>(|plugin| plugin)
        .older::<old::OrdersPlugin<Desk>>(|plugin| plugin);
    let host = Host::builder().build()?;
    let candidate = Candidate::from_file(Path::new(component), &Limits::default())?;
    versions.load(host.plugin(&candidate))
}

#[test]
fn one_call_site_serves_plugins_of_every_version() -> Result<(), Error> {
    let mut served = Vec::new();
    for (built_for, component) in PLUGINS {
        let mut plugin = load(component)?;
        let answers = new::check(plugin.calls()).join(", ");
        served.push(format!("{built_for}, as {}: {answers}", plugin.world()));
    }
    assert_eq!(
        served,
        [
            "built for 0.1.0, as acme:orders/plugin@0.1.1: 1 Ann: paid, 2 Bob: open, 3 Cid: held, \
             too little tea, 4 Dora: held, too little tea, 5 rejected: nothing is ordered",
            "built for 0.1.1, uses what 0.1.0 has, as acme:orders/plugin@0.1.1: 1 Ann: paid, 2 \
             Bob: held, it has a note, 3 Cid: shipped, JJD7, 4 Dora: open, 5 Ann: open",
            "built for 0.1.1, uses what that added, as acme:orders/plugin@0.1.1: 1 Ann: paid, 2 \
             Bob: open, 3 Cid: held, a new customer, 4 Dora: held, a new customer, 5 Ann: open",
            "built for 0.2.0, as acme:orders/plugin@0.2.0: 1 Ann: paid, 2 Bob: held, too little \
             tea in overseas, 3 Cid: shipped, JJD7, 4 Dora: held, too little tea in main, 5 Ann: \
             open",
        ]
    );
    Ok(())
}
