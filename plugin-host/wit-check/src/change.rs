//! One difference between two releases.

use crate::{Severity, Side};
use serde::Serialize;
use std::fmt;

/// One difference between two releases. Its `Display` is one line.
///
/// ```
/// use plugin_host_wit_check::{Wit, compare};
///
/// let old = Wit::parse("package acme:shop@1.0.0; interface stock { count: func(); }")?;
/// let new = Wit::parse("package acme:shop@1.0.0; interface stock { }")?;
/// let change = &compare(&old, &new).changes[0];
/// assert_eq!(change.path, "acme:shop/stock.count");
/// assert_eq!(change.what, "function removed");
/// # Ok::<(), plugin_host_wit_check::WitError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// Where it is, such as `example:catalog/types.product.price`.
    pub path: String,
    /// How much it costs.
    pub severity: Severity,
    /// Which side of a world it is on.
    pub side: Side,
    /// What is different.
    pub what: String,
    /// Why that has this severity.
    pub why: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} ({}): {}; {}",
            self.severity, self.path, self.side, self.what, self.why
        )
    }
}
