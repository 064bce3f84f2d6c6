//! Keeps the products that match a query, such as
//! `tag:sale price:10..50 vendor:acme "desk lamp" -type:gift`.
//!
//! The query is the value of the configuration's one key, `query`. Without it,
//! everything is kept. [`query::Query`] says what it may hold.

pub mod query;

plugin_sdk::generate!({ path: "../../wit/catalog", world: "plugin" });

use plugin_sdk::serde::Deserialize;
use plugin_sdk::{config, log};
use transform::{Guest, Product, TransformError};

use query::Query;

/// The configuration.
#[derive(Deserialize)]
#[serde(crate = "plugin_sdk::serde", deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    query: String,
}

struct Search;

impl Guest for Search {
    fn apply(mut batch: Vec<Product>) -> Result<Vec<Product>, TransformError> {
        let settings = config::load::<Settings>();
        let settings = settings.map_err(|e| TransformError::Config(e.to_string()))?;
        let query = settings
            .query
            .parse::<Query>()
            .map_err(|e| TransformError::Config(format!("config key `query`: {e}")))?;
        let all = batch.len();
        batch.retain(|product| query.matches(product));
        log::debug!(all, kept = batch.len(); "searched");
        Ok(batch)
    }
}

plugin_sdk::export!(Search);

#[cfg(test)]
mod tests {
    use plugin_sdk::testing;

    use super::*;

    #[test]
    fn a_bad_query_is_the_configurations_fault() {
        testing::set_config([("query", "colour:red")]);
        let Err(TransformError::Config(message)) = Search::apply(Vec::new()) else {
            panic!("expected an error about the configuration");
        };
        assert_eq!(
            message,
            "config key `query`: there is no field `colour`: use title, description, vendor, \
             type, tag, sku, handle or price, or quotes around a text with a colon"
        );
    }

    #[test]
    fn an_unknown_key_is_the_configurations_fault() {
        testing::set_config([("querry", "lamp")]);
        let Err(TransformError::Config(message)) = Search::apply(Vec::new()) else {
            panic!("expected an error about the configuration");
        };
        assert_eq!(
            message,
            "config key `querry` is unknown: this plugin has `query`"
        );
    }

    #[test]
    fn without_a_query_everything_is_kept() {
        let product = Product {
            handle: "lamp".into(),
            title: "Lamp".into(),
            description: String::new(),
            vendor: String::new(),
            product_type: String::new(),
            tags: Vec::new(),
            variants: Vec::new(),
        };
        assert_eq!(Search::apply(vec![product]).expect("a batch").len(), 1);
    }
}
