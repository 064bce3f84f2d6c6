//! Which rows a plugin was handed, and which of them it handed back.
//!
//! Everything in a returned product comes from the plugin; only rows that this
//! ledger knows are ever looked up by it.

use std::collections::HashMap;

use crate::bindings::types::Product;

use super::fault::{RowFault, shorten};

/// Keeps account of one batch while it is handed back.
#[derive(Debug)]
pub(super) struct Ledger<'a> {
    /// The products as they were handed out.
    products: Vec<&'a Product>,
    /// Which of them came back.
    back: Vec<bool>,
    /// The rows that were handed out.
    rows: HashMap<u64, Place>,
}

/// Where a row was in what was handed out.
#[derive(Debug)]
struct Place {
    product: usize,
    variant: usize,
    back: bool,
}

/// What a returned product turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// Which product it was when handed out.
    pub(super) product: usize,
    /// Where its variants were in that product, in their new order.
    pub(super) variants: Vec<usize>,
}

impl<'a> Ledger<'a> {
    /// Opens the ledger for what is handed out.
    pub(super) fn new(products: impl Iterator<Item = &'a Product>) -> Self {
        let products: Vec<&Product> = products.collect();
        let mut rows = HashMap::new();
        for (product, one) in products.iter().enumerate() {
            for (variant, row) in one.variants.iter().enumerate() {
                let place = Place {
                    product,
                    variant,
                    back: false,
                };
                rows.insert(row.row, place);
            }
        }
        Self {
            back: vec![false; products.len()],
            products,
            rows,
        }
    }

    /// Takes one product back. None where it has no variants, which is how a
    /// plugin may drop it.
    ///
    /// # Errors
    ///
    /// A fault where its rows are not those of one product of this batch, or
    /// came back before.
    pub(super) fn claim(&mut self, returned: &Product) -> Result<Option<Claim>, RowFault> {
        let mut product: Option<usize> = None;
        let mut variants = Vec::new();
        for variant in &returned.variants {
            let row = variant.row;
            let Some(place) = self.rows.get_mut(&row) else {
                return Err(RowFault::InventedRow {
                    handle: shorten(&returned.handle),
                    row,
                });
            };
            let owner = place.product;
            let handle = || shorten(&self.products[owner].handle);
            if place.back {
                return Err(RowFault::DuplicatedRow {
                    handle: handle(),
                    row,
                });
            }
            match product {
                None if self.back[owner] => {
                    return Err(RowFault::SplitProduct {
                        handle: handle(),
                        row,
                    });
                }
                None if returned.handle.is_empty() => {
                    return Err(RowFault::EmptyHandle {
                        handle: handle(),
                        row,
                    });
                }
                Some(other) if other != owner => {
                    return Err(RowFault::MixedProducts {
                        handle: handle(),
                        row,
                        other: shorten(&self.products[other].handle),
                    });
                }
                _ => {}
            }
            place.back = true;
            self.back[owner] = true;
            product = Some(owner);
            variants.push(place.variant);
        }
        Ok(product.map(|product| Claim { product, variants }))
    }

    /// The products that did not come back.
    pub(super) fn dropped(&self) -> impl Iterator<Item = usize> {
        let back = self.back.iter().enumerate();
        back.filter(|(_, back)| !**back).map(|(product, _)| product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::fixture::product;

    /// A mug with rows 1 and 2, and a lamp with row 3.
    fn handed_out() -> Vec<Product> {
        vec![product("mug", &[1, 2]), product("lamp", &[3])]
    }

    /// Hands the products back, and returns the first fault.
    fn fault(returned: &[Product]) -> RowFault {
        let batch = handed_out();
        let mut ledger = Ledger::new(batch.iter());
        returned
            .iter()
            .find_map(|product| ledger.claim(product).err())
            .expect("a fault was expected")
    }

    #[test]
    fn products_and_variants_may_come_back_in_any_order() {
        let batch = handed_out();
        let mut ledger = Ledger::new(batch.iter());
        let lamp = ledger.claim(&product("lamp", &[3])).expect("no fault");
        assert_eq!(
            lamp,
            Some(Claim {
                product: 1,
                variants: vec![0],
            })
        );
        let mug = ledger.claim(&product("mug", &[2, 1])).expect("no fault");
        assert_eq!(
            mug,
            Some(Claim {
                product: 0,
                variants: vec![1, 0],
            })
        );
        assert_eq!(ledger.dropped().count(), 0);
    }

    #[test]
    fn products_and_variants_may_be_left_out() {
        let batch = handed_out();
        let mut ledger = Ledger::new(batch.iter());
        let mug = ledger.claim(&product("mug", &[2])).expect("no fault");
        assert_eq!(mug.expect("it has variants").variants, [1]);
        assert_eq!(ledger.dropped().collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn a_product_without_variants_is_dropped() {
        let batch = handed_out();
        let mut ledger = Ledger::new(batch.iter());
        assert_eq!(ledger.claim(&product("mug", &[])), Ok(None));
        assert_eq!(ledger.claim(&product("", &[])), Ok(None));
        assert_eq!(ledger.dropped().collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn a_row_twice_in_one_product_is_a_fault() {
        assert_eq!(
            fault(&[product("mug", &[1, 2, 1])]),
            RowFault::DuplicatedRow {
                handle: "mug".to_owned(),
                row: 1,
            }
        );
    }

    #[test]
    fn a_whole_product_twice_is_a_duplicated_row() {
        assert_eq!(
            fault(&[product("lamp", &[3]), product("copy", &[3])]),
            RowFault::DuplicatedRow {
                handle: "lamp".to_owned(),
                row: 3,
            }
        );
    }

    #[test]
    fn a_row_from_nowhere_is_a_fault() {
        assert_eq!(
            fault(&[product("new", &[99])]),
            RowFault::InventedRow {
                handle: "new".to_owned(),
                row: 99,
            }
        );
    }

    #[test]
    fn the_rows_of_two_products_in_one_are_a_fault() {
        assert_eq!(
            fault(&[product("mug", &[1, 3])]),
            RowFault::MixedProducts {
                handle: "lamp".to_owned(),
                row: 3,
                other: "mug".to_owned(),
            }
        );
    }

    #[test]
    fn the_rows_of_one_product_in_two_are_a_fault() {
        assert_eq!(
            fault(&[product("mug", &[1]), product("mug-2", &[2])]),
            RowFault::SplitProduct {
                handle: "mug".to_owned(),
                row: 2,
            }
        );
    }

    #[test]
    fn an_emptied_handle_is_a_fault() {
        assert_eq!(
            fault(&[product("", &[3])]),
            RowFault::EmptyHandle {
                handle: "lamp".to_owned(),
                row: 3,
            }
        );
    }
}
