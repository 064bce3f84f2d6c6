//! The rows of one product, as they were read.

use csv::StringRecord;

use crate::bindings::types::{Product, VariantRow};

use super::cell;
use super::columns::{self, Columns};
use super::row_ids::RowIds;

/// One row of the file.
#[derive(Debug)]
pub(super) struct Row {
    /// Its cells.
    pub(super) record: StringRecord,
    /// Its id, where it describes a variant rather than only an image.
    pub(super) id: Option<u64>,
}

/// One product's rows in the file's order, at least one.
#[derive(Debug)]
pub(super) struct Group {
    /// The rows. The first always describes a variant.
    pub(super) rows: Vec<Row>,
}

impl Group {
    /// A product that starts with this row.
    pub(super) fn new(record: StringRecord, ids: &mut RowIds) -> Self {
        let id = Some(ids.next());
        Self {
            rows: vec![Row { record, id }],
        }
    }

    /// Adds a row below the others.
    pub(super) fn push(&mut self, record: StringRecord, columns: &Columns, ids: &mut RowIds) {
        let id = columns.describes_variant(&record).then(|| ids.next());
        self.rows.push(Row { record, id });
    }

    /// The row that speaks for the whole product.
    pub(super) fn first(&self) -> &StringRecord {
        &self.rows[0].record
    }

    /// The text of one of the product's own cells, which its first row holds.
    pub(super) fn own(&self, column: Option<usize>) -> &str {
        columns::cell(self.first(), column)
    }

    /// Where the variants' rows are among the rows.
    pub(super) fn variant_rows(&self) -> impl Iterator<Item = usize> {
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, row)| row.id.is_some())
            .map(|(index, _)| index)
    }

    /// What plugins see of the product.
    pub(super) fn product(&self, columns: &Columns) -> Product {
        Product {
            handle: self.own(Some(columns.handle)).to_owned(),
            title: self.own(columns.title).to_owned(),
            description: self.own(columns.description).to_owned(),
            vendor: self.own(columns.vendor).to_owned(),
            product_type: self.own(columns.product_type).to_owned(),
            tags: cell::tags(self.own(columns.tags)),
            variants: self
                .rows
                .iter()
                .filter_map(|row| Some(variant(row.id?, &row.record, columns)))
                .collect(),
        }
    }
}

/// What plugins see of one row.
fn variant(id: u64, record: &StringRecord, columns: &Columns) -> VariantRow {
    let cell = |column| columns::cell(record, column);
    VariantRow {
        row: id,
        sku: cell::text(cell(columns.sku)),
        price: cell::cents(cell(columns.price)),
        compare_at_price: cell::cents(cell(columns.compare_at_price)),
        quantity: cell::pieces(cell(columns.quantity)),
        weight: cell::grams(cell(columns.weight)),
        image: cell::text(cell(columns.image)),
    }
}
