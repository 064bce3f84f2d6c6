//! Which resources of the plugin stand for which of the host's.

use super::version::{Found, find};
use crate::surface::{Item, ResourceId, Surface};
use std::collections::HashMap;

#[derive(Default)]
pub(super) struct Pairs {
    /// The application's resource, for each that the plugin imports: one
    /// interface may be imported in several versions.
    host_of: HashMap<ResourceId, ResourceId>,
    /// The plugin's own resource, for each that it must export.
    plugin_of: HashMap<ResourceId, ResourceId>,
}

impl Pairs {
    /// Pairs them by interface and name. Where one would have two partners, the
    /// first is taken, and the other found to be wrong when it is compared.
    pub(super) fn new(host: &Surface, plugin: &Surface) -> Self {
        let mut pairs = Self::default();
        for (name, import) in &plugin.imports {
            let Found::Same(_, provided) = find(name, &host.imports) else {
                continue;
            };
            for (name, item) in import.items() {
                if let (Item::Resource(plugin), Some(Item::Resource(host))) =
                    (item, provided.item(name))
                {
                    pairs.host_of.entry(*plugin).or_insert(*host);
                }
            }
        }
        let is_imported = |side: &Surface, id| {
            let home = side.types.resource(id);
            home.is_some_and(|home| home.is_imported)
        };
        for (name, demand) in &host.exports {
            let Found::Same(_, exported) = find(name, &plugin.exports) else {
                continue;
            };
            for (name, item) in demand.items() {
                if let (Item::Resource(theirs), Some(Item::Resource(own))) =
                    (item, exported.item(name))
                    && !is_imported(host, *theirs)
                    && !is_imported(plugin, *own)
                {
                    pairs.plugin_of.entry(*theirs).or_insert(*own);
                }
            }
        }
        pairs
    }

    /// Whether one of the host's and one of the plugin's are the same.
    pub(super) fn same(&self, host: ResourceId, plugin: ResourceId) -> bool {
        self.host_of.get(&plugin) == Some(&host) || self.plugin_of.get(&host) == Some(&plugin)
    }
}
