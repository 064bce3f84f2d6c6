//! Runs third-party plugins inside an application: typed, budgeted, and with no
//! authority but what was granted.

mod blueprint;
mod candidate;
mod compat;
mod component;
mod digest;
mod discover;
mod engine;
mod error;
mod exports;
mod externs;
#[doc(hidden)]
pub mod generated;
mod host;
mod lifetime;
mod limiter;
mod limits;
mod live;
mod loader;
mod meter;
mod plugin;
mod prepared;
mod printable;
pub mod resource;
mod services;
mod store;
mod usage;
mod world;

pub use blueprint::InstanceContext;
pub use candidate::Candidate;
pub use compat::Reason;
pub use component::ComponentError;
pub use digest::Digest;
pub use error::{Blame, BoxError, Error, ErrorKind, Frame, LimitKind, Report, Trap};
pub use externs::Extern;
pub use host::{Host, HostBuilder};
pub use lifetime::Lifetime;
pub use limits::{Limits, MIB};
pub use loader::Loader;
pub use meter::Meter;
pub use plugin::Plugin;
pub use plugin_host_macros::world;
pub use plugin_host_manifest::{
    Capabilities, LimitsAsked, Manifest, PluginId, PluginIdError, SectionError, SourceError,
};
pub use prepared::Prepared;
pub use semver;
pub use services::{Level, LogRecord, Output};
pub use usage::Usage;
pub use world::World;
