//! Runs third-party plugins inside an application: typed, budgeted, and with no
//! authority but what was granted.
//!
//! The application describes its extension points as a WIT world, and
//! [`world!`] turns that into typed bindings. A [`Host`] finds [`Candidate`]s,
//! refuses those that do not fit before it compiles anything, and makes a
//! [`Plugin`] of each other one. A call into a plugin reads as a method call and
//! runs under the plugin's [`Limits`].
//!
//! ```
//! use plugin_host::{Candidate, Host, Limits, MIB, Plugin};
//! use std::time::Duration;
//!
//! plugin_host::world! {
//!     inline: "
//!         package docs:calculator;
//!         world plugin { export evaluate: func(x: s32, y: s32) -> s32; }",
//! }
//!
//! # fn component() -> Vec<u8> {
//! #     wat::parse_str(r#"(component
//! #         (core module $m (func (export "f") (param i32 i32) (result i32)
//! #             (i32.sub (local.get 0) (local.get 1))))
//! #         (core instance $i (instantiate $m))
//! #         (func (export "evaluate") (param "x" s32) (param "y" s32) (result s32)
//! #             (canon lift (core func $i "f"))))"#).expect("a component")
//! # }
//! fn main() -> Result<(), plugin_host::Error> {
//!     let limits = Limits::default()
//!         .fuel(1_000_000)
//!         .memory(8 * MIB)
//!         .deadline(Duration::from_millis(50));
//!     let host = Host::builder().limits(limits).build()?;
//!
//!     let candidate = Candidate::from_bytes("subtract", component())?;
//!     let mut plugin = host.load::<CalculatorPlugin>(&candidate)?;
//!     assert_eq!(plugin.evaluate(44, 2)?, 42);
//!
//!     let usage = Plugin::last_usage(&plugin);
//!     assert_eq!(usage.calls, 1);
//!     assert!(usage.fuel.is_some_and(|fuel| fuel < 100));
//!     Ok(())
//! }
//! ```
//!
//! # Failures
//!
//! Two kinds stay apart. What a plugin's interface itself may answer, a WIT
//! `result`, is the inner [`Result`] of a call. What this library reports, a
//! trap, a used-up budget or a refusal, is an [`Error`]: it names the plugin,
//! whose fault it is ([`Blame`]) and what to do. The instance in which a call
//! fails is thrown away and the next call gets a fresh one, so a plugin that
//! fails costs the application that one error.
//!
//! # State
//!
//! A world's imports become traits, which the application implements on a state
//! of its own. It hands over a function that makes such a state, and that runs
//! for every instance. What should outlive an instance is shared through
//! [`Arc`](std::sync::Arc).
//!
//! # Resources
//!
//! A resource of the WIT that the application serves is a type of its own, which the
//! functions that it implements take and return. It lends one to a plugin with
//! [`Lent`], or hands it over. A resource that a plugin exports is a type that
//! [`world!`] makes. A handle of either kind is good for the instance that it was made
//! in; any other refuses it and touches nothing ([`ErrorKind::StaleHandle`]).
//!
//! # What a plugin may reach
//!
//! The application's imports, this library's own services (`log`, `config` and
//! `panic` of `plugin-host:base`), and of WASI what follows. Without [`Grants`]
//! nothing of it reaches the machine, and a plugin does the same in every run.
//!
//! | interface | without a grant | with one |
//! |---|---|---|
//! | `wasi:cli/environment` | no variables, arguments or working directory | `grant_environment`: these variables |
//! | `wasi:cli/exit` | ends the instance, and the call with an error | |
//! | `wasi:cli/stderr` | kept in `Output` | `grant_traced_stdio`, `inherit_stdio`: handed on, too |
//! | `wasi:cli/stdin` | empty | |
//! | `wasi:cli/stdout` | kept in `Output` | `grant_traced_stdio`, `inherit_stdio`: handed on, too |
//! | `wasi:cli/terminal-input` | no terminal | |
//! | `wasi:cli/terminal-output` | no terminal | |
//! | `wasi:cli/terminal-stderr` | no terminal | |
//! | `wasi:cli/terminal-stdin` | no terminal | |
//! | `wasi:cli/terminal-stdout` | no terminal | |
//! | `wasi:clocks/monotonic-clock` | zero for ever; sleeps are real | `grant_real_clock`: nanoseconds since the instance began |
//! | `wasi:clocks/wall-clock` | 1970-01-01 for ever | `grant_real_clock`: the time |
//! | `wasi:config/store` | no settings | `grant_config`: the plugin's settings |
//! | `wasi:filesystem/preopens` | no directories | `grant_directory`: this directory |
//! | `wasi:filesystem/types` | nothing to open | `grant_directory`: the files and folders in it, and their times |
//! | `wasi:io/error` | the text of an error | |
//! | `wasi:io/poll` | waits, up to the deadline | |
//! | `wasi:io/streams` | the streams that others give | |
//! | `wasi:logging/logging` | kept in `Output` and handed to `tracing` | |
//! | `wasi:random/insecure` | numbers that each instance gets anew, the same in every run | |
//! | `wasi:random/insecure-seed` | the same in every run | |
//! | `wasi:random/random` | the numbers of `wasi:random/insecure` | `grant_secure_random`: the operating system's |
//! | `wasi:sockets/instance-network` | a handle that opens nothing | |
//! | `wasi:sockets/ip-name-lookup` | access denied | |
//! | `wasi:sockets/network` | no network | |
//! | `wasi:sockets/tcp` | no socket to call it with | |
//! | `wasi:sockets/tcp-create-socket` | access denied | |
//! | `wasi:sockets/udp` | no socket to call it with | |
//! | `wasi:sockets/udp-create-socket` | access denied | |
//!
//! Each of their calls counts as a host call. Of the packages `wasi:config` (drafts
//! `0.2.0-draft` and `0.2.0-rc.1`) and `wasi:logging` (without a version, and
//! `0.1.0-draft`) these are the versions; of the others it is any 0.2.
//!
//! In a granted directory a plugin opens regular files and folders alone, never a
//! FIFO, device or socket, at most 128 of them at once and 64 streams of what is
//! in them, and makes no symbolic link whose target is absolute or holds `..`.
//!
//! More is for a plugin's manifest to ask for, under `[capabilities]`, and for the
//! application to grant: in code with [`Grants`], or by a [`Policy`] file that
//! binds each grant to the plugin's bytes. What is granted and not asked for is
//! refused; what is asked for and not granted is not there, or a reason for a
//! [strict](HostBuilder::strict) host to refuse.
//!
//! # Observing
//!
//! Loading is a `tracing` span at level info and a call one at level trace, both
//! of target `plugin_host`; what plugins log are events of target
//! `plugin_host::plugin`. What a [`Cache`] reads and writes are events at level
//! debug, and why it cannot be used is one at level warn.
//!
//! What discovering and loading are at, for a line that shows it, is told to
//! [`HostBuilder::progress`].
//!
//! # Testing
//!
//! Code of an application that calls plugins, serves their imports, or finds, grants and
//! locks them is tested without building any wasm: see [`testing`] and [`NativePlugin`].
//!
//! # Many plugins
//!
//! [`Host::discover_in`] and [`Host::load_all`] work on several threads
//! ([`HostLimits::threads`]) and give the same result as one would. What takes
//! long the first time is compiling: a [`Cache`] spares it later, and
//! [`Loader::lazy`] puts it off to a plugin's first call. A [`LoadCanceller`] ends
//! the waiting for it.
//!
//! Plugins of one host with the same bytes share their code while one of them is
//! loaded. Nothing else is skipped then: each is judged by its own grants, lock and
//! limits, and its file must be as it was when it was judged: it is read again where
//! the system says that it changed.
//!
//! What a loaded plugin takes of the system: a file descriptor for its code where
//! that is mapped, from the cache or from what is shipped, else one for each memory that begins with data, from its
//! start on; and while it has an instance, 4 GiB of addresses for each memory, of
//! which only what it uses is in memory. [`HostLimits::components`] and
//! [`HostLimits::instances`] bound that. Where the system allows fewer
//! descriptors, plugins beyond are refused ([`ErrorKind::Descriptors`]) and the
//! others work.
//!
//! # Build profile
//!
//! Build an embedding application for release with `lto = "fat"` and
//! `codegen-units = 1`. The path of a call goes through several crates, and
//! inlining across them takes about a quarter off a small call (measured on bare
//! wasmtime: 123 ns with Cargo's defaults, 90 ns so built).
//!
//! # Address space
//!
//! A host reserves some four terabytes of addresses for the memory of its
//! instances, and uses none of them up: it makes instances cheap to start. Where a
//! process may not have so many, as under `ulimit -v`, it does without: see
//! [`Allocation`].
//!
//! # Features
//!
//! - `compile` (default): the compiler. Without it a host judges plugins, and
//!   loads those that are [`Shipped`] compiled with the application, or that a
//!   [`Cache`] holds, written by a build of the same engine that has it; loading
//!   another is an error that says so.
//!
//! # Versions
//!
//! Code that [`world!`] generates names types of the engine, wasmtime. A new major
//! version of wasmtime is therefore a new major version of this crate.

mod adapter;
mod allocation;
mod any_plugin;
mod binding;
mod blueprint;
mod cache;
mod candidate;
mod compat;
mod compiled;
mod component;
mod counters;
mod deadline;
mod digest;
mod discover;
mod discovery;
mod engine;
mod error;
mod exports;
mod extent;
#[doc(hidden)]
pub mod generated;
mod grant_error;
mod grants;
mod guest_resource;
mod home;
mod host;
mod host_limits;
mod judge;
mod judged;
mod lazy;
mod lent;
mod lifetime;
mod limiter;
mod limits;
mod linkers;
mod live;
mod load_canceller;
mod loader;
mod meter;
mod native;
mod native_plugin;
mod nesting;
mod offer;
mod ownership;
mod parallel;
mod plugin;
mod plugins;
mod policy;
mod policy_error;
mod pool;
#[cfg(feature = "compile")]
mod precompiler;
mod prepared;
mod printable;
mod progress;
mod release;
mod resources;
mod rules;
mod runtime;
mod services;
mod shared_code;
mod shelves;
mod shipped;
mod stamp;
mod starts;
mod store;
mod surface;
mod tally;
pub mod testing;
mod totals;
mod turn;
mod usage;
mod versions;
mod world;

pub use allocation::Allocation;
pub use any_plugin::AnyPlugin;
pub use binding::Binding;
pub use blueprint::InstanceContext;
pub use cache::{Cache, CacheError, CacheUsage};
pub use candidate::Candidate;
pub use compat::{Purpose, Reason, Remedy};
pub use component::ComponentError;
pub use digest::{Digest, DigestError};
pub use discovery::Discovery;
pub use error::{Blame, BoxError, Error, ErrorKind, Frame, LimitKind, Preference, Report, Trap};

pub use grant_error::GrantError;
pub use grants::Grants;
pub use host::{Host, HostBuilder};
pub use host_limits::HostLimits;
pub use judge::Judge;
pub use lazy::Lazy;
pub use lent::{Borrower, Lent};
pub use lifetime::Lifetime;
pub use limits::{Limits, MIB};
pub use load_canceller::LoadCanceller;
pub use loader::Loader;
pub use meter::{Canceller, Meter};
pub use native_plugin::NativePlugin;
pub use plugin::Plugin;
pub use plugin_host_macros::world;
pub use plugin_host_manifest::{
    Access, Capabilities, Capability, Clock, GuestPath, GuestPathError, LimitsAsked, Manifest,
    PluginId, PluginIdError, Random, SectionError, SourceError, Stdio, VariableName,
    VariableNameError,
};
pub use plugins::Plugins;
pub use policy::{Policy, PolicyEntry};
pub use policy_error::PolicyError;
pub use pool::{Pool, Pooled};
#[cfg(feature = "compile")]
pub use precompiler::Precompiler;
pub use prepared::Prepared;
pub use progress::{CodeOrigin, Progress};
pub use release::Release;
pub use semver;
pub use services::{Level, LogRecord, Output};
pub use shipped::{Shipped, ShippedError};
pub use surface::Extern;
pub use totals::HostUsage;
pub use turn::{Chain, FirstAnswer, Outcome, Turn};
pub use usage::Usage;
pub use versions::Versions;
pub use world::World;
