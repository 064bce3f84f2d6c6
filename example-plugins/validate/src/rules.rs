//! What is wrong with a product. Decides nothing about what becomes of it.

use serde::Deserialize;

use crate::types::{Product, RowId, VariantRow};

/// The configuration: each key is optional.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rules {
    /// Fields that a product must have, such as `title, price, vendor`.
    pub require: Vec<Field>,
    /// The lowest price.
    pub min_price_cents: Option<u64>,
    /// The highest price.
    pub max_price_cents: Option<u64>,
    /// Whether a compare-at price must be above the price.
    pub compare_at_above_price: bool,
    /// What becomes of a product with a defect.
    pub on_defect: OnDefect,
}

/// A field that can be required. Those of a variant are required of each one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "they are the catalogue's own")]
pub enum Field {
    Title,
    Description,
    Vendor,
    Type,
    Tags,
    Sku,
    Price,
    Quantity,
    Weight,
    Image,
}

/// What becomes of a product with a defect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnDefect {
    /// It is logged, and stays.
    #[default]
    Warn,
    /// It is logged and left out.
    Drop,
    /// The whole batch is rejected.
    Reject,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// The variant's row, where it lies in one.
    pub row: Option<RowId>,
    /// What it is.
    pub reason: String,
}

impl Rules {
    /// Everything that is wrong with a product, the product's own first.
    pub fn defects(&self, product: &Product) -> Vec<Defect> {
        let mut defects = Vec::new();
        for field in &self.require {
            if let Some(name) = field.missing_in(product) {
                defects.push(Defect {
                    row: None,
                    reason: format!("{name} is missing"),
                });
            }
        }
        for variant in &product.variants {
            let reasons = self.of_variant(variant).into_iter();
            defects.extend(reasons.map(|reason| Defect {
                row: Some(variant.row),
                reason,
            }));
        }
        defects
    }

    fn of_variant(&self, variant: &VariantRow) -> Vec<String> {
        let mut reasons = Vec::new();
        for field in &self.require {
            if let Some(name) = field.missing_in_variant(variant) {
                reasons.push(format!("{name} is missing"));
            }
        }
        let Some(price) = variant.price else {
            return reasons;
        };
        if let Some(min) = self.min_price_cents.filter(|&min| price < min) {
            reasons.push(format!("price {} is below {}", money(price), money(min)));
        }
        if let Some(max) = self.max_price_cents.filter(|&max| price > max) {
            reasons.push(format!("price {} is above {}", money(price), money(max)));
        }
        if let (true, Some(old)) = (self.compare_at_above_price, variant.compare_at_price)
            && old <= price
        {
            let (old, price) = (money(old), money(price));
            reasons.push(format!("compare-at price {old} is not above price {price}"));
        }
        reasons
    }
}

impl Field {
    fn missing_in(self, product: &Product) -> Option<&'static str> {
        let blank = |text: &str| text.trim().is_empty();
        let (name, missing) = match self {
            Self::Title => ("title", blank(&product.title)),
            Self::Description => ("description", blank(&product.description)),
            Self::Vendor => ("vendor", blank(&product.vendor)),
            Self::Type => ("type", blank(&product.product_type)),
            Self::Tags => ("tags", product.tags.is_empty()),
            _ => return None,
        };
        missing.then_some(name)
    }

    fn missing_in_variant(self, variant: &VariantRow) -> Option<&'static str> {
        let (name, missing) = match self {
            Self::Sku => ("sku", variant.sku.is_none()),
            Self::Price => ("price", variant.price.is_none()),
            Self::Quantity => ("quantity", variant.quantity.is_none()),
            Self::Weight => ("weight", variant.weight.is_none()),
            Self::Image => ("image", variant.image.is_none()),
            _ => return None,
        };
        missing.then_some(name)
    }
}

fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn product() -> Product {
        let variant = |row| VariantRow {
            row,
            sku: None,
            price: Some(4500),
            compare_at_price: Some(4000),
            quantity: Some(1),
            weight: None,
            image: None,
        };
        Product {
            handle: "lamp".into(),
            title: "Lamp".into(),
            description: " ".into(),
            vendor: "Acme".into(),
            product_type: "Lighting".into(),
            tags: Vec::new(),
            variants: vec![variant(3), variant(4)],
        }
    }

    fn reasons(rules: &Rules) -> Vec<(Option<RowId>, String)> {
        let defects = rules.defects(&product()).into_iter();
        defects.map(|defect| (defect.row, defect.reason)).collect()
    }

    #[test]
    fn nothing_is_wrong_without_a_rule() {
        assert!(reasons(&Rules::default()).is_empty());
    }

    #[test]
    fn what_is_required_is_missed_in_the_product_and_in_each_variant() {
        let rules = Rules {
            require: vec![Field::Title, Field::Description, Field::Tags, Field::Sku],
            ..Rules::default()
        };
        assert_eq!(
            reasons(&rules),
            [
                (None, "description is missing".into()),
                (None, "tags is missing".into()),
                (Some(3), "sku is missing".into()),
                (Some(4), "sku is missing".into()),
            ]
        );
    }

    #[test]
    fn prices_have_bounds() {
        for (rules, reason) in [
            (
                Rules {
                    min_price_cents: Some(4501),
                    ..Rules::default()
                },
                "price 45.00 is below 45.01",
            ),
            (
                Rules {
                    max_price_cents: Some(4499),
                    ..Rules::default()
                },
                "price 45.00 is above 44.99",
            ),
            (
                Rules {
                    compare_at_above_price: true,
                    ..Rules::default()
                },
                "compare-at price 40.00 is not above price 45.00",
            ),
        ] {
            assert_eq!(reasons(&rules)[0], (Some(3), reason.to_owned()));
        }
    }
}
