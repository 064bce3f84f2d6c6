//! Changes one price by the rule. Asks for the stock only if the rule needs it.

use std::ops::RangeInclusive;

use serde::Deserialize;

use crate::inventory;
use crate::types::{Product, VariantRow};

/// The configuration: each key is optional.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rule {
    /// The change of every price, such as `-10`.
    pub percent: Percent,
    /// The change instead, where the shop has none in stock.
    pub out_of_stock_percent: Option<Percent>,
    /// Only products with this tag.
    pub tag: Option<String>,
    /// Only products of this type.
    #[serde(rename = "type")]
    pub product_type: Option<String>,
    /// Moves a changed price to the nearest that ends in these cents, as in
    /// `99`, but never past the old price, to nothing or from nothing. Where
    /// that leaves none, the price stays as changed.
    pub ending_cents: Option<Cents>,
    /// Whether a price before its reduction becomes the compare-at price.
    pub keep_old_price: bool,
}

/// A change in percent, from -100 up.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(try_from = "i32")]
pub struct Percent(i32);

impl TryFrom<i32> for Percent {
    type Error = &'static str;

    fn try_from(percent: i32) -> Result<Self, Self::Error> {
        if percent < -100 {
            return Err("a price cannot fall by more than 100 percent");
        }
        Ok(Self(percent))
    }
}

/// The cents of a price, from 0 to 99.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "u64")]
pub struct Cents(u64);

impl TryFrom<u64> for Cents {
    type Error = &'static str;

    fn try_from(cents: u64) -> Result<Self, Self::Error> {
        if cents > 99 {
            return Err("cents go from 0 to 99");
        }
        Ok(Self(cents))
    }
}

impl Rule {
    /// Changes the prices in a batch, and says how many.
    pub fn apply(&self, batch: &mut [Product]) -> usize {
        let products = batch.iter_mut().filter(|product| self.covers(product));
        let variants = products.flat_map(|product| &mut product.variants);
        variants.filter_map(|variant| self.change(variant)).count()
    }

    fn covers(&self, product: &Product) -> bool {
        let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
        let tag = self.tag.as_deref();
        let product_type = self.product_type.as_deref();
        tag.is_none_or(|tag| product.tags.iter().any(|t| same(t, tag)))
            && product_type.is_none_or(|t| same(&product.product_type, t))
    }

    fn change(&self, variant: &mut VariantRow) -> Option<()> {
        let old = variant.price?;
        let percent = match self.out_of_stock_percent {
            Some(percent) if sold_out(variant) => percent,
            _ => self.percent,
        };
        let same_side = if percent.0 < 0 {
            1..=old
        } else {
            old..=u64::MAX
        };
        let new = self.round(changed_by(old, percent), &same_side);
        if percent.0 == 0 || new == old {
            return None;
        }
        variant.price = Some(new);
        if self.keep_old_price && new < old {
            variant.compare_at_price = Some(old);
        }
        Some(())
    }

    fn round(&self, cents: u64, allowed: &RangeInclusive<u64>) -> u64 {
        let Some(Cents(ending)) = self.ending_cents.filter(|_| cents > 0) else {
            return cents;
        };
        let units = cents - cents % 100;
        let near = [units.checked_sub(100), Some(units), units.checked_add(100)];
        let near = near.into_iter().flatten();
        near.filter_map(|units| units.checked_add(ending))
            .filter(|price| allowed.contains(price))
            .min_by_key(|price| price.abs_diff(cents))
            .unwrap_or(cents)
    }
}

fn sold_out(variant: &VariantRow) -> bool {
    inventory::stock(variant.row).is_some_and(|pieces| pieces <= 0)
}

fn changed_by(cents: u64, percent: Percent) -> u64 {
    let hundredths = i128::from(cents) * i128::from(100 + i64::from(percent.0));
    // Half a cent goes up.
    u64::try_from((hundredths + 50) / 100).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use plugin_sdk::{config, testing};

    use super::*;

    fn product(tags: &[&str], price: u64) -> Product {
        let variant = VariantRow {
            row: 7,
            sku: None,
            price: Some(price),
            compare_at_price: None,
            quantity: None,
            weight: None,
            image: None,
        };
        Product {
            handle: "lamp".into(),
            title: "Lamp".into(),
            description: String::new(),
            vendor: "Acme".into(),
            product_type: "Lighting".into(),
            tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
            variants: vec![variant],
        }
    }

    /// The price and the compare-at price of a lamp that costs 45.00.
    fn lamp(rule: &[(&str, &str)], pieces: Option<i64>) -> (Option<u64>, Option<u64>) {
        testing::set_config(rule.iter().copied());
        let rule = config::load::<Rule>().expect("a rule");
        inventory::fake::stock(move |row| pieces.filter(|_| row == 7));
        let mut batch = [product(&["Sale"], 4500)];
        rule.apply(&mut batch);
        let variant = &batch[0].variants[0];
        (variant.price, variant.compare_at_price)
    }

    #[test]
    fn every_rule_has_its_effect() {
        let off = ("percent", "-10");
        for (rule, pieces, price, compare_at) in [
            (&[][..], Some(3), 4500, None),
            (&[off], Some(3), 4050, None),
            (&[("percent", "33")], Some(3), 5985, None),
            (&[off, ("tag", "sale")], Some(3), 4050, None),
            (&[off, ("tag", "new")], Some(3), 4500, None),
            (&[off, ("type", "lighting")], Some(3), 4050, None),
            (&[off, ("type", "chairs")], Some(3), 4500, None),
            (
                &[off, ("keep-old-price", "true")],
                Some(3),
                4050,
                Some(4500),
            ),
            (
                &[("percent", "5"), ("keep-old-price", "true")],
                Some(3),
                4725,
                None,
            ),
            (&[off, ("out-of-stock-percent", "-50")], Some(3), 4050, None),
            (&[off, ("out-of-stock-percent", "-50")], Some(0), 2250, None),
            (&[off, ("out-of-stock-percent", "-50")], None, 4050, None),
            (&[("out-of-stock-percent", "-50")], Some(-1), 2250, None),
            (&[off, ("ending-cents", "99")], Some(3), 4099, None),
            (&[off, ("ending-cents", "00")], Some(3), 4000, None),
            (&[("ending-cents", "99")], Some(3), 4500, None),
        ] {
            assert_eq!(
                lamp(rule, pieces),
                (Some(price), compare_at),
                "{rule:?} {pieces:?}"
            );
        }
    }

    #[test]
    fn the_stock_is_asked_only_where_a_rule_needs_it() {
        let rule = Rule {
            percent: Percent(-10),
            ..Rule::default()
        };
        let mut batch = [product(&[], 100)];
        inventory::fake::stock(|_| panic!("asked"));
        assert_eq!(rule.apply(&mut batch), 1);
    }

    #[test]
    fn rounding_never_passes_the_old_price() {
        for (old, percent, ending, new) in [
            (4590, -1, 99, 4499),
            (4505, 1, 0, 4600),
            (99, -10, 99, 99),
            (50, -10, 99, 45),
            (40, -10, 0, 36),
            (50, 10, 99, 99),
            (0, -10, 99, 0),
            (0, 10, 99, 0),
            (4500, -100, 99, 0),
            (u64::MAX, 100, 99, u64::MAX),
        ] {
            let rule = Rule {
                percent: Percent(percent),
                ending_cents: Some(Cents(ending)),
                ..Rule::default()
            };
            let mut batch = [product(&[], old)];
            let changed = rule.apply(&mut batch);
            assert_eq!(
                (batch[0].variants[0].price, changed),
                (Some(new), usize::from(new != old)),
                "{old} {percent} {ending}"
            );
        }
    }

    #[test]
    fn a_missing_price_stays_missing_and_a_huge_one_stays_in_range() {
        let rule = Rule {
            percent: Percent(100),
            ..Rule::default()
        };
        let mut batch = [product(&[], u64::MAX - 1)];
        assert_eq!(rule.apply(&mut batch), 1);
        assert_eq!(batch[0].variants[0].price, Some(u64::MAX));
        batch[0].variants[0].price = None;
        assert_eq!(rule.apply(&mut batch), 0);
        assert_eq!(batch[0].variants[0].price, None);
    }
}
