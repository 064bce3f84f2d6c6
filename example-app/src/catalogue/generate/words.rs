//! The words that generated products are made of.

/// A kind of product.
#[derive(Debug)]
pub(super) struct Kind {
    /// The last word of its title, and the type that the shop files it under.
    pub(super) name: &'static str,
    /// The name as it stands in handles.
    pub(super) slug: &'static str,
    /// The start of its stock keeping units.
    pub(super) sku: &'static str,
    /// The option that its variants differ in, or none where there is only one.
    pub(super) option: Option<(&'static str, &'static [&'static str])>,
    /// Whether it comes in colours, too.
    pub(super) colours: bool,
    /// The lowest and the highest price in whole units of money.
    pub(super) price: (u64, u64),
    /// The weight in grams.
    pub(super) grams: u64,
    /// The tags that suit it.
    pub(super) tags: &'static [&'static str],
}

/// All kinds.
pub(super) const KINDS: [Kind; 10] = [
    Kind {
        name: "Shirt",
        slug: "shirt",
        sku: "SHI",
        option: Some(("Size", &["S", "M", "L", "XL"])),
        colours: true,
        price: (19, 79),
        grams: 180,
        tags: &["clothing", "Summer", "cotton", "men", "women"],
    },
    Kind {
        name: "Hoodie",
        slug: "hoodie",
        sku: "HOO",
        option: Some(("Size", &["S", "M", "L"])),
        colours: false,
        price: (39, 99),
        grams: 520,
        tags: &["clothing", "Winter", "organic", "unisex"],
    },
    Kind {
        name: "Mug",
        slug: "mug",
        sku: "MUG",
        option: None,
        colours: false,
        price: (8, 24),
        grams: 350,
        tags: &["kitchen", "gift", "Coffee & Tea", "dishwasher safe"],
    },
    Kind {
        name: "Lamp",
        slug: "lamp",
        sku: "LAM",
        option: None,
        colours: true,
        price: (29, 249),
        grams: 1400,
        tags: &["home", "lighting", "LED", "bedroom"],
    },
    Kind {
        name: "Candle",
        slug: "candle",
        sku: "CAN",
        option: Some(("Scent", &["Vanilla", "Crème brûlée", "Pine"])),
        colours: false,
        price: (6, 32),
        grams: 240,
        tags: &["home", "gift", "vegan", "hand-poured"],
    },
    Kind {
        name: "Poster",
        slug: "poster",
        sku: "POS",
        option: Some(("Format", &["A4", "A3", "24\" × 36\""])),
        colours: false,
        price: (9, 59),
        grams: 90,
        tags: &["home", "wall art", "print", "gift"],
    },
    Kind {
        name: "Sofa",
        slug: "sofa",
        sku: "SOF",
        option: None,
        colours: true,
        price: (499, 2499),
        grams: 48_000,
        tags: &["home", "furniture", "living room", "bulky"],
    },
    Kind {
        name: "Tote Bag",
        slug: "tote-bag",
        sku: "TOT",
        option: None,
        colours: false,
        price: (7, 29),
        grams: 110,
        tags: &["accessories", "cotton", "everyday", "gift"],
    },
    Kind {
        name: "Notebook",
        slug: "notebook",
        sku: "NOT",
        option: Some(("Ruling", &["Plain", "Dotted"])),
        colours: false,
        price: (5, 22),
        grams: 260,
        tags: &["stationery", "paper", "recycled", "office"],
    },
    Kind {
        name: "Plant Pot",
        slug: "plant-pot",
        sku: "POT",
        option: None,
        colours: false,
        price: (9, 69),
        grams: 900,
        tags: &["garden", "home", "outdoor", "clay"],
    },
];

/// First words of titles, with their form in handles.
pub(super) const ADJECTIVES: [(&str, &str); 16] = [
    ("Faded", "faded"),
    ("Nordic", "nordic"),
    ("Little", "little"),
    ("Sunday", "sunday"),
    ("Harbour", "harbour"),
    ("Midnight", "midnight"),
    ("Grandma's", "grandmas"),
    ("\"Old Town\"", "old-town"),
    ("Rough & Ready", "rough-ready"),
    ("Café", "cafe"),
    ("Größer als", "groesser-als"),
    ("Señora", "senora"),
    ("Łódź", "lodz"),
    ("東京", "tokyo"),
    ("Ocean 🌊", "ocean"),
    ("Wild", "wild"),
];

/// Second words of titles, with their form in handles.
pub(super) const MATERIALS: [(&str, &str); 12] = [
    ("Linen", "linen"),
    ("Oak", "oak"),
    ("Enamel", "enamel"),
    ("Stoneware", "stoneware"),
    ("Brass", "brass"),
    ("Wool", "wool"),
    ("Canvas", "canvas"),
    ("Moss", "moss"),
    ("Terracotta", "terracotta"),
    ("Indigo", "indigo"),
    ("Birch", "birch"),
    ("Copper", "copper"),
];

/// Who makes or sells the products.
pub(super) const VENDORS: [&str; 8] = [
    "Hearth & Hollow",
    "Nordlys Studio",
    "Müller Söhne GmbH",
    "Two Rivers Co.",
    "Atelier Brücke",
    "Paper, Pen & Post",
    "greenway",
    "Casa Ñandú",
];

/// What a second option offers.
pub(super) const COLOURS: [&str; 3] = ["Black", "Sand", "Bleu pâle"];

/// Where things are kept.
pub(super) const SHELVES: [&str; 6] = ["A-01", "A-02", "B-11", "B-12", "C-07", "floor"];
