//! Holds a plugin to what is granted: what it asks for, and what its imports are
//! for. A pure function.

use super::Reason;
use plugin_host_manifest::Capabilities;
use std::fmt;

/// What an interface of WASI is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// Files: needs a directory.
    Files,
    /// Environment variables and arguments: needs an environment variable.
    Environment,
    /// Clocks, and waiting for them: needs the real clock.
    Clock,
    /// Random numbers: needs secure ones.
    Random,
    /// The network, which cannot be granted yet.
    Network,
}

/// Every reason why a plugin may not run where it must be granted all that it
/// asks for and imports.
pub(crate) fn strict_reasons<'a>(
    granted: &Capabilities,
    asked: &Capabilities,
    wasi_imports: impl IntoIterator<Item = &'a str>,
) -> Vec<Reason> {
    let asked = asked.beyond(granted).into_iter();
    let asked = asked.map(|capability| Reason::NotGranted { capability });
    let imports = wasi_imports.into_iter().filter_map(|import| {
        let purpose = purpose_of(import).filter(|purpose| !purpose.is_granted(granted))?;
        Some(Reason::ImportNotGranted {
            import: import.to_owned(),
            purpose,
        })
    });
    asked.chain(imports).collect()
}

/// What an interface of WASI such as `wasi:random/random@0.2.3` is for; none
/// where every plugin may use it.
///
/// | interfaces | purpose |
/// |---|---|
/// | `wasi:filesystem/*` | files |
/// | `wasi:cli/environment` | environment |
/// | `wasi:clocks/*` | clock |
/// | `wasi:random/*` | random |
/// | `wasi:sockets/*` | network |
/// | `wasi:io/*`, the others of `wasi:cli/*` (stdio, terminals, exit) | none |
fn purpose_of(import: &str) -> Option<Purpose> {
    let (package, interface) = import.split_once('/')?;
    let interface = interface.split('@').next();
    match (package, interface) {
        ("wasi:filesystem", _) => Some(Purpose::Files),
        ("wasi:cli", Some("environment")) => Some(Purpose::Environment),
        ("wasi:clocks", _) => Some(Purpose::Clock),
        ("wasi:random", _) => Some(Purpose::Random),
        ("wasi:sockets", _) => Some(Purpose::Network),
        _ => None,
    }
}

impl Purpose {
    fn is_granted(self, granted: &Capabilities) -> bool {
        use plugin_host_manifest::{Clock, Random};
        match self {
            Self::Files => !granted.directories.is_empty(),
            Self::Environment => !granted.environment.is_empty(),
            Self::Clock => granted.clock >= Clock::Real,
            Self::Random => granted.random >= Random::Secure,
            Self::Network => false,
        }
    }
}

/// What it needs, as in "it needs the real clock".
impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Files => "a directory",
            Self::Environment => "an environment variable",
            Self::Clock => "the real clock",
            Self::Random => "secure random numbers",
            Self::Network => "the network",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plugin_host_manifest::{Access, Clock, Random, Stdio};

    fn all() -> Capabilities {
        let mut all = Capabilities::none();
        let data = "/data".parse().expect("a path");
        all.directories.insert(data, Access::ReadOnly);
        all.environment.insert("LANG".parse().expect("a name"));
        all.clock = Clock::Real;
        all.random = Random::Secure;
        all.stdio = Stdio::Traced;
        all.config = true;
        all
    }

    #[test]
    fn every_wasi_interface_is_for_something_or_free() {
        for (purpose, imports) in [
            (
                Some(Purpose::Files),
                &["wasi:filesystem/preopens", "wasi:filesystem/types"][..],
            ),
            (Some(Purpose::Environment), &["wasi:cli/environment"]),
            (
                Some(Purpose::Clock),
                &["wasi:clocks/monotonic-clock", "wasi:clocks/wall-clock"],
            ),
            (
                Some(Purpose::Random),
                &[
                    "wasi:random/insecure",
                    "wasi:random/insecure-seed",
                    "wasi:random/random",
                ],
            ),
            (
                Some(Purpose::Network),
                &[
                    "wasi:sockets/instance-network",
                    "wasi:sockets/ip-name-lookup",
                    "wasi:sockets/network",
                    "wasi:sockets/tcp",
                    "wasi:sockets/tcp-create-socket",
                    "wasi:sockets/udp",
                    "wasi:sockets/udp-create-socket",
                ],
            ),
            (
                None,
                &[
                    "wasi:cli/exit",
                    "wasi:cli/stderr",
                    "wasi:cli/stdin",
                    "wasi:cli/stdout",
                    "wasi:cli/terminal-input",
                    "wasi:cli/terminal-output",
                    "wasi:cli/terminal-stderr",
                    "wasi:cli/terminal-stdin",
                    "wasi:cli/terminal-stdout",
                    "wasi:io/error",
                    "wasi:io/poll",
                    "wasi:io/streams",
                ],
            ),
        ] {
            for import in imports {
                for import in [(*import).to_owned(), format!("{import}@0.2.3")] {
                    assert_eq!(purpose_of(&import), purpose, "{import}");
                }
            }
        }
    }

    #[test]
    fn an_import_needs_what_it_is_for_and_the_network_is_never_granted() {
        let imports = [
            "wasi:cli/environment@0.2.3",
            "wasi:cli/stdout@0.2.3",
            "wasi:clocks/wall-clock@0.2.3",
            "wasi:filesystem/types@0.2.3",
            "wasi:io/poll@0.2.3",
            "wasi:random/random@0.2.3",
            "wasi:sockets/tcp@0.2.3",
        ];
        let messages = |granted: &Capabilities| -> Vec<String> {
            let reasons = strict_reasons(granted, &Capabilities::none(), imports);
            reasons.iter().map(ToString::to_string).collect()
        };
        let needs = |import: &str, what: &str| {
            format!(
                "it imports `{import}@0.2.3`, which needs {what}, and this host is strict: grant \
                 that, which its plugin.toml must ask for, or build the host without `strict`"
            )
        };
        let network = "it imports `wasi:sockets/tcp@0.2.3`, which needs the network, and that \
                       cannot be granted: use a plugin that does without, or build the host \
                       without `strict`";
        assert_eq!(
            messages(&Capabilities::none()),
            [
                needs("wasi:cli/environment", "an environment variable"),
                needs("wasi:clocks/wall-clock", "the real clock"),
                needs("wasi:filesystem/types", "a directory"),
                needs("wasi:random/random", "secure random numbers"),
                network.to_owned(),
            ]
        );
        assert_eq!(messages(&all()), [network]);
    }

    #[test]
    fn what_is_asked_must_be_granted() {
        assert_eq!(strict_reasons(&all(), &all(), []), []);
        assert_eq!(strict_reasons(&all(), &Capabilities::none(), []), []);
        let reasons = strict_reasons(&Capabilities::none(), &all(), []);
        assert_eq!(reasons.len(), 6);
        assert_eq!(
            reasons[0].to_string(),
            "it asks for the directory `/data`, read-only, and this host is strict: grant it, or \
             build the host without `strict`"
        );
    }
}
