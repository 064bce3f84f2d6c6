//! A plugin for the catalogue that fails in the way its setting `do` names.

use std::hint::black_box;
use std::time::Duration;

plugin_sdk::generate!({ path: "../../../../wit/catalog", world: "ranking-plugin" });

use transform::{Product, Rejection, TransformError};

struct Vandal;

impl transform::Guest for Vandal {
    fn apply(mut batch: Vec<Product>) -> Result<Vec<Product>, TransformError> {
        match plugin_sdk::config::get("do").unwrap_or_default().as_str() {
            "spin" => loop {
                black_box(());
            },
            "sleep" => std::thread::sleep(Duration::from_secs(3600)),
            "hog" => {
                let mut hoard = Vec::new();
                loop {
                    hoard.push(black_box(vec![1u8; 1 << 20]));
                }
            }
            "panic" => panic!("vandalism in \u{1b}[31mred"),
            "overflow" => batch.truncate(recurse(1)),
            "reject" => {
                return Err(TransformError::Rejected(Rejection {
                    handle: batch.first().map(|p| p.handle.clone()).unwrap_or_default(),
                    row: None,
                    reason: "it is not to my taste".to_owned(),
                }));
            }
            "duplicate" => batch.extend(batch.clone().into_iter().take(1)),
            "invent" => {
                for variant in batch.iter_mut().flat_map(|p| &mut p.variants).take(1) {
                    variant.row = variant.row.wrapping_add(1);
                }
            }
            _ => {}
        }
        Ok(batch)
    }
}

impl ranking::Guest for Vandal {
    fn rank(batch: Vec<Product>) -> Result<Vec<i64>, String> {
        match plugin_sdk::config::get("do").unwrap_or_default().as_str() {
            "misrank" => Ok(vec![1; batch.len() + 1]),
            "not-rank" => Err("all are\u{7} equal".to_owned()),
            "overrank" => Ok(vec![i64::MAX; batch.len()]),
            _ => Ok(vec![0; batch.len()]),
        }
    }
}

fn recurse(depth: usize) -> usize {
    let frame = black_box([depth; 64]);
    if black_box(true) {
        recurse(depth + 1) + frame[3]
    } else {
        depth
    }
}

plugin_sdk::export!(Vandal);
