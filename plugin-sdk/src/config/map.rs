//! Settings as serde's map from keys to texts.

use std::slice::Iter;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, MapAccess};

use super::Error;
use super::text::Text;

pub(super) fn read<T: DeserializeOwned>(entries: &[(String, String)]) -> Result<T, Error> {
    T::deserialize(MapAccessDeserializer::new(Entries {
        entries: entries.iter(),
        current: None,
    }))
}

struct Entries<'de> {
    entries: Iter<'de, (String, String)>,
    current: Option<&'de (String, String)>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K>(&mut self, seed: K) -> Result<Option<K::Value>, Error>
    where
        K: DeserializeSeed<'de>,
    {
        self.current = self.entries.next();
        self.current
            .map(|(key, _)| seed.deserialize(BorrowedStrDeserializer::new(key)))
            .transpose()
    }

    fn next_value_seed<V>(&mut self, seed: V) -> Result<V::Value, Error>
    where
        V: DeserializeSeed<'de>,
    {
        let (key, text) = self.current.expect("serde asks for a value after its key");
        seed.deserialize(Text(text)).map_err(|error| Error::Value {
            key: key.clone(),
            text: text.clone(),
            reason: match error {
                Error::Invalid { reason } => reason,
                other => other.to_string(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(rename_all = "kebab-case")]
    enum Mode {
        Drop,
        DryRun,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    struct Cents(u64);

    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(rename_all = "kebab-case", deny_unknown_fields)]
    struct Settings {
        max_price: Option<Cents>,
        #[serde(default)]
        ratio: f64,
        #[serde(default)]
        on: bool,
        #[serde(default)]
        tags: Vec<String>,
        #[serde(default)]
        sizes: Vec<u8>,
        mode: Mode,
    }

    fn of<T: DeserializeOwned>(entries: &[(&str, &str)]) -> Result<T, String> {
        let entries = entries.iter().map(|&(key, text)| (key.into(), text.into()));
        read(&Vec::from_iter(entries)).map_err(|error| error.to_string())
    }

    #[test]
    fn every_kind_of_value_is_read() {
        let settings = of(&[
            ("max-price", "1000"),
            ("mode", "dry-run"),
            ("on", "true"),
            ("ratio", "0.5"),
            ("sizes", "1,2 , 3,"),
            ("tags", " on sale , new"),
        ]);
        assert_eq!(
            settings,
            Ok(Settings {
                max_price: Some(Cents(1000)),
                ratio: 0.5,
                on: true,
                tags: vec!["on sale".into(), "new".into()],
                sizes: vec![1, 2, 3],
                mode: Mode::DryRun,
            })
        );
    }

    #[test]
    fn what_is_left_out_or_empty_is_none_or_no_list() {
        let settings = of::<Settings>(&[("max-price", ""), ("mode", "drop"), ("tags", " ")]);
        let settings = settings.expect("settings");
        assert_eq!(settings.max_price, None);
        assert!(settings.tags.is_empty());
        assert!(settings.sizes.is_empty());
    }

    #[test]
    fn a_map_takes_all_keys() {
        let map = of::<BTreeMap<String, i32>>(&[("a", "1"), ("b", "-2")]);
        assert_eq!(map, Ok(BTreeMap::from([("a".into(), 1), ("b".into(), -2)])));
    }

    #[test]
    fn every_mistake_names_the_key() {
        #[derive(Deserialize, Debug)]
        struct Nested {
            #[expect(dead_code, reason = "only its type matters")]
            inner: BTreeMap<String, String>,
        }

        for (entries, message) in [
            (&[][..], "config key `mode` is missing"),
            (
                &[("modes", "drop")],
                "config key `modes` is unknown: this plugin has `max-price`, `ratio`, `on`, \
                 `tags`, `sizes`, `mode`",
            ),
            (
                &[("mode", "Drop")],
                "config key `mode` cannot be `Drop`: unknown variant `Drop`, expected `drop` or \
                 `dry-run`",
            ),
            (
                &[("max-price", "-1")],
                "config key `max-price` cannot be `-1`: cannot parse u64: invalid digit found in \
                 string",
            ),
            (
                &[("sizes", "1,x")],
                "config key `sizes` cannot be `1,x`: cannot parse u8: invalid digit found in \
                 string",
            ),
        ] {
            assert_eq!(of::<Settings>(entries), Err(message.to_owned()));
        }
        assert_eq!(
            of::<Nested>(&[("inner", "a")]).map(|_| ()),
            Err(
                "config key `inner` cannot be `a`: a setting is text, and holds no keys of its own"
                    .to_owned()
            )
        );
    }
}
