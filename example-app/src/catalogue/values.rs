//! Writes a product's values into its rows.
//!
//! A value is compared with what its cell says, not with what the plugin was
//! handed: one that is changed and changed back keeps its text.

use crate::bindings::types::{Product, VariantRow};

use super::cell;
use super::columns::Columns;
use super::group::Group;
use super::line::Line;

/// Writes the values of one variant that are not what its cells say.
pub(super) fn write_variant(columns: &Columns, variant: &VariantRow, line: &mut Line<'_>) {
    let mut write = |column, same: &dyn Fn(&str) -> bool, text: &dyn Fn() -> String| {
        if let Some(column) = column
            && !same(line.original(column))
        {
            line.set(column, &text());
        }
    };
    let VariantRow {
        row: _,
        sku,
        price,
        compare_at_price,
        quantity,
        weight,
        image,
    } = variant;
    write(columns.sku, &|cell| cell::text(cell) == *sku, &|| {
        sku.clone().unwrap_or_default()
    });
    write(columns.price, &|cell| cell::cents(cell) == *price, &|| {
        price.map(cell::from_cents).unwrap_or_default()
    });
    write(
        columns.compare_at_price,
        &|cell| cell::cents(cell) == *compare_at_price,
        &|| compare_at_price.map(cell::from_cents).unwrap_or_default(),
    );
    write(
        columns.quantity,
        &|cell| cell::pieces(cell) == *quantity,
        &|| {
            quantity
                .map(|pieces| pieces.to_string())
                .unwrap_or_default()
        },
    );
    write(
        columns.weight,
        &|cell| cell::grams(cell) == *weight,
        &|| weight.map(|grams| grams.to_string()).unwrap_or_default(),
    );
    write(columns.image, &|cell| cell::text(cell) == *image, &|| {
        image.clone().unwrap_or_default()
    });
}

/// Writes a changed handle on every row. The first row always needs one, or it
/// would continue the product above it.
pub(super) fn write_handle(
    columns: &Columns,
    group: &Group,
    product: &Product,
    lines: &mut [Line<'_>],
) {
    let handle = columns.handle;
    if product.handle != group.own(Some(handle)) {
        for line in lines {
            line.set(handle, &product.handle);
        }
    } else if lines[0].original(handle).is_empty() {
        lines[0].set(handle, &product.handle);
    }
}

/// Writes what plugins know of the whole product on its first row.
pub(super) fn write_product(
    columns: &Columns,
    group: &Group,
    product: &Product,
    first: &mut Line<'_>,
) {
    for (column, text) in [
        (columns.title, &product.title),
        (columns.description, &product.description),
        (columns.vendor, &product.vendor),
        (columns.product_type, &product.product_type),
    ] {
        if let Some(column) = column {
            first.set(column, text);
        }
    }
    if let Some(column) = columns.tags {
        let original = group.own(Some(column));
        if cell::tags(original) == product.tags {
            first.set(column, original);
        } else {
            first.set(column, &cell::from_tags(&product.tags));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::bindings::types::Product;
    use crate::catalogue::fixture::{rewrite, rows_of};

    const FILE: &str = "\
Handle,Title,Tags,Variant Price,Image Src
mug,Mug,\"hot,new\",50,a.jpg
mug,,,60.0,
mug,,,,b.jpg
mug,,,\"1,000.00\",
";

    fn rows(plugin: impl Fn(&mut Product)) -> Vec<String> {
        rows_of(FILE, plugin)
    }

    #[test]
    fn only_the_changed_cell_gets_a_new_text() {
        let rows = rows(|mug| mug.variants[1].price = Some(6100));
        assert_eq!(
            rows,
            [
                "mug,Mug,\"hot,new\",50,a.jpg",
                "mug,,,61.00,",
                "mug,,,,b.jpg",
                "mug,,,\"1,000.00\",",
            ]
        );
    }

    #[test]
    fn every_value_is_written_in_its_own_form() {
        let file = "Handle,Title,Body (HTML),Vendor,Type,Tags,Variant SKU,Variant Price,\
                    Variant Compare At Price,Variant Inventory Qty,Variant Grams,Variant Image\n\
                    mug\n";
        let rows = rows_of(file, |mug| {
            mug.title = "Mug".to_owned();
            mug.description = "<p>Hot</p>".to_owned();
            mug.vendor = "Acme".to_owned();
            mug.product_type = "Mug".to_owned();
            mug.tags = vec!["a".to_owned(), "b".to_owned()];
            mug.variants[0].sku = Some("M-1".to_owned());
            mug.variants[0].price = Some(1205);
            mug.variants[0].compare_at_price = Some(3000);
            mug.variants[0].quantity = Some(-4);
            mug.variants[0].weight = Some(350);
            mug.variants[0].image = Some("m.jpg".to_owned());
        });
        assert_eq!(
            rows,
            ["mug,Mug,<p>Hot</p>,Acme,Mug,\"a, b\",M-1,12.05,30.00,-4,350,m.jpg"]
        );
    }

    #[test]
    fn none_empties_a_cell_that_could_be_read_and_no_other() {
        let rows = rows(|mug| {
            for variant in &mut mug.variants {
                variant.price = None;
            }
        });
        assert_eq!(rows[0], "mug,Mug,\"hot,new\",,a.jpg");
        assert_eq!(rows[3], "mug,,,\"1,000.00\",");
    }

    #[test]
    fn a_value_for_an_unreadable_cell_replaces_its_text() {
        let rows = rows(|mug| mug.variants[2].price = Some(90_000));
        assert_eq!(rows[3], "mug,,,900.00,");
    }

    #[test]
    fn tags_keep_their_text_until_they_change() {
        let same = rows(|mug| mug.tags = vec!["hot".to_owned(), "new".to_owned()]);
        assert!(same[0].contains(",\"hot,new\","));
        let more = rows(|mug| mug.tags.push("big".to_owned()));
        assert!(more[0].contains(",\"hot, new, big\","));
    }

    #[test]
    fn a_changed_handle_is_written_on_every_row() {
        let file = "Handle,Variant Price,Image Src\nmug,1,a\n,2,\n,,b\n";
        let rows = rows_of(file, |mug| mug.handle = "cup".to_owned());
        assert_eq!(rows, ["cup,1,a", "cup,2,", "cup,,b"]);
    }

    #[test]
    fn a_row_that_becomes_first_names_its_product() {
        let file = "Handle,Variant Price\nlamp,1\nmug,1\n,2\n,3\n";
        let written = rewrite(
            file,
            &[&|products| {
                products[1].variants.remove(0);
            }],
        );
        assert_eq!(written, "Handle,Variant Price\nlamp,1\nmug,2\n,3\n");
    }
}
