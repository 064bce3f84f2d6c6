//! Changes prices by rules that come from the application's configuration:
//! see [`rule::Rule`] for the keys. Without any, it changes nothing.

pub mod rule;

plugin_sdk::generate!({ path: "../../wit/catalog", world: "plugin" });

use plugin_sdk::{config, log};
use transform::{Guest, Product, TransformError};

use rule::Rule;

struct Pricing;

impl Guest for Pricing {
    fn apply(mut batch: Vec<Product>) -> Result<Vec<Product>, TransformError> {
        let rule = config::load::<Rule>().map_err(|e| TransformError::Config(e.to_string()))?;
        let changed = rule.apply(&mut batch);
        if changed > 0 {
            log::info!(changed; "prices changed");
        }
        Ok(batch)
    }
}

plugin_sdk::export!(Pricing);

#[cfg(test)]
mod tests {
    use plugin_sdk::testing;

    use super::*;

    #[test]
    fn a_bad_value_is_the_configurations_fault() {
        testing::set_config([("percent", "-10%")]);
        let Err(TransformError::Config(message)) = Pricing::apply(Vec::new()) else {
            panic!("expected an error about the configuration");
        };
        assert_eq!(
            message,
            "config key `percent` cannot be `-10%`: cannot parse i32: invalid digit found in string"
        );
    }
}
