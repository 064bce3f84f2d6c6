//! The manifest of a `plugin-host` plugin: what its author writes, and what the
//! component carries.
//!
//! An author writes `plugin.toml`; the SDK completes it from Cargo's values at
//! compile time and puts it into the component as a custom section; the host
//! reads that section before it compiles or trusts anything else.
//!
//! ```
//! use plugin_host_manifest::{ManifestSource, Package, decode, encode};
//!
//! let source = ManifestSource::parse("priority = 10\n[host]\ncatalog = '>=0.1'")?;
//! let manifest = source.complete(&Package {
//!     name: "acme-pricing",
//!     version: "1.2.0",
//!     ..Package::default()
//! })?;
//! let section = encode(&manifest);
//! assert_eq!(decode(&section)?, manifest);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod capabilities;
mod capability;
mod capability_table;
mod guest_path;
mod id;
#[doc(hidden)]
pub mod internal;
mod manifest;
mod section;
mod source;
mod source_error;
mod table;
mod variable_name;
mod visible;

pub use capabilities::Capabilities;
pub use capability::{Access, Capability, Clock, Random, Stdio};
pub use guest_path::{GuestPath, GuestPathError};
pub use id::{PluginId, PluginIdError};
pub use manifest::{LimitsAsked, Manifest};
pub use section::{FORMAT_VERSION, MAX_SECTION_BYTES, SECTION_NAME, SectionError, decode, encode};
pub use source::{ManifestSource, Package};
pub use source_error::SourceError;
pub use variable_name::{VariableName, VariableNameError};
