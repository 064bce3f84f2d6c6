//! Keeps the products that match a query, such as
//! `tag:sale price:10..50 vendor:acme "desk lamp" -type:gift`, and ranks them by
//! how well they do.
//!
//! The query is the value of the configuration's one key, `query`. Without it,
//! everything is kept. [`query::Query`] says what it may hold.

pub mod query;

plugin_sdk::generate!({ path: "../../wit/catalog", world: "ranking-plugin" });

use plugin_sdk::serde::Deserialize;
use plugin_sdk::{config, log};
use transform::{Product, TransformError};

use query::Query;

/// The configuration.
#[derive(Deserialize)]
#[serde(crate = "plugin_sdk::serde", deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    query: String,
}

impl Settings {
    /// The query that is set, or what is wrong with it.
    fn query() -> Result<Query, String> {
        let settings = config::load::<Self>().map_err(|e| e.to_string())?;
        let query = settings.query.parse::<Query>();
        query.map_err(|e| format!("config key `query`: {e}"))
    }
}

struct Search;

impl transform::Guest for Search {
    fn apply(mut batch: Vec<Product>) -> Result<Vec<Product>, TransformError> {
        let query = Settings::query().map_err(TransformError::Config)?;
        let all = batch.len();
        batch.retain(|product| query.matches(product));
        log::debug!(all, kept = batch.len(); "searched");
        Ok(batch)
    }
}

impl ranking::Guest for Search {
    fn rank(batch: Vec<Product>) -> Result<Vec<i64>, String> {
        let query = Settings::query()?;
        Ok(batch.iter().map(|product| query.score(product)).collect())
    }
}

plugin_sdk::export!(Search);

#[cfg(test)]
mod tests {
    use plugin_sdk::testing;

    use super::*;
    use crate::ranking::Guest as _;
    use crate::transform::Guest as _;

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

    fn product(title: &str, description: &str, tag: &str) -> Product {
        Product {
            handle: "lamp".into(),
            title: title.into(),
            description: description.into(),
            vendor: String::new(),
            product_type: String::new(),
            tags: vec![tag.into()],
            variants: Vec::new(),
        }
    }

    #[test]
    fn without_a_query_everything_is_kept() {
        let batch = vec![product("Lamp", "", "")];
        assert_eq!(Search::apply(batch).expect("a batch").len(), 1);
    }

    #[test]
    fn products_that_match_in_better_places_rank_higher() {
        testing::set_config([("query", "oak tag:sale -gift price:1..2")]);
        let batch = vec![
            product("Lamp", "made of oak", ""),
            product("Oak table", "the oak of oaks", ""),
            product("Shelf", "", "oak"),
            product("Oak shelf", "", "sale"),
            product("Shelf", "", ""),
        ];
        assert_eq!(Search::rank(batch), Ok(vec![1, 9, 4, 12, 0]));
        testing::set_config([("query", "\"")]);
        let message = "config key `query`: a quote has no end: close it with `\"`";
        assert_eq!(Search::rank(Vec::new()), Err(message.to_owned()));
    }
}
