//! The query: how it is written, and what it matches.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::types::Product;

/// What a product must match: every term of the query.
///
/// | term | matches a product |
/// |---|---|
/// | `lamp` | with that text in its title, description, vendor, type, tags, SKUs or handle |
/// | `"desk lamp"` | with that text, spaces and colons included |
/// | `vendor:acme` | with that text in its vendor; or `title`, `description`, `type`, `sku`, `handle` |
/// | `tag:sale` | with just that tag |
/// | `price:10..50` | with a variant from 10.00 to 50.00; or `10..`, `..49.99`, `15` |
/// | `-tag:gift` | that does not match the term after the `-` |
///
/// Upper and lower case are the same.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<Term>);

#[derive(Debug, PartialEq, Eq)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Debug, PartialEq, Eq)]
enum Test {
    Anywhere(String),
    Text(Field, String),
    Tag(String),
    Price(RangeInclusive<u64>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Title,
    Description,
    Vendor,
    Type,
    Tags,
    Sku,
    Handle,
}

/// Why a text is not a query.
#[derive(Debug, PartialEq, Eq)]
pub enum QueryError {
    /// A quote has no end.
    OpenQuote,
    /// A field has nothing after its colon.
    NoValue(String),
    /// There is no such field.
    UnknownField(String),
    /// A price is no number or range.
    BadPrice(String),
    /// A range of prices ends before it begins.
    EmptyRange(String),
    /// A `-` has no term after it.
    LoneDash,
}

impl Query {
    /// Whether a product matches every term.
    pub fn matches(&self, product: &Product) -> bool {
        let mut terms = self.0.iter();
        terms.all(|term| term.test.matches(product) != term.negated)
    }

    /// How well a product matches: for each term, more for its title than for
    /// its tags, and more for these than for the rest.
    pub fn score(&self, product: &Product) -> i64 {
        let terms = self.0.iter().filter(|term| !term.negated);
        terms.map(|term| term.test.score(product)).sum()
    }
}

impl FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        let words = words(text)?;
        words
            .iter()
            .map(Term::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// One term's text, with a mark where a quote began.
#[derive(Default)]
struct Word {
    text: String,
    quoted_from: Option<usize>,
}

fn words(text: &str) -> Result<Vec<Word>, QueryError> {
    let mut words = Vec::new();
    let mut word = Word::default();
    let mut in_quotes = false;
    for c in text.chars() {
        match c {
            '"' => {
                in_quotes = !in_quotes;
                word.quoted_from.get_or_insert(word.text.len());
            }
            c if c.is_whitespace() && !in_quotes => words.push(std::mem::take(&mut word)),
            c => word.text.push(c),
        }
    }
    if in_quotes {
        return Err(QueryError::OpenQuote);
    }
    words.push(word);
    words.retain(|word| !word.text.is_empty());
    Ok(words)
}

impl Term {
    fn parse(word: &Word) -> Result<Self, QueryError> {
        let plain = word.quoted_from.unwrap_or(word.text.len());
        let negated = plain > 0 && word.text.starts_with('-');
        let start = usize::from(negated);
        if negated && word.text.len() == start {
            return Err(QueryError::LoneDash);
        }
        // A colon inside quotes is text.
        let test = match word.text[start..plain].split_once(':') {
            None => Test::Anywhere(word.text[start..].to_lowercase()),
            Some((field, _)) => Test::parse(field, &word.text[start + field.len() + 1..])?,
        };
        Ok(Self { negated, test })
    }
}

impl Test {
    fn parse(field: &str, value: &str) -> Result<Self, QueryError> {
        let field = field.to_lowercase();
        if value.is_empty() {
            return Err(QueryError::NoValue(field));
        }
        let text = value.to_lowercase();
        Ok(match field.as_str() {
            "price" => match prices(value) {
                None => return Err(QueryError::BadPrice(text)),
                Some(range) if range.is_empty() => return Err(QueryError::EmptyRange(text)),
                Some(range) => Self::Price(range),
            },
            "tag" => Self::Tag(text),
            "title" => Self::Text(Field::Title, text),
            "description" => Self::Text(Field::Description, text),
            "vendor" => Self::Text(Field::Vendor, text),
            "type" => Self::Text(Field::Type, text),
            "sku" => Self::Text(Field::Sku, text),
            "handle" => Self::Text(Field::Handle, text),
            _ => return Err(QueryError::UnknownField(field)),
        })
    }

    fn matches(&self, product: &Product) -> bool {
        match self {
            Self::Tag(tag) => product.tags.iter().any(|t| t.to_lowercase() == *tag),
            Self::Price(range) => {
                let mut prices = product.variants.iter().filter_map(|v| v.price);
                prices.any(|price| range.contains(&price))
            }
            Self::Text(field, text) => field.holds(text, product),
            Self::Anywhere(text) => Field::ALL.iter().any(|field| field.holds(text, product)),
        }
    }

    fn score(&self, product: &Product) -> i64 {
        match self {
            Self::Price(_) => 0,
            Self::Tag(_) if self.matches(product) => Field::Tags.score(),
            Self::Tag(_) => 0,
            Self::Text(field, text) if field.holds(text, product) => field.score(),
            Self::Text(..) => 0,
            Self::Anywhere(text) => {
                let fields = Field::ALL.iter();
                let found = fields.filter(|field| field.holds(text, product));
                found.map(|field| field.score()).sum()
            }
        }
    }
}

impl Field {
    const ALL: [Self; 7] = [
        Self::Title,
        Self::Description,
        Self::Vendor,
        Self::Type,
        Self::Tags,
        Self::Sku,
        Self::Handle,
    ];

    /// How much a text in it says of a product.
    fn score(self) -> i64 {
        match self {
            Self::Title => 8,
            Self::Tags => 4,
            Self::Vendor | Self::Type | Self::Sku | Self::Handle => 2,
            Self::Description => 1,
        }
    }

    fn holds(self, wanted: &str, product: &Product) -> bool {
        let has = |text: &str| text.to_lowercase().contains(wanted);
        match self {
            Self::Title => has(&product.title),
            Self::Description => has(&product.description),
            Self::Vendor => has(&product.vendor),
            Self::Type => has(&product.product_type),
            Self::Tags => product.tags.iter().any(|tag| has(tag)),
            Self::Handle => has(&product.handle),
            Self::Sku => {
                let mut skus = product.variants.iter().filter_map(|v| v.sku.as_deref());
                skus.any(has)
            }
        }
    }
}

/// Reads `10..50`, `10..`, `..50` or `10`, in whole or with two decimals.
fn prices(text: &str) -> Option<RangeInclusive<u64>> {
    let bound = |text: &str, open| match text {
        "" => Some(open),
        text => cents(text),
    };
    match text.split_once("..") {
        None => cents(text).map(|price| price..=price),
        Some(("", "")) => None,
        Some((low, high)) => Some(bound(low, 0)?..=bound(high, u64::MAX)?),
    }
}

fn cents(text: &str) -> Option<u64> {
    let (units, cents) = text.split_once('.').unwrap_or((text, "00"));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if cents.len() != 2 || !digits(units) || !digits(cents) {
        return None;
    }
    let units = units.parse::<u64>().ok()?.checked_mul(100)?;
    units.checked_add(cents.parse().ok()?)
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenQuote => f.write_str("a quote has no end: close it with `\"`"),
            Self::NoValue(field) => write!(f, "`{field}:` has no value: write one after the colon"),
            Self::UnknownField(field) => write!(
                f,
                "there is no field `{field}`: use title, description, vendor, type, tag, sku, \
                 handle or price, or quotes around a text with a colon"
            ),
            Self::BadPrice(text) => write!(
                f,
                "`{text}` is no price: write `10`, `9.99`, `10..50`, `10..` or `..50`"
            ),
            Self::EmptyRange(text) => {
                write!(f, "`{text}` holds no price: write the lower price first")
            }
            Self::LoneDash => f.write_str(
                "a `-` has no term after it: write them without a space, as in `-tag:gift`, or \
                 quotes around a `-` to search for",
            ),
        }
    }
}

impl std::error::Error for QueryError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::VariantRow;

    fn lamp() -> Product {
        let variant = |row, sku: &str, price| VariantRow {
            row,
            sku: Some(sku.into()),
            price,
            compare_at_price: None,
            quantity: None,
            weight: None,
            image: None,
        };
        Product {
            handle: "desk-lamp".into(),
            title: "Desk Lamp".into(),
            description: "<p>Ratio 3:1, bright</p>".into(),
            vendor: "Acme Ltd".into(),
            product_type: "Lighting".into(),
            tags: vec!["Sale".into(), "new in".into()],
            variants: vec![variant(0, "DL-1", Some(4999)), variant(1, "DL-2", None)],
        }
    }

    #[test]
    fn every_kind_of_term_matches_as_documented() {
        for (text, matches) in [
            ("", true),
            ("  lamp ", true),
            ("LAMP bright dl-2 light desk-lamp", true),
            ("chair", false),
            ("lamp chair", false),
            ("\"desk lamp\"", true),
            ("\"lamp desk\"", false),
            ("\"3:1\"", true),
            ("vendor:acme", true),
            ("vendor:\"acme ltd\"", true),
            (
                "title:desk description:bright type:light sku:dl-1 handle:desk-",
                true,
            ),
            ("title:acme", false),
            ("tag:sale", true),
            ("tag:\"New In\"", true),
            ("tag:new", false),
            ("price:10..50", true),
            ("price:49.99", true),
            ("price:..49.98", false),
            ("price:50..", false),
            ("-tag:gift -chair", true),
            ("-tag:sale", false),
            ("-price:50..", true),
            ("\"-chair\"", false),
            ("\"-\"", true),
            ("price:49.99..49.99", true),
        ] {
            let query = text.parse::<Query>().expect(text);
            assert_eq!(query.matches(&lamp()), matches, "{text}");
        }
    }

    #[test]
    fn every_mistake_says_what_to_write() {
        let price = "is no price: write `10`, `9.99`, `10..50`, `10..` or `..50`";
        let dash = "a `-` has no term after it: write them without a space, as in `-tag:gift`, or \
                    quotes around a `-` to search for";
        for (text, message) in [
            (
                "lamp \"desk",
                "a quote has no end: close it with `\"`".to_owned(),
            ),
            (
                "tag:",
                "`tag:` has no value: write one after the colon".into(),
            ),
            ("price:cheap", format!("`cheap` {price}")),
            ("price:..", format!("`..` {price}")),
            ("price:9.9", format!("`9.9` {price}")),
            ("price:-5", format!("`-5` {price}")),
            (
                "price:99999999999999999999",
                format!("`99999999999999999999` {price}"),
            ),
            (
                "price:50..10",
                "`50..10` holds no price: write the lower price first".into(),
            ),
            ("lamp - chair", dash.into()),
            ("-\"\"", dash.into()),
        ] {
            let error = text.parse::<Query>().expect_err(text);
            assert_eq!(error.to_string(), message);
        }
    }
}
