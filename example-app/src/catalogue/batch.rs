//! Some products on their way through the plugins.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use crate::bindings::types::Product;

use super::changes::Changes;
use super::columns::Columns;
use super::fault::RowFault;
use super::group::Group;
use super::layout::layout;
use super::ledger::Ledger;
use super::line::Line;

/// Products with their rows: what was read, and what became of it so far.
#[derive(Debug)]
pub(crate) struct Batch {
    columns: Arc<Columns>,
    /// What was read. Never changed, so that cells can be compared with it.
    groups: Vec<Group>,
    /// The products that are left, in their present order.
    content: Vec<Kept>,
}

/// A product that is left.
#[derive(Debug)]
struct Kept {
    /// Which group it was read from.
    group: usize,
    /// Which of the group's rows its variants are on.
    rows: Vec<usize>,
    /// Its present values.
    product: Product,
}

impl Kept {
    /// How many rows it has, those of its images included.
    fn row_count(&self, groups: &[Group]) -> u64 {
        let group = &groups[self.group];
        let images = group.rows.len() - group.variant_rows().count();
        (self.rows.len() + images) as u64
    }
}

impl Batch {
    /// A batch as it was read.
    pub(super) fn new(columns: Arc<Columns>, groups: Vec<Group>) -> Self {
        let content = groups
            .iter()
            .enumerate()
            .map(|(index, group)| Kept {
                group: index,
                rows: group.variant_rows().collect(),
                product: group.product(&columns),
            })
            .collect();
        Self {
            columns,
            groups,
            content,
        }
    }

    /// How many products are left.
    pub(crate) fn len(&self) -> usize {
        self.content.len()
    }

    /// What the next plugin is handed.
    pub(crate) fn products(&self) -> Vec<Product> {
        self.content
            .iter()
            .map(|kept| kept.product.clone())
            .collect()
    }

    /// The stock of each row that is left, by its id. Rows whose stock the shop
    /// does not track, or states no number for, are not in it.
    pub(crate) fn stock(&self) -> HashMap<u64, i64> {
        let mut stock = HashMap::new();
        for kept in &self.content {
            let rows = &self.groups[kept.group].rows;
            for (variant, row) in kept.product.variants.iter().zip(&kept.rows) {
                if let Some(quantity) = variant.quantity
                    && self.columns.tracks_stock(&rows[*row].record)
                {
                    stock.insert(variant.row, quantity);
                }
            }
        }
        stock
    }

    /// How many rows were read for this batch.
    pub(crate) fn rows_in(&self) -> u64 {
        self.groups
            .iter()
            .map(|group| group.rows.len() as u64)
            .sum()
    }

    /// How many of them will not be written.
    pub(crate) fn rows_removed(&self) -> u64 {
        let mut left = vec![0; self.groups.len()];
        for kept in &self.content {
            left[kept.group] = kept.row_count(&self.groups);
        }
        let groups = self.groups.iter().zip(left);
        groups
            .map(|(group, left)| group.rows.len() as u64 - left)
            .sum()
    }

    /// Makes what a plugin handed back the batch's content.
    ///
    /// # Errors
    ///
    /// The plugin's fault where it broke a rule on rows. The batch is then as
    /// it was before.
    pub(crate) fn apply(&mut self, returned: Vec<Product>) -> Result<Changes, RowFault> {
        let mut changes = Changes::default();
        let mut content = Vec::with_capacity(self.content.len());
        let mut ledger = Ledger::new(self.content.iter().map(|kept| &kept.product));
        for mut product in returned {
            let Some(claim) = ledger.claim(&product)? else {
                continue;
            };
            changes.unwritable += self.columns.settle(&mut product);
            let before = &self.content[claim.product];
            changes.compare(&before.product, &product, &claim.variants);
            changes.rows_dropped += (before.rows.len() - claim.variants.len()) as u64;
            content.push(Kept {
                group: before.group,
                rows: claim.variants.iter().map(|at| before.rows[*at]).collect(),
                product,
            });
        }
        for dropped in ledger.dropped() {
            changes.products_dropped += 1;
            changes.rows_dropped += self.content[dropped].row_count(&self.groups);
        }
        self.content = content;
        Ok(changes)
    }

    /// Adds the products of another batch of the same file.
    pub(crate) fn append(&mut self, mut other: Self) {
        let before = self.groups.len();
        self.groups.append(&mut other.groups);
        self.content
            .extend(other.content.into_iter().map(|kept| Kept {
                group: before + kept.group,
                ..kept
            }));
    }

    /// Puts the products with the highest scores first, of which there is one for
    /// each; the others keep their order.
    pub(crate) fn sort_by_scores(&mut self, scores: &[i64]) {
        let content = std::mem::take(&mut self.content);
        let mut scored: Vec<_> = scores.iter().zip(content).collect();
        scored.sort_by_key(|(score, _)| Reverse(**score));
        self.content = scored.into_iter().map(|(_, kept)| kept).collect();
    }

    /// The rows to write.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.content.iter().flat_map(|kept| {
            let group = &self.groups[kept.group];
            layout(&self.columns, group, &kept.product, &kept.rows)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::fixture::{batch, product, rewrite};

    const FILE: &str = "\
Handle,Title,Tags,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty,Image Src
mug,Mug,\"hot,  new\",M-1,50,shopify,3,a.jpg
mug,,,M-2,9.9,shopify,-1,b.jpg
mug,,,,,,,c.jpg
lamp,Lamp,,,\"1,000.00\",,7,
pot,Pot,,,12,shopify,,
";

    #[test]
    fn what_is_handed_back_unchanged_is_no_change() {
        let mut batch = batch(FILE);
        let products = batch.products();
        assert_eq!(batch.apply(products), Ok(Changes::default()));
        assert_eq!(batch.rows_in(), 5);
        assert_eq!(batch.rows_removed(), 0);
    }

    #[test]
    fn changed_values_are_counted_by_product_and_by_row() {
        let mut batch = batch(FILE);
        let mut products = batch.products();
        products[0].variants[0].price = Some(1);
        products[0].variants[1].price = None;
        products[1].title.push('!');
        let changes = batch.apply(products).expect("it keeps the rules");
        let expected = Changes {
            products_changed: 2,
            rows_changed: 2,
            ..Changes::default()
        };
        assert_eq!(changes, expected);
    }

    #[test]
    fn a_value_is_compared_with_its_row_wherever_that_is_now() {
        let mut batch = batch(FILE);
        let mut products = batch.products();
        products[0].variants.reverse();
        let changes = batch.apply(products).expect("it keeps the rules");
        let expected = Changes {
            products_changed: 1,
            ..Changes::default()
        };
        assert_eq!(changes, expected);
    }

    #[test]
    fn dropped_rows_add_up_over_a_chain_of_plugins() {
        let mut batch = batch(FILE);
        let mut changes = Changes::default();

        let mut products = batch.products();
        products[0].variants.remove(0);
        changes += batch.apply(products).expect("it keeps the rules");
        assert_eq!((changes.products_dropped, changes.rows_dropped), (0, 1));

        let mut products = batch.products();
        products[0].variants.clear();
        products.remove(1);
        changes += batch.apply(products).expect("it keeps the rules");
        assert_eq!((changes.products_dropped, changes.rows_dropped), (2, 4));
        assert_eq!(batch.rows_removed(), 4);
        assert_eq!(batch.products().len(), 1);
    }

    #[test]
    fn batches_of_one_file_are_put_together_and_sorted() {
        let mut all = batch(FILE);
        let mut more = batch(FILE);
        let mut products = more.products();
        products.remove(1);
        more.apply(products).expect("it keeps the rules");
        all.append(more);
        assert_eq!((all.len(), all.rows_in(), all.rows_removed()), (5, 10, 1));

        all.sort_by_scores(&[0, 7, i64::MIN, 7, i64::MAX]);
        let handles: Vec<String> = all.products().into_iter().map(|one| one.handle).collect();
        assert_eq!(handles, ["pot", "lamp", "mug", "mug", "pot"]);
        assert_eq!(all.lines().count(), 9);
        assert_eq!(all.rows_removed(), 1);
    }

    #[test]
    fn everything_may_be_dropped() {
        let mut batch = batch(FILE);
        let changes = batch.apply(Vec::new()).expect("it keeps the rules");
        assert_eq!((changes.products_dropped, changes.rows_dropped), (3, 5));
        assert_eq!(batch.rows_removed(), batch.rows_in());
        assert!(batch.products().is_empty() && batch.stock().is_empty());
    }

    #[test]
    fn a_fault_leaves_the_batch_as_it_was() {
        let mut batch = batch(FILE);
        let before = format!("{:?}", batch.products());
        let mut products = batch.products();
        products[0].title.push('!');
        products.push(product("new", &[1]));
        let fault = batch.apply(products).expect_err("the row is invented");
        assert_eq!(
            fault,
            RowFault::InventedRow {
                handle: "new".to_owned(),
                row: 1,
            }
        );
        assert_eq!(format!("{:?}", batch.products()), before);
        assert_eq!(batch.rows_removed(), 0);
    }

    #[test]
    fn a_row_that_an_earlier_plugin_dropped_is_not_in_the_batch() {
        let mut batch = batch(FILE);
        let everything = batch.products();
        let mut fewer = everything.clone();
        fewer[0].variants.remove(1);
        batch.apply(fewer).expect("it keeps the rules");
        let fault = batch.apply(everything).expect_err("the row is gone");
        assert!(matches!(fault, RowFault::InventedRow { handle, .. } if handle == "mug"));
    }

    #[test]
    fn stock_is_known_where_the_shop_tracks_it() {
        let mut batch = batch(FILE);
        let products = batch.products();
        let [mug, lamp, pot] = &products[..] else {
            panic!("there are three products")
        };
        let stock = batch.stock();
        assert_eq!(stock.get(&mug.variants[0].row), Some(&3));
        assert_eq!(stock.get(&mug.variants[1].row), Some(&-1));
        assert_eq!(stock.get(&lamp.variants[0].row), None);
        assert_eq!(stock.get(&pot.variants[0].row), None);

        let mut fewer = products.clone();
        fewer[0].variants.remove(0);
        fewer[0].variants[0].quantity = Some(8);
        batch.apply(fewer).expect("it keeps the rules");
        let stock = batch.stock();
        assert_eq!(stock.len(), 1);
        assert_eq!(stock.get(&mug.variants[1].row), Some(&8));
    }

    #[test]
    fn a_later_plugin_sees_what_an_earlier_one_changed() {
        let mut batch = batch(FILE);
        let mut products = batch.products();
        products[0].variants[0].price = Some(4200);
        products.reverse();
        batch.apply(products).expect("it keeps the rules");
        let products = batch.products();
        assert_eq!(products[2].handle, "mug");
        assert_eq!(products[2].variants[0].price, Some(4200));
    }

    #[test]
    fn a_later_plugin_sees_what_the_file_could_hold() {
        let mut batch = batch(FILE);
        let mut products = batch.products();
        products[0].tags = vec![" a ".to_owned(), "b,c".to_owned(), String::new()];
        products[0].variants[0].sku = Some(String::new());
        batch.apply(products).expect("it keeps the rules");
        let products = batch.products();
        assert_eq!(products[0].tags, ["a", "b", "c"]);
        assert_eq!(products[0].variants[0].sku, None);
    }

    #[test]
    fn values_without_a_column_are_dropped_and_counted() {
        let file = "Handle,Title\nmug,Mug\n";
        let mut batch = batch(file);
        let mut products = batch.products();
        products[0].vendor = "Acme".to_owned();
        products[0].tags = vec!["hot".to_owned()];
        products[0].variants[0].price = Some(1);
        products[0].variants[0].image = Some("a.jpg".to_owned());
        let changes = batch.apply(products).expect("it keeps the rules");
        let expected = Changes {
            unwritable: 4,
            ..Changes::default()
        };
        assert_eq!(changes, expected);
        assert_eq!(batch.products()[0].vendor, "");
        assert_eq!(batch.products()[0].variants[0].price, None);
    }

    #[test]
    fn a_value_changed_and_changed_back_keeps_its_text() {
        let raise = |products: &mut Vec<Product>| {
            for variant in products.iter_mut().flat_map(|one| &mut one.variants) {
                variant.price = variant.price.map(|price| price + 1);
            }
        };
        let lower = |products: &mut Vec<Product>| {
            for variant in products.iter_mut().flat_map(|one| &mut one.variants) {
                variant.price = variant.price.map(|price| price - 1);
            }
        };
        assert_eq!(rewrite(FILE, &[&raise, &lower]), FILE);
        assert!(rewrite(FILE, &[&raise]).contains("M-1,50.01,"));
    }
}
