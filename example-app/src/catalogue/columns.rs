//! Which column holds what.
//!
//! Columns come in any order. Only `Handle` has to be there; columns that are
//! not known here are kept and never shown to plugins.

use csv::StringRecord;

use crate::bindings::types::Product;

use super::cell;

/// What a cell says something about, and so where it goes when rows move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Which product the row belongs to.
    Handle,
    /// The whole product; stands on the product's first row only.
    Product,
    /// The one variant on this row.
    Variant,
    /// The one picture of the product's gallery that this row carries.
    Image,
}

impl Role {
    /// The role of the column with this name.
    fn of(name: &str) -> Self {
        let option_value = name.starts_with("Option") && name.ends_with(" Value");
        if name == "Handle" {
            Self::Handle
        } else if name.starts_with("Variant ") || option_value || name == "Cost per item" {
            Self::Variant
        } else if name.starts_with("Image ") {
            Self::Image
        } else {
            Self::Product
        }
    }
}

/// The file's columns, by what they hold. Where a name occurs twice, the first
/// column of that name counts.
#[derive(Debug)]
pub(super) struct Columns {
    /// The header as it was read.
    pub(super) names: StringRecord,
    /// The role of each column.
    pub(super) roles: Vec<Role>,
    /// `Handle`.
    pub(super) handle: usize,
    /// `Title`.
    pub(super) title: Option<usize>,
    /// `Body (HTML)`.
    pub(super) description: Option<usize>,
    /// `Vendor`.
    pub(super) vendor: Option<usize>,
    /// `Type`.
    pub(super) product_type: Option<usize>,
    /// `Tags`.
    pub(super) tags: Option<usize>,
    /// `Variant SKU`.
    pub(super) sku: Option<usize>,
    /// `Variant Price`.
    pub(super) price: Option<usize>,
    /// `Variant Compare At Price`.
    pub(super) compare_at_price: Option<usize>,
    /// `Variant Inventory Qty`.
    pub(super) quantity: Option<usize>,
    /// `Variant Grams`.
    pub(super) weight: Option<usize>,
    /// `Variant Image`.
    pub(super) image: Option<usize>,
    /// `Variant Inventory Tracker`: who counts the stock, empty for nobody.
    tracker: Option<usize>,
    /// The columns that make a row a variant's when one of them is filled.
    variant: Vec<usize>,
}

impl Columns {
    /// Finds the columns in a header, or none where it has no `Handle`.
    pub(super) fn new(names: StringRecord) -> Option<Self> {
        let find = |wanted: &str| names.iter().position(|name| name == wanted);
        let roles: Vec<Role> = names.iter().map(Role::of).collect();
        let variant = names
            .iter()
            .enumerate()
            .filter(|(column, name)| {
                // Some exports state the unit on every row. A unit without a
                // weight describes no variant.
                roles[*column] == Role::Variant && *name != "Variant Weight Unit"
            })
            .map(|(column, _)| column)
            .collect();
        Some(Self {
            handle: find("Handle")?,
            title: find("Title"),
            description: find("Body (HTML)"),
            vendor: find("Vendor"),
            product_type: find("Type"),
            tags: find("Tags"),
            sku: find("Variant SKU"),
            price: find("Variant Price"),
            compare_at_price: find("Variant Compare At Price"),
            quantity: find("Variant Inventory Qty"),
            weight: find("Variant Grams"),
            image: find("Variant Image"),
            tracker: find("Variant Inventory Tracker"),
            variant,
            roles,
            names,
        })
    }

    /// The columns of one role.
    pub(super) fn of_role(&self, role: Role) -> impl Iterator<Item = usize> {
        let columns = self.roles.iter().enumerate();
        columns
            .filter(move |(_, one)| **one == role)
            .map(|(column, _)| column)
    }

    /// Whether plugins see, and so may change, what this column says of the
    /// whole product.
    pub(super) fn is_product_value(&self, column: usize) -> bool {
        [
            self.title,
            self.description,
            self.vendor,
            self.product_type,
            self.tags,
        ]
        .contains(&Some(column))
    }

    /// Whether a row below a product's first one describes a variant. Other
    /// rows hold an image only.
    pub(super) fn describes_variant(&self, record: &StringRecord) -> bool {
        self.variant
            .iter()
            .any(|column| !cell(record, Some(*column)).is_empty())
    }

    /// Whether the shop counts the stock of the variant on this row.
    pub(super) fn tracks_stock(&self, record: &StringRecord) -> bool {
        !cell(record, self.tracker).is_empty()
    }

    /// Brings a product into the form that reading it from the file would give:
    /// a later plugin sees what an earlier one could have written, no more.
    ///
    /// Returns how many values were emptied because they have no column.
    pub(super) fn settle(&self, product: &mut Product) -> u64 {
        if product.tags.iter().any(|tag| !is_one_tag(tag)) {
            product.tags = cell::tags(&cell::from_tags(&product.tags));
        }
        let mut lost = 0;
        for (column, value) in [
            (self.title, &mut product.title),
            (self.description, &mut product.description),
            (self.vendor, &mut product.vendor),
            (self.product_type, &mut product.product_type),
        ] {
            if column.is_none() && !value.is_empty() {
                value.clear();
                lost += 1;
            }
        }
        if self.tags.is_none() && !product.tags.is_empty() {
            product.tags.clear();
            lost += 1;
        }
        for variant in &mut product.variants {
            variant.sku.take_if(|sku| sku.is_empty());
            variant.image.take_if(|image| image.is_empty());
            lost += empty_without(self.sku, &mut variant.sku)
                + empty_without(self.price, &mut variant.price)
                + empty_without(self.compare_at_price, &mut variant.compare_at_price)
                + empty_without(self.quantity, &mut variant.quantity)
                + empty_without(self.weight, &mut variant.weight)
                + empty_without(self.image, &mut variant.image);
        }
        lost
    }
}

/// The text of one cell; empty where the column is missing or the row ends
/// before it.
pub(super) fn cell(record: &StringRecord, column: Option<usize>) -> &str {
    column.and_then(|at| record.get(at)).unwrap_or_default()
}

/// Empties a value without a column, and returns how many that were.
fn empty_without<T>(column: Option<usize>, value: &mut Option<T>) -> u64 {
    u64::from(column.is_none() && value.take().is_some())
}

/// Whether the tag can stand in a list as it is.
fn is_one_tag(tag: &str) -> bool {
    !tag.is_empty() && tag.trim().len() == tag.len() && !tag.contains(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Columns {
        Columns::new(StringRecord::from(names.to_vec())).expect("the header has a handle")
    }

    #[test]
    fn columns_are_found_in_any_order() {
        let columns = columns(&["Variant Price", "Title", "Handle"]);
        assert_eq!(columns.handle, 2);
        assert_eq!(columns.title, Some(1));
        assert_eq!(columns.price, Some(0));
        assert_eq!(columns.vendor, None);
    }

    #[test]
    fn the_first_of_two_columns_of_one_name_counts() {
        assert_eq!(columns(&["Handle", "Title", "Title"]).title, Some(1));
    }

    #[test]
    fn a_header_without_a_handle_is_refused() {
        assert!(Columns::new(StringRecord::from(vec!["handle", "Title"])).is_none());
    }

    #[test]
    fn each_column_has_one_role() {
        for (name, role) in [
            ("Handle", Role::Handle),
            ("Title", Role::Product),
            ("Option1 Name", Role::Product),
            ("Option1 Value", Role::Variant),
            ("Option3 Value", Role::Variant),
            ("Variant SKU", Role::Variant),
            ("Variant Image", Role::Variant),
            ("Cost per item", Role::Variant),
            ("Image Src", Role::Image),
            ("Image Position", Role::Image),
            ("Image Alt Text", Role::Image),
            ("Warehouse Shelf", Role::Product),
        ] {
            assert_eq!(Role::of(name), role, "{name}");
        }
    }

    #[test]
    fn a_row_with_only_an_image_describes_no_variant() {
        let columns = columns(&["Handle", "Image Src", "Variant SKU", "Variant Weight Unit"]);
        let row = |cells: &[&str]| columns.describes_variant(&StringRecord::from(cells.to_vec()));
        assert!(!row(&["mug", "https://example.com/1.jpg", "", ""]));
        assert!(!row(&["mug", "https://example.com/1.jpg"]));
        assert!(!row(&["mug", "https://example.com/1.jpg", "", "kg"]));
        assert!(row(&["mug", "https://example.com/1.jpg", "M-1", "kg"]));
    }
}
