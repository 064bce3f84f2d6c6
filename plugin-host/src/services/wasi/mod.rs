//! WASI 0.2 as plugins get it: our own hosts, each of which counts its call,
//! waits no longer than the deadline and gives nothing that was not granted.
//!
//! [`interfaces`] is all of it: what is not listed there cannot be imported.

mod cli;
mod clocks;
mod config;
mod file_stream;
mod filesystem;
mod io;
mod logging;
mod preopens;
mod random;
mod sockets;
mod stdio;
mod wit;

pub(super) use clocks::Clocks;
pub(crate) use preopens::DirectoryError;
pub(super) use preopens::Files;
pub(super) use random::Generator;
pub(crate) use random::Seed;
pub(super) use stdio::Stdio;
pub(super) use wit::WIT;

use super::{HasServices, LinkedServices};
use wasmtime::component::Linker;
use wasmtime_wasi::p2::bindings as stock;
use wasmtime_wasi::p2::bindings::sync;
use wasmtime_wasi::sockets::WasiSockets;

/// One interface that a guest may import.
struct Interface<D: 'static> {
    /// The name without a version.
    #[cfg_attr(not(test), expect(dead_code, reason = "the documentation's table"))]
    name: &'static str,
    /// What it gives where nothing is granted.
    #[cfg_attr(not(test), expect(dead_code, reason = "the documentation's table"))]
    without: &'static str,
    /// Which grant makes it give what; empty where none does.
    #[cfg_attr(not(test), expect(dead_code, reason = "the documentation's table"))]
    grant: &'static str,
    link: fn(&mut Linker<D>) -> wasmtime::Result<()>,
}

/// Links all of WASI.
pub(super) fn link<D: HasServices>(linker: &mut Linker<D>) -> wasmtime::Result<()> {
    let mut interfaces = interfaces::<D>().into_iter();
    interfaces.try_for_each(|interface| (interface.link)(linker))
}

/// Every interface of WASI that a guest may import, and no other.
#[rustfmt::skip]
fn interfaces<D: HasServices>() -> Vec<Interface<D>> {
    macro_rules! stock {
        ($name:literal, $interface:path, $without:literal, $grant:literal) => {{
            use $interface as interface;
            Interface {
                name: $name,
                without: $without,
                grant: $grant,
                link: |linker| {
                    interface::add_to_linker::<D, LinkedServices>(linker, D::services)
                },
            }
        }};
    }
    vec![
        stock!("wasi:cli/environment", stock::cli::environment,
            "no variables, arguments or working directory",
            "`grant_environment`: these variables"),
        stock!("wasi:cli/exit", stock::cli::exit,
            "ends the instance, and the call with an error", ""),
        stock!("wasi:cli/stderr", stock::cli::stderr,
            "kept in `Output`",
            "`grant_traced_stdio`, `inherit_stdio`: handed on, too"),
        stock!("wasi:cli/stdin", stock::cli::stdin, "empty", ""),
        stock!("wasi:cli/stdout", stock::cli::stdout,
            "kept in `Output`",
            "`grant_traced_stdio`, `inherit_stdio`: handed on, too"),
        stock!("wasi:cli/terminal-input", stock::cli::terminal_input, "no terminal", ""),
        stock!("wasi:cli/terminal-output", stock::cli::terminal_output, "no terminal", ""),
        stock!("wasi:cli/terminal-stderr", stock::cli::terminal_stderr, "no terminal", ""),
        stock!("wasi:cli/terminal-stdin", stock::cli::terminal_stdin, "no terminal", ""),
        stock!("wasi:cli/terminal-stdout", stock::cli::terminal_stdout, "no terminal", ""),
        stock!("wasi:clocks/monotonic-clock", stock::clocks::monotonic_clock,
            "zero for ever; sleeps are real",
            "`grant_real_clock`: nanoseconds since the instance began"),
        stock!("wasi:clocks/wall-clock", stock::clocks::wall_clock,
            "1970-01-01 for ever",
            "`grant_real_clock`: the time"),
        Interface {
            name: "wasi:config/store",
            without: "no settings",
            grant: "`grant_config`: the plugin's settings",
            link: config::link,
        },
        stock!("wasi:filesystem/preopens", stock::filesystem::preopens,
            "no directories",
            "`grant_directory`: this directory"),
        stock!("wasi:filesystem/types", sync::filesystem::types,
            "nothing to open",
            "`grant_directory`: the files and folders in it, and their times"),
        stock!("wasi:io/error", stock::io::error, "the text of an error", ""),
        stock!("wasi:io/poll", sync::io::poll, "waits, up to the deadline", ""),
        stock!("wasi:io/streams", sync::io::streams, "the streams that others give", ""),
        Interface {
            name: "wasi:logging/logging",
            without: "kept in `Output` and handed to `tracing`",
            grant: "",
            link: logging::link,
        },
        stock!("wasi:random/insecure", stock::random::insecure,
            "numbers that each instance gets anew, the same in every run", ""),
        stock!("wasi:random/insecure-seed", stock::random::insecure_seed,
            "the same in every run", ""),
        stock!("wasi:random/random", stock::random::random,
            "the numbers of `wasi:random/insecure`",
            "`grant_secure_random`: the operating system's"),
        stock!("wasi:sockets/instance-network", stock::sockets::instance_network,
            "a handle that opens nothing", ""),
        stock!("wasi:sockets/ip-name-lookup", stock::sockets::ip_name_lookup,
            "access denied", ""),
        Interface {
            name: "wasi:sockets/network",
            without: "no network",
            grant: "",
            link: |linker| {
                let options = stock::sockets::network::LinkOptions::default();
                stock::sockets::network::add_to_linker::<D, LinkedServices>(
                    linker, &options, D::services,
                )
            },
        },
        Interface {
            name: "wasi:sockets/tcp",
            without: "no socket to call it with",
            grant: "",
            link: |linker| {
                sync::sockets::tcp::add_to_linker::<D, WasiSockets>(linker, |data| {
                    data.services().sockets()
                })
            },
        },
        stock!("wasi:sockets/tcp-create-socket", stock::sockets::tcp_create_socket,
            "access denied", ""),
        Interface {
            name: "wasi:sockets/udp",
            without: "no socket to call it with",
            grant: "",
            link: |linker| {
                sync::sockets::udp::add_to_linker::<D, WasiSockets>(linker, |data| {
                    data.services().sockets()
                })
            },
        },
        stock!("wasi:sockets/udp-create-socket", sync::sockets::udp_create_socket,
            "access denied", ""),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::Services;
    use super::*;
    use crate::surface::Surface;
    use wasmtime::Engine;
    use wasmtime::component::ResourceType;

    /// Whether nothing is linked under a name; takes it.
    fn free<D: 'static>(linker: &mut Linker<D>, name: &str) -> bool {
        let any = ResourceType::host::<()>();
        linker.root().resource(name, any, |_, _| Ok(())).is_ok()
    }

    fn without_version(name: &str) -> &str {
        name.split('@').next().unwrap_or(name)
    }

    #[test]
    fn the_wit_names_what_is_linked_and_each_interface_links_no_other() {
        let wit = Surface::of_worlds(&[WIT]).expect("the world is encoded");
        let names: Vec<&str> = wit.imports.keys().map(String::as_str).collect();
        let mut bare: Vec<&str> = names.iter().map(|name| without_version(name)).collect();
        bare.sort_unstable();
        bare.dedup();
        let listed = interfaces::<Services>();
        let listed: Vec<&str> = listed.iter().map(|interface| interface.name).collect();
        assert_eq!(bare, listed);

        let engine = Engine::default();
        for interface in interfaces::<Services>() {
            let mut linker = Linker::<Services>::new(&engine);
            (interface.link)(&mut linker).expect("it links alone");
            for name in &names {
                let own = without_version(name) == interface.name;
                let free = free(&mut linker, name);
                assert_eq!(free, !own, "{} and {name}", interface.name);
            }
        }
        link(&mut Linker::<Services>::new(&engine)).expect("they link together");
    }

    #[test]
    fn the_documentation_lists_what_is_linked() {
        let documented: Vec<&str> = include_str!("../../lib.rs")
            .lines()
            .filter_map(|line| line.strip_prefix("//! "))
            .filter(|line| line.starts_with("| `wasi:"))
            .collect();
        let linked: Vec<String> = interfaces::<Services>()
            .iter()
            .map(|interface| {
                let (without, grant) = (interface.without, interface.grant);
                let row = format!("| `{}` | {without} | {grant} |", interface.name);
                row.replace("|  |", "| |")
            })
            .collect();
        assert_eq!(documented, linked, "\n{}", linked.join("\n//! "));
    }
}
