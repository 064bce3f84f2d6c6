//! What one plugin did to a batch, in numbers.

use std::ops::AddAssign;

use crate::bindings::types::{Product, VariantRow};

/// Counts what a plugin changed. Counts of several batches add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Products that came back with another value, or with fewer variants or
    /// another order of them.
    pub(crate) products_changed: u64,
    /// Variant rows that came back with another value.
    pub(crate) rows_changed: u64,
    /// Products that did not come back.
    pub(crate) products_dropped: u64,
    /// Rows that went, among them those of dropped products with their images.
    pub(crate) rows_dropped: u64,
    /// Values that were dropped because the file has no column for them.
    pub(crate) unwritable: u64,
}

impl Changes {
    /// Counts one product that came back, whose variants were at `positions`
    /// in what was handed out.
    pub(super) fn compare(&mut self, before: &Product, after: &Product, positions: &[usize]) {
        let rows_changed = after
            .variants
            .iter()
            .zip(positions)
            .filter(|(variant, position)| variants_differ(&before.variants[**position], variant))
            .count();
        let as_before = positions.iter().copied().eq(0..before.variants.len());
        self.rows_changed += rows_changed as u64;
        if rows_changed > 0 || !as_before || products_differ(before, after) {
            self.products_changed += 1;
        }
    }
}

impl AddAssign for Changes {
    fn add_assign(&mut self, other: Self) {
        self.products_changed += other.products_changed;
        self.rows_changed += other.rows_changed;
        self.products_dropped += other.products_dropped;
        self.rows_dropped += other.rows_dropped;
        self.unwritable += other.unwritable;
    }
}

/// Compares everything but the variants. Names each field, so that one added
/// to the WIT cannot be forgotten here.
fn products_differ(before: &Product, after: &Product) -> bool {
    let Product {
        handle,
        title,
        description,
        vendor,
        product_type,
        tags,
        variants: _,
    } = before;
    *handle != after.handle
        || *title != after.title
        || *description != after.description
        || *vendor != after.vendor
        || *product_type != after.product_type
        || *tags != after.tags
}

/// Compares everything but the row.
fn variants_differ(before: &VariantRow, after: &VariantRow) -> bool {
    let VariantRow {
        row: _,
        sku,
        price,
        compare_at_price,
        quantity,
        weight,
        image,
    } = before;
    *sku != after.sku
        || *price != after.price
        || *compare_at_price != after.compare_at_price
        || *quantity != after.quantity
        || *weight != after.weight
        || *image != after.image
}
