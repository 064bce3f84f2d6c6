//! What is measured: the cases, their names, and what each hands over. Knows
//! nothing of who is measured.

use anyhow::{Context, Result};

/// One thing to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `()`.
    Nothing,
    /// `(u32, u32) -> u32`.
    Add,
    /// `add` behind an adapter between two versions of the world.
    Adapter,
    /// A string of so many bytes, there and back.
    Echo(usize),
    /// A record of twenty fields, there and back.
    Order,
    /// A list of so many products, there and back.
    Products(u32),
    /// A list of so many small records, there and back.
    Items(u32),
    /// A list of so many bytes, there and back.
    Bytes(usize),
    /// A call in which the guest calls the application so often.
    Ping(u32),
    /// A call that is lent a resource of the application's, which the guest uses so
    /// often.
    Lend(u32),
    /// A call that is given one, which the guest drops.
    Give,
    /// A call in which the guest logs so many records.
    Log(u32),
    /// A call in which the guest asks for a setting so often.
    Config(u32),
    /// A new instance in a store of its own, and its end.
    Start,
    /// `add` on an instance that lives for this call.
    OneCall,
    /// [`Start`](Self::Start) of the least plugin.
    StartLeast,
    /// [`OneCall`](Self::OneCall) of the least plugin.
    OneCallLeast,
}

/// Every case with its name, in the order of the tables.
pub const CASES: [(&str, Case); 23] = [
    ("nothing", Case::Nothing),
    ("add", Case::Add),
    ("adapter", Case::Adapter),
    ("echo-16", Case::Echo(16)),
    ("echo-1k", Case::Echo(1024)),
    ("order", Case::Order),
    ("products-1", Case::Products(1)),
    ("products-10", Case::Products(10)),
    ("products-1k", Case::Products(1_000)),
    ("products-100k", Case::Products(100_000)),
    ("items-1k", Case::Items(1_000)),
    ("bytes-1m", Case::Bytes(1024 * 1024)),
    ("ping-1", Case::Ping(1)),
    ("ping-1k", Case::Ping(1_000)),
    ("lend-1", Case::Lend(1)),
    ("lend-1k", Case::Lend(1_000)),
    ("give", Case::Give),
    ("log-1k", Case::Log(1_000)),
    ("config-1k", Case::Config(1_000)),
    ("start", Case::Start),
    ("one-call", Case::OneCall),
    ("start-least", Case::StartLeast),
    ("one-call-least", Case::OneCallLeast),
];

/// The key and the value of the setting that the guest asks for.
pub const SETTING: (&str, &str) = ("currency", "EUR");

impl Case {
    /// The case of this name.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn named(name: &str) -> Result<Self> {
        let found = CASES.iter().find(|(its, _)| *its == name);
        let found = found.with_context(|| {
            let names = CASES.map(|(name, _)| name).join(", ");
            format!("no case `{name}`: there are {names}")
        })?;
        Ok(found.1)
    }
}

/// A text of so many bytes.
#[must_use]
pub fn text(bytes: usize) -> String {
    "a text of sixteen".chars().cycle().take(bytes).collect()
}

/// A product's id, its three strings and its tags.
#[must_use]
pub fn product(i: u32) -> (u64, [String; 3], [String; 2]) {
    let strings = [
        format!("brass-lamp-{i}"),
        format!("Brass lamp with a shade, no. {i}"),
        "Lamps & Sons".to_owned(),
    ];
    (i.into(), strings, ["light".to_owned(), "brass".to_owned()])
}

/// A small record's id, price, quantity, and whether it is there.
#[must_use]
pub fn item(i: u32) -> (u64, u64, u32, bool) {
    (
        i.into(),
        u64::from(i) * 7 + 100,
        i % 50,
        !i.is_multiple_of(3),
    )
}
