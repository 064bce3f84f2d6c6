//! The guests that sequences of calls go to, as text. Runs nothing.

const IMPORTS: &str = include_str!("../guests/imports.wat");
const BODY: &str = include_str!("../guests/body.wat");

const EXPORTS: &[&str] = &[
    "add", "count", "echo", "garble", "abort", "divide", "load", "spin", "recurse", "grow",
    "hoard", "ping", "work", "refuse", "boom", "say", "panic",
];

/// A guest that does what it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, arbitrary::Arbitrary)]
pub enum Guest {
    /// One component.
    Plain,
    /// A component around two instances of that one, of which the first answers.
    Nested,
}

impl Guest {
    /// Every guest.
    pub const ALL: [Self; 2] = [Self::Plain, Self::Nested];

    /// The guest's text.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Plain => format!("(component {IMPORTS} {BODY})"),
            Self::Nested => {
                let instantiate = r#"(instantiate $inner
                    (with "fuzz:sequence/host@0.1.0" (instance $host))
                    (with "plugin-host:base/log@0.1.0" (instance $log))
                    (with "plugin-host:base/panic@0.1.0" (instance $panic)))"#;
                let exports: String = EXPORTS
                    .iter()
                    .map(|name| format!("(export \"{name}\" (func $first \"{name}\"))"))
                    .collect();
                format!(
                    "(component {IMPORTS} (component $inner {IMPORTS} {BODY})
                        (instance $first {instantiate}) (instance {instantiate}) {exports})"
                )
            }
        }
    }

    /// The pages of memory that it starts with.
    #[must_use]
    pub fn pages(self) -> u64 {
        match self {
            Self::Plain => 1,
            Self::Nested => 2,
        }
    }
}
