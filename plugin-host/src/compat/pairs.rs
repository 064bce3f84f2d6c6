//! Which resources of the plugin stand for which of the host's.

use super::version::{Found, find};
use crate::surface::{Extern, Item, Named, ResourceId, Surface, Types};
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
            let Found::Same(provided_name, provided) = find(name, &host.imports) else {
                continue;
            };
            for (inner, item) in import.items() {
                if let (Item::Resource(own), Some(found @ Item::Resource(theirs))) =
                    (item, provided.item(inner))
                    && !is_from_elsewhere(&plugin.types, item, import, name, inner)
                    && !is_from_elsewhere(&host.types, found, provided, provided_name, inner)
                {
                    pairs.host_of.entry(*own).or_insert(*theirs);
                }
            }
        }
        for (name, demand) in &host.exports {
            let Found::Same(exported_name, exported) = find(name, &plugin.exports) else {
                continue;
            };
            for (inner, item) in demand.items() {
                if let (Item::Resource(theirs), Some(found @ Item::Resource(own))) =
                    (item, exported.item(inner))
                    && !is_from_elsewhere(&host.types, item, demand, name, inner)
                    && !is_from_elsewhere(&plugin.types, found, exported, exported_name, inner)
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

/// Whether an item of an interface is a resource of another one, or an alias of
/// one of its own. Nobody has to have it: functions say which resource they mean.
pub(super) fn is_from_elsewhere(
    types: &Types,
    item: &Item,
    of: &Named,
    name: &str,
    inner: &str,
) -> bool {
    let Item::Resource(id) = item else {
        return false;
    };
    let here = match of.shown {
        Extern::Interface(_) => (name, inner.trim_start_matches("[resource]")),
        _ => ("", name),
    };
    let home = types.resource(*id);
    home.is_some_and(|home| (&*home.interface, &*home.name) != here)
}

#[cfg(test)]
mod tests {
    use crate::compat::{HostWorld, reasons};
    use crate::component::Component;
    use crate::surface::Surface;

    const MIRROR: &str = "
        package acme:mirror@1.2.0;
        interface goods { resource bin; }
        interface store {
            use goods.{bin};
            fill: func(bin: borrow<bin>);
        }
        world plugin {
            import store;
            export goods;
            export store;
        }";

    #[test]
    fn an_exported_interface_means_the_exported_resource() {
        let (resolve, world) = test_encoder::read(MIRROR, "plugin").expect("it is WIT");
        let wit = test_encoder::world(&resolve, world).expect("it can be encoded");
        let plugin = test_encoder::component(&resolve, world, |_| true).expect("it can be one");
        let plugin = Component::read(&plugin).expect("it is a component").surface;
        let host = HostWorld {
            application: None,
            surface: &Surface::of_worlds(&[&wit]).expect("it can be read"),
            optional: &[],
        };
        assert_eq!(reasons(&host, &plugin, None), []);
    }
}
