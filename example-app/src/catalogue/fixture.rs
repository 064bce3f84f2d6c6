//! What the tests of this module share.

use std::num::NonZeroUsize;

use crate::bindings::types::{Product, VariantRow};

use super::{Batch, Reader, Writer};

/// A batch size that takes any test's products at once.
pub(super) const ALL: NonZeroUsize = NonZeroUsize::new(1_000).expect("1,000 is not 0");

/// What a plugin does to a batch.
pub(super) type Plugin<'a> = &'a dyn Fn(&mut Vec<Product>);

/// A product with nothing but a handle and rows.
pub(super) fn product(handle: &str, rows: &[u64]) -> Product {
    let variant = |row: &u64| VariantRow {
        row: *row,
        sku: None,
        price: None,
        compare_at_price: None,
        quantity: None,
        weight: None,
        image: None,
    };
    Product {
        handle: handle.to_owned(),
        title: String::new(),
        description: String::new(),
        vendor: String::new(),
        product_type: String::new(),
        tags: Vec::new(),
        variants: rows.iter().map(variant).collect(),
    }
}

/// Reads a whole file into one batch.
pub(super) fn batch(file: &str) -> Batch {
    let mut reader = Reader::new(file.as_bytes()).expect("the header is in order");
    let batch = reader.next_batch(ALL).expect("the rows are in order");
    batch.expect("there is a product")
}

/// Reads a whole file, puts it through plugins one after the other, and gives
/// back what was written.
pub(super) fn rewrite(file: &str, plugins: &[Plugin<'_>]) -> String {
    rewrite_in_batches(file, ALL, plugins)
}

/// As [`rewrite`], in batches of some size.
pub(super) fn rewrite_in_batches(file: &str, size: NonZeroUsize, plugins: &[Plugin<'_>]) -> String {
    let mut output = Vec::new();
    let mut reader = Reader::new(file.as_bytes()).expect("the header is in order");
    let mut writer = Writer::new(&mut output, &reader).expect("a vector can be written");
    while let Some(mut batch) = reader.next_batch(size).expect("the rows are in order") {
        for plugin in plugins {
            let mut products = batch.products();
            plugin(&mut products);
            batch.apply(products).expect("the plugin keeps the rules");
        }
        writer.write(&batch).expect("a vector can be written");
    }
    writer.finish(&reader).expect("all rows are accounted for");
    String::from_utf8(output).expect("cells are UTF-8")
}

/// The cells of a file, header included.
pub(super) fn cells(file: &str) -> Vec<Vec<String>> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(file.as_bytes())
        .records()
        .map(|record| {
            let record = record.expect("the file is UTF-8");
            record.iter().map(str::to_owned).collect()
        })
        .collect()
}

/// Puts a file through one plugin that changes its first product, and gives
/// back the lines below the header.
pub(super) fn rows_of(file: &str, plugin: impl Fn(&mut Product)) -> Vec<String> {
    let written = rewrite(file, &[&|products| plugin(&mut products[0])]);
    written.lines().skip(1).map(str::to_owned).collect()
}
