//! Finds products that should not be in a shop as they are, and warns of them,
//! drops them or rejects the batch: see [`rules::Rules`] for the configuration's keys.
//! Without any, everything is accepted.

pub mod rules;

plugin_sdk::generate!({ path: "../../wit/catalog", world: "plugin" });

use plugin_sdk::{config, log};
use transform::{Guest, Product, Rejection, TransformError};

use rules::{Defect, OnDefect, Rules};

struct Validate;

impl Guest for Validate {
    fn apply(batch: Vec<Product>) -> Result<Vec<Product>, TransformError> {
        let rules = config::load::<Rules>().map_err(|e| TransformError::Config(e.to_string()))?;
        let mut kept = Vec::with_capacity(batch.len());
        for product in batch {
            let defects = rules.defects(&product);
            for Defect { row, reason } in &defects {
                match row {
                    Some(row) => log::warn!(handle = product.handle, row; "{reason}"),
                    None => log::warn!(handle = product.handle; "{reason}"),
                }
            }
            match (defects.into_iter().next(), rules.on_defect) {
                (Some(defect), OnDefect::Reject) => {
                    return Err(TransformError::Rejected(Rejection {
                        handle: product.handle,
                        row: defect.row,
                        reason: defect.reason,
                    }));
                }
                (Some(_), OnDefect::Drop) => {}
                (None, _) | (_, OnDefect::Warn) => kept.push(product),
            }
        }
        Ok(kept)
    }
}

plugin_sdk::export!(Validate);

#[cfg(test)]
mod tests {
    use plugin_sdk::testing;

    use super::*;
    use crate::rules::tests::product;

    fn apply(on_defect: &str) -> Result<Vec<Product>, TransformError> {
        testing::set_config([("require", "vendor"), ("on-defect", on_defect)]);
        let mut nameless = product();
        nameless.handle = "nameless".into();
        nameless.vendor.clear();
        Validate::apply(vec![nameless, product()])
    }

    #[test]
    fn a_warning_keeps_the_product() {
        assert_eq!(apply("warn").expect("accepted").len(), 2);
        let [record] = &testing::logs()[..] else {
            panic!("expected one record, not {:?}", testing::logs());
        };
        assert_eq!(record.level, log::Level::Warn);
        assert_eq!(record.message, "vendor is missing");
        assert_eq!(record.fields, [("handle".into(), "nameless".into())]);
    }

    #[test]
    fn drop_leaves_the_product_out() {
        let kept = apply("drop").expect("accepted");
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].handle, "lamp");
    }

    #[test]
    fn reject_names_the_product_and_the_reason() {
        let Err(TransformError::Rejected(rejection)) = apply("reject") else {
            panic!("expected a rejection");
        };
        assert_eq!(rejection.handle, "nameless");
        assert_eq!(rejection.row, None);
        assert_eq!(rejection.reason, "vendor is missing");
    }

    #[test]
    fn an_unknown_key_is_the_configurations_fault() {
        testing::set_config([("requires", "vendor")]);
        let Err(TransformError::Config(message)) = Validate::apply(Vec::new()) else {
            panic!("expected an error about the configuration");
        };
        assert_eq!(
            message,
            "config key `requires` is unknown: this plugin has `require`, `min-price-cents`, \
             `max-price-cents`, `compare-at-above-price`, `on-defect`"
        );
    }
}
