//! What `plugin-host` itself reads with. No part of this crate's interface: it
//! may change in any release.

pub use crate::capability_table::capabilities;
pub use crate::table::Table;
