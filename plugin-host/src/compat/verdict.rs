//! Holds each import and export of the plugin's against the host's.

use super::against::Against;
use super::difference::{Comparison, Difference};
use super::pairs::is_from_elsewhere;
use super::reason::{Reason, Remedy};
use super::version::{Found, find, newest_of_package, version_of, version_text};
use crate::surface::{Extern, Item, Named, Surface, Types};

/// A verdict in the making.
pub(super) struct Verdict<'a> {
    pub(super) host: &'a Surface,
    pub(super) plugin: &'a Surface,
    pub(super) comparison: Comparison<'a>,
    pub(super) against: Against,
}

impl<'a> Verdict<'a> {
    pub(super) fn import(&mut self, name: &'a str, import: &'a Named) {
        let missing = || Reason::MissingImport {
            import: name.to_owned(),
        };
        if is_later_wasi(name) {
            self.against.push(|| Reason::NeedsAsyncHost {
                interface: Some(name.to_owned()),
                function: None,
            });
            return;
        }
        if needs_nobody(import) {
            return;
        }
        let (provided_name, provided) = match find(name, &self.host.imports) {
            Found::Same(provided_name, provided) => (provided_name, provided),
            _ if is_all_from_elsewhere(import, name, &self.plugin.types) => return,
            Found::OtherVersion(other) => {
                self.against.push(|| version_reason(name, other));
                return;
            }
            Found::Nothing => {
                // The package grew since, or it lost the interface.
                let package = newest_of_package(name, &self.host.imports);
                let other = package.filter(|other| version_of(other) != version_of(name));
                match other.filter(|_| version_of(name).is_some()) {
                    Some(other) => self.against.push(|| version_reason(name, other)),
                    None => self.against.push(missing),
                }
                return;
            }
        };
        if is_interface(import) != is_interface(provided) {
            self.against.push(missing);
            return;
        }
        for (inner, item) in import.items() {
            // What the host's interface uses of another one is not linked in it.
            let found = provided.item(inner).filter(|found| {
                !is_from_elsewhere(&self.host.types, found, provided, provided_name, inner)
            });
            if found.is_none() && is_from_elsewhere(&self.plugin.types, item, import, name, inner) {
                continue;
            }
            let function = is_interface(import).then_some(inner);
            match found {
                Some(found) if same_kind(found, item) => {
                    self.item(name, provided_name, name, function, found, item);
                }
                _ => self.against.push(|| match function {
                    None => missing(),
                    Some(function) if version_of(name) > version_of(provided_name) => {
                        Reason::NeedsNewerHost {
                            wanted: name.to_owned(),
                            has: version_text(provided_name),
                            function: Some(function.to_owned()),
                        }
                    }
                    Some(function) => Reason::MissingFunction {
                        import: name.to_owned(),
                        function: function.to_owned(),
                    },
                }),
            }
        }
    }

    /// What is optional counts where the plugin has it on the host's track: of
    /// another version it is as if it were not there.
    pub(super) fn export(&mut self, name: &'a str, demand: &'a Named, is_optional: bool) {
        if !is_interface(demand) && needs_nobody(demand) {
            return;
        }
        let missing = |function: Option<&str>| Reason::MissingExport {
            export: name.to_owned(),
            function: function.map(str::to_owned),
        };
        let (exported_name, exported) = match find(name, &self.plugin.exports) {
            Found::Same(exported_name, exported) => (exported_name, exported),
            _ if is_optional => return,
            Found::OtherVersion(other) => {
                self.against.push(|| version_reason(other, name));
                return;
            }
            Found::Nothing => {
                self.against.push(|| missing(None));
                return;
            }
        };
        if is_interface(demand) != is_interface(exported) {
            self.against.push(|| missing(None));
            return;
        }
        for (inner, item) in demand.items() {
            if is_from_elsewhere(&self.host.types, item, demand, name, inner) {
                continue;
            }
            let function = is_interface(demand).then_some(inner);
            match exported.item(inner) {
                Some(found) if same_kind(found, item) => {
                    self.item(name, name, exported_name, function, item, found);
                }
                _ => self.against.push(|| missing(function)),
            }
        }
    }

    /// Compares what the host has under a name with what the plugin has there.
    fn item(
        &mut self,
        shown: &str,
        host_name: &str,
        plugin_name: &str,
        function: Option<&str>,
        host: &'a Item,
        plugin: &'a Item,
    ) {
        let against = &mut self.against;
        let mut tell = |difference: &dyn Fn() -> Difference| {
            against.push(|| {
                let Difference { path, here, plugin } = difference();
                Reason::OtherType {
                    item: shown.to_owned(),
                    path,
                    here,
                    plugin,
                    remedy: Remedy::between(version_of(plugin_name), version_of(host_name)),
                }
            });
        };
        let name = function.unwrap_or(shown);
        match (host, plugin) {
            (Item::Function(_), Item::Function(function_type))
                if self.plugin.types.needs_async(function_type) =>
            {
                against.push(|| Reason::NeedsAsyncHost {
                    interface: function.is_some().then(|| plugin_name.to_owned()),
                    function: Some(name.to_owned()),
                });
            }
            (Item::Function(host), Item::Function(plugin)) => {
                self.comparison.functions(name, host, plugin, &mut tell);
            }
            (Item::Resource(host), Item::Resource(plugin)) => {
                self.comparison.resources(name, *host, *plugin, &mut tell);
            }
            _ => {}
        }
    }
}

fn is_interface(named: &Named) -> bool {
    matches!(named.shown, Extern::Interface(_))
}

/// Types alone need nobody to serve them: functions say what they are.
fn needs_nobody(named: &Named) -> bool {
    named.items.iter().all(|item| matches!(item, Item::Type))
}

/// Whether all that is in an interface, or the world's item, is a resource that
/// somebody else has.
fn is_all_from_elsewhere(named: &Named, name: &str, types: &Types) -> bool {
    let mut items = named.items();
    items.all(|(inner, item)| is_from_elsewhere(types, item, named, name, inner))
}

fn same_kind(a: &Item, b: &Item) -> bool {
    matches!(
        (a, b),
        (Item::Function(_), Item::Function(_)) | (Item::Resource(_), Item::Resource(_))
    )
}

/// Whether it is of WASI 0.3, which is asynchronous.
fn is_later_wasi(name: &str) -> bool {
    let version = version_of(name).filter(|_| name.starts_with("wasi:"));
    version.is_some_and(|version| (version.major, version.minor) >= (0, 3) && version.major == 0)
}

/// Which side is behind, where `plugin` and `host` are two versions of one name.
fn version_reason(plugin: &str, host: &str) -> Reason {
    let (wanted, has) = (plugin.to_owned(), version_text(host));
    if version_of(plugin) > version_of(host) {
        Reason::NeedsNewerHost {
            wanted,
            has,
            function: None,
        }
    } else {
        Reason::NeedsNewerPlugin { wanted, has }
    }
}
