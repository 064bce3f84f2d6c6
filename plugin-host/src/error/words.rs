//! The words for each kind of error.

use super::grants::{explain_not_asked, explain_outdated};
use super::kind::{ErrorKind, Preference};
use super::lock::explain_lock;
use super::one_line::one_line;
use crate::compat::Reason;
use std::fmt;

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot read it: {error}"),
            Self::Descriptors(error) => write!(
                f,
                "there is no file descriptor left for it: allow more, for example with \
                 `ulimit -n`, load fewer plugins, or load them when they are needed, \
                 with `Loader::lazy`: {error}"
            ),
            Self::Engine(detail) => write!(f, "the engine failed: {detail}"),
            Self::Changed { found, expected } => write!(
                f,
                "the file changed after it was discovered, from {expected} to {found}: \
                 discover it again"
            ),
            Self::Directory { guest, path, error } => write!(
                f,
                "cannot open the directory `{}` that it was granted as `{}`: {error}",
                one_line(&path.display().to_string()),
                one_line(guest)
            ),
            Self::FuelNotMetered => f.write_str(
                "its limits name fuel, and this host does not meter: \
                 name fuel in the limits of `HostBuilder` too",
            ),
            Self::NoCompiler => f.write_str(
                "this application was built without a compiler, and neither ships this plugin \
                 compiled nor has a cache that holds it: turn on the feature `compile` of \
                 plugin-host",
            ),
            Self::Shipped(problem) => write!(
                f,
                "this application was built without a compiler, and what it ships cannot be \
                 used: {}",
                one_line(&problem.to_string())
            ),
            Self::LoadCancelled => f.write_str("loading it was cancelled by the application"),
            // What failed follows in the chain of sources.
            Self::State(_) => f.write_str("the application could not make the plugin's state"),
            Self::HostFunction(_) => {
                f.write_str("a function of the application that the plugin called failed")
            }
            Self::Application(_) => {
                f.write_str("the application failed in what it does with the plugin itself")
            }
            Self::Adapter { world, .. } => write!(
                f,
                "made for `{world}`, it cannot do what is asked, as the application's adapter \
                 says: use a plugin made for a newer version"
            ),
            Self::StaleHandle { call, resource } => write!(
                f,
                "`{call}` was refused and touched nothing, since the handle to a `{resource}` \
                 that it was given belongs to another instance, which failed or was replaced, or \
                 to another plugin: make a new one"
            ),
            Self::HandleInOneCall { call } => write!(
                f,
                "`{call}` was not called, since it takes or returns handles, and \
                 `Lifetime::OneCall` ends them with the call: use `Plugin::under_one_budget`"
            ),
            Self::Grant(error) => f.write_str(&one_line(&error.to_string())),
            Self::NotAsked(beyond) => explain_not_asked(f, beyond),
            Self::Policy(error) => f.write_str(&one_line(&error.to_string())),
            Self::NotLocked => f.write_str(
                "it is not locked, and this host loads locked plugins alone: \
                 look at it, then lock it in the host's policy",
            ),
            Self::Component(error) => f.write_str(&one_line(&error.to_string())),
            Self::FileName(error) => write!(
                f,
                "it has no manifest, and its file name cannot be its id: {error}"
            ),
            Self::ManifestFile(error) => {
                write!(f, "plugin.toml: {}", one_line(&error.to_string()))
            }
            Self::ComponentFiles(0) => f.write_str(
                "the folder has a plugin.toml and no component: put the built .wasm file there",
            ),
            Self::ComponentFiles(count) => write!(
                f,
                "the folder has {count} components, and a plugin is one: remove the others"
            ),
            Self::DuplicateId { id, kept, why } => {
                let kept = kept.display().to_string();
                write!(f, "its id `{id}` is taken by `{}`, which ", one_line(&kept))?;
                match why {
                    Preference::Locked => f.write_str("the policy locks it to"),
                    Preference::Higher(version) => write!(f, "has the higher version {version}"),
                    Preference::First => f.write_str("comes first"),
                }?;
                f.write_str(": remove one of the two")
            }
            Self::PoolExhausted { size, waited } => write!(
                f,
                "all {size} instances of its pool were busy for {waited:?}: make the pool larger, \
                 wait longer, or lower the limits on calls"
            ),
            Self::Compile(detail) => write!(
                f,
                "its code is not accepted, rebuild it for wasm32-wasip2: {}",
                one_line(detail)
            ),
            Self::Limit {
                call,
                limit,
                allowed,
                asked,
            } => limit.explain(f, call, *allowed, *asked),
            Self::Panic {
                call,
                message,
                place,
            } => {
                write!(f, "`{call}` panicked")?;
                if let Some((file, line, column)) = place {
                    write!(f, " at {}:{line}:{column}", one_line(file))?;
                }
                write!(f, ": {}; report this to its author", one_line(message))
            }
            Self::Trap { call, trap } => {
                write!(f, "`{call}` {trap}; report this to its author")
            }
            Self::Exit { call, success } => write!(
                f,
                "`{call}` ended the plugin with {}, and a plugin is to return; \
                 report this to its author",
                if *success { "success" } else { "failure" }
            ),
            Self::Cancelled { call } => write!(f, "`{call}` was cancelled by the application"),
            Self::TooDeep { call } => write!(
                f,
                "`{call}` was not called, since functions of the application call plugins more \
                 than three deep: have them call fewer, or on a thread of their own"
            ),
            Self::InstanceFailed { call } => write!(
                f,
                "`{call}` was not called, since an earlier call under the same budget failed"
            ),
            Self::BeforeCall { call, failure } => write!(
                f,
                "{failure}; this ran before `{call}`, which was not called: call it again"
            ),
            Self::GrantOutdated {
                binding,
                found,
                added,
                removed,
            } => explain_outdated(f, binding, found, added, removed),
            Self::LockOutdated { locked, found } => explain_lock(f, locked, found),
            Self::Unfit(reasons) => {
                const SHOWN: usize = 10;
                let shown = reasons.iter().take(SHOWN);
                let shown: Vec<String> = shown.map(|r| one_line(&r.to_string())).collect();
                f.write_str(&shown.join("; "))?;
                let more = reasons.iter().skip(SHOWN).map(|reason| match reason {
                    Reason::More { count } => *count,
                    _ => 1,
                });
                match more.sum::<usize>() {
                    0 => Ok(()),
                    more => write!(f, "; and {more} more"),
                }
            }
            Self::Types(detail) => write!(
                f,
                "its interface has the names of this application's and other types, \
                 use a version made for this application: {}",
                one_line(detail)
            ),
        }
    }
}
