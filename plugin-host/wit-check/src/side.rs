//! Which side of a world a change is on, seen from the plugin.

use serde::Serialize;
use std::fmt;

/// Which side of a world a change is on, seen from the plugin as in WIT.
///
/// ```
/// use plugin_host_wit_check::Side;
///
/// assert_eq!(Side::Both.to_string(), "imports and exports");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Side {
    /// What the host offers, and plugins may use.
    Imports,
    /// What plugins must provide, and the host calls.
    Exports,
    /// Both, or no world says which: the stricter rule holds.
    Both,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Imports => "imports",
            Self::Exports => "exports",
            Self::Both => "imports and exports",
        })
    }
}

/// The sides on which the worlds of one release have an interface.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sides {
    pub(crate) imports: bool,
    pub(crate) exports: bool,
}

impl Sides {
    pub(crate) fn add(&mut self, other: Self) {
        self.imports |= other.imports;
        self.exports |= other.exports;
    }

    pub(crate) fn has(self, other: Self) -> bool {
        self.imports >= other.imports && self.exports >= other.exports
    }

    pub(crate) fn nowhere(self) -> bool {
        !self.imports && !self.exports
    }

    /// An interface that no world has may be on either side of a world
    /// elsewhere.
    pub(crate) fn side(self) -> Side {
        match (self.imports, self.exports) {
            (true, false) => Side::Imports,
            (false, true) => Side::Exports,
            _ => Side::Both,
        }
    }
}
