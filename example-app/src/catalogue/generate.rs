//! Makes up product files of any size, as messy as real ones: the bundled
//! sample, and input for trying out speed.
//!
//! The same count and seed always give the same bytes, and a smaller count
//! gives a beginning of the same file.

mod description;
mod product;
mod random;
mod row;
mod words;

use std::io::{self, Write};

use random::Random;
use row::{HEADER, Row};

/// Writes a file with so many products, one at a time.
///
/// # Errors
///
/// Where the output fails.
pub(crate) fn generate(products: u64, seed: u64, out: impl Write) -> io::Result<()> {
    let mut random = Random::new(seed);
    let mut out = csv::Writer::from_writer(out);
    out.write_record(HEADER)?;
    for number in 1..=products {
        for row in product::rows(number, &mut random) {
            out.write_record(row.cells())?;
        }
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::bindings::types::{Product, VariantRow};
    use crate::catalogue::fixture::{batch, cells};

    /// What `sample/products.csv` was generated with.
    const SAMPLE: (u64, u64) = (200, 2024);

    const SAMPLE_FILE: &str = include_str!("../../sample/products.csv");

    fn generated(products: u64, seed: u64) -> String {
        let mut file = Vec::new();
        generate(products, seed, &mut file).expect("a vector can be written");
        String::from_utf8(file).expect("cells are UTF-8")
    }

    #[test]
    fn the_bundled_sample_is_what_the_generator_writes() {
        let (products, seed) = SAMPLE;
        // Not assert_eq: a difference would print both files.
        assert!(
            generated(products, seed) == SAMPLE_FILE,
            "regenerate it: catalog generate --products {products} --seed {seed}"
        );
    }

    #[test]
    fn a_smaller_file_is_a_beginning_of_a_larger_one() {
        assert!(generated(50, 7).starts_with(&generated(20, 7)));
        assert_ne!(generated(20, 7), generated(20, 8));
    }

    #[test]
    fn no_products_give_a_header() {
        assert_eq!(cells(&generated(0, 1)), [HEADER.map(str::to_owned)]);
    }

    #[test]
    fn handles_are_unique() {
        let products = batch(&generated(900, 3)).products();
        let handles: HashSet<_> = products.iter().map(|product| &product.handle).collect();
        assert_eq!(handles.len(), 900);
    }

    #[test]
    fn the_sample_has_the_mess_that_real_files_have() {
        let file = batch(SAMPLE_FILE);
        let stock = file.stock();
        let products = file.products();
        let rows = cells(SAMPLE_FILE);
        let column = |name| HEADER.iter().position(|one| *one == name);
        let price = column("Variant Price").expect("there are prices");
        let option = column("Option1 Value").expect("there are options");
        let tags = column("Tags").expect("there are tags");
        let variants = || products.iter().flat_map(|product| &product.variants);
        let described = |text: &str| {
            let with = |product: &&Product| product.description.contains(text);
            products.iter().filter(with).count()
        };
        for (mess, times) in [
            ("several variants", {
                let several = |product: &&Product| product.variants.len() > 1;
                products.iter().filter(several).count()
            }),
            ("rows with only an image", {
                rows.iter().filter(|row| row[option].is_empty()).count()
            }),
            ("rows without a handle", {
                rows.iter().filter(|row| row[0].is_empty()).count()
            }),
            ("missing prices", {
                let missing = |row: &&Vec<String>| row[price].is_empty();
                let variants = rows.iter().filter(|row| !row[option].is_empty());
                variants.filter(missing).count()
            }),
            ("tags with odd spaces", {
                rows.iter().filter(|row| row[tags].contains(" ,")).count()
            }),
            ("grouped prices", {
                rows.iter().filter(|row| row[price].contains(',')).count()
            }),
            ("prices without decimals", {
                let whole = |row: &&Vec<String>| row[price].parse::<u64>().is_ok();
                rows.iter().filter(whole).count()
            }),
            ("missing SKUs", {
                variants().filter(|variant| variant.sku.is_none()).count()
            }),
            ("reduced prices", {
                let reduced = |variant: &&VariantRow| {
                    variant.price.is_some() && variant.compare_at_price > variant.price
                };
                variants().filter(reduced).count()
            }),
            ("tracked stock", stock.len()),
            ("unknown stock", variants().count() - stock.len()),
            ("oversold variants", {
                stock.values().filter(|pieces| **pieces < 0).count()
            }),
            ("titles beyond ASCII", {
                let beyond = |product: &&Product| !product.title.is_ascii();
                products.iter().filter(beyond).count()
            }),
            ("entities", described("&amp;")),
            ("quotes", described("\"")),
            ("line breaks", described("\n")),
            ("scripts", described("<script")),
            ("free products", {
                variants()
                    .filter(|variant| variant.price == Some(0))
                    .count()
            }),
            ("prices above the compared one", {
                let above = |variant: &&VariantRow| {
                    variant.compare_at_price.is_some() && variant.compare_at_price < variant.price
                };
                variants().filter(above).count()
            }),
            ("products without a title", {
                let untitled = |product: &&Product| product.title.is_empty();
                products.iter().filter(untitled).count()
            }),
        ] {
            assert!(times > 0, "no {mess}");
            println!("{times:4} {mess}");
        }
    }
}
