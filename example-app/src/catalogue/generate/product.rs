//! Makes up one product.

use super::Row;
use super::description::description;
use super::random::Random;
use super::words::{ADJECTIVES, COLOURS, KINDS, Kind, MATERIALS, SHELVES, VENDORS};

/// What is wrong with a product, so that a careful shop would refuse it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    /// It costs nothing.
    Free,
    /// It is advertised as reduced from a price below its own.
    RaisedPrice,
    /// Customers could not read what it is.
    NoTitle,
}

impl Flaw {
    /// Four products in a hundred have one.
    fn of(random: &mut Random) -> Option<Self> {
        match random.below(200) {
            0..3 => Some(Self::Free),
            3..6 => Some(Self::RaisedPrice),
            6..8 => Some(Self::NoTitle),
            _ => None,
        }
    }
}

/// How a product's prices are written.
#[derive(Clone, Copy, Debug)]
enum PriceStyle {
    /// `50`
    Whole,
    /// `9.99`
    Charm,
    /// `12.5`
    OneDecimal,
    /// `12.50`
    TwoDecimals,
}

/// The rows of the product with this number, which makes its handle unique.
pub(super) fn rows(number: u64, random: &mut Random) -> Vec<Row> {
    let kind = random.pick(&KINDS);
    let (adjective, adjective_slug) = random.pick(&ADJECTIVES);
    let (material, material_slug) = random.pick(&MATERIALS);
    let handle = format!("{adjective_slug}-{material_slug}-{}-{number}", kind.slug);
    let title = format!("{adjective} {material} {}", kind.name);
    let flaw = Flaw::of(random);

    let mut rows = variants(number, kind, flaw, random);
    images(&handle, &title, &mut rows, random);
    // Some tools name the product on its first row only.
    let named_once = random.percent(3);
    for (index, row) in rows.iter_mut().enumerate() {
        if index == 0 || !named_once {
            row.handle.clone_from(&handle);
        }
    }

    let first = &mut rows[0];
    first.title = if flaw == Some(Flaw::NoTitle) {
        String::new()
    } else {
        title
    };
    first.description = description(random);
    first.vendor = (*random.pick(&VENDORS)).to_owned();
    if !random.percent(5) {
        first.product_type = kind.name.to_owned();
    }
    first.tags = tags(kind, random);
    let draft = random.percent(8);
    first.published = if draft { "false" } else { "true" };
    first.status = if draft { "draft" } else { "active" };
    first.gift_card = "false";
    if random.percent(85) {
        first.shelf = (*random.pick(&SHELVES)).to_owned();
    }
    rows
}

/// One row for each variant, with all but its image and handle.
fn variants(number: u64, kind: &Kind, flaw: Option<Flaw>, random: &mut Random) -> Vec<Row> {
    let (option1_name, values) = kind.option.unwrap_or(("Title", &["Default Title"]));
    let colours = if kind.colours && random.percent(40) {
        &COLOURS[..random.between(2, 3) as usize]
    } else {
        &[""]
    };
    // Often only some of the sizes are on offer.
    let offered = random.between(1, values.len() as u64) as usize;
    let style = price_style(random);
    let price = random.between(kind.price.0, kind.price.1) * 100;
    let reduced = flaw == Some(Flaw::RaisedPrice) || random.percent(18);
    let tracked = random.percent(70);

    let mut rows = Vec::new();
    for value in &values[..offered] {
        for colour in colours {
            let price = if flaw == Some(Flaw::Free) {
                0
            } else {
                styled(price + 200 * rows.len() as u64, style)
            };
            let before = if flaw == Some(Flaw::RaisedPrice) {
                price * 4 / 5
            } else {
                price * 5 / 4
            };
            let mut row = Row {
                option1_name: if rows.is_empty() { option1_name } else { "" },
                option1_value: (*value).to_owned(),
                option2_name: if rows.is_empty() && !colour.is_empty() {
                    "Color"
                } else {
                    ""
                },
                option2_value: (*colour).to_owned(),
                grams: grams(kind.grams, random),
                tracker: if tracked { "shopify" } else { "" },
                quantity: quantity(tracked, random),
                policy: "deny",
                fulfillment: "manual",
                price: written(price, style, random),
                requires_shipping: "true",
                taxable: "true",
                weight_unit: if kind.grams < 10_000 { "g" } else { "kg" },
                ..Row::default()
            };
            if !random.percent(12) {
                row.sku = format!("{}-{number:05}-{}", kind.sku, rows.len() + 1);
            }
            if reduced && price > 0 {
                row.compare_at_price = written(before, style, random);
            }
            // A price that is missing is not what the flawed ones are about.
            if flaw.is_none() && random.percent(2) {
                row.price.clear();
            }
            if random.percent(40) {
                row.cost = written(price * 9 / 20, PriceStyle::TwoDecimals, random);
            }
            rows.push(row);
        }
    }
    rows
}

/// Gives the rows images, and adds rows where there are more images.
fn images(handle: &str, title: &str, rows: &mut Vec<Row>, random: &mut Random) {
    let count = match random.below(100) {
        0..6 => 0,
        6..66 => 1,
        66..86 => 2,
        86..95 => 3,
        _ => random.between(4, 6),
    };
    for position in 1..=count {
        let url = format!("https://cdn.example.com/files/{handle}_{position}.jpg?v=17");
        let index = position as usize - 1;
        if index == rows.len() {
            rows.push(Row::default());
        }
        let row = &mut rows[index];
        if !row.option2_value.is_empty() {
            row.variant_image.clone_from(&url);
        }
        row.image = url;
        row.image_position = position.to_string();
        if random.percent(50) {
            row.image_alt_text = format!("{title}, seen from side {position}");
        }
    }
}

/// Some of the kind's tags, separated as people type them.
fn tags(kind: &Kind, random: &mut Random) -> String {
    const SEPARATORS: [&str; 6] = [", ", ", ", ", ", ",", " , ", ",  "];
    let mut tags = String::new();
    for tag in kind.tags {
        if random.percent(60) {
            if !tags.is_empty() {
                let separator: &&str = random.pick(&SEPARATORS);
                tags.push_str(separator);
            }
            tags.push_str(tag);
        }
    }
    if random.percent(4) {
        tags.push_str(", ");
    }
    tags
}

fn price_style(random: &mut Random) -> PriceStyle {
    match random.below(10) {
        0..3 => PriceStyle::Whole,
        3..8 => PriceStyle::Charm,
        8 => PriceStyle::OneDecimal,
        _ => PriceStyle::TwoDecimals,
    }
}

/// An amount in cents as the style has it.
fn styled(cents: u64, style: PriceStyle) -> u64 {
    match style {
        PriceStyle::Whole => cents,
        PriceStyle::Charm => cents - 1,
        PriceStyle::OneDecimal | PriceStyle::TwoDecimals => cents + 50,
    }
}

/// An amount in cents as text. Half of those from a thousand up are grouped,
/// which is not how the file's format has it.
fn written(cents: u64, style: PriceStyle, random: &mut Random) -> String {
    let (whole, rest) = (cents / 100, cents % 100);
    if whole >= 1_000 && random.percent(50) {
        return format!("{},{:03}.{rest:02}", whole / 1_000, whole % 1_000);
    }
    match style {
        PriceStyle::Whole if rest == 0 => whole.to_string(),
        PriceStyle::OneDecimal if rest.is_multiple_of(10) => format!("{whole}.{}", rest / 10),
        _ => format!("{whole}.{rest:02}"),
    }
}

fn grams(grams: u64, random: &mut Random) -> String {
    match random.below(20) {
        0 => String::new(),
        1 => "0".to_owned(),
        2..5 => format!("{grams}.0"),
        _ => grams.to_string(),
    }
}

fn quantity(tracked: bool, random: &mut Random) -> String {
    match random.below(100) {
        _ if !tracked => (*random.pick(&["", "0", "1"])).to_owned(),
        0..3 => format!("-{}", random.between(1, 6)),
        3..13 => "0".to_owned(),
        13..15 => String::new(),
        _ => random.between(1, 60).to_string(),
    }
}
