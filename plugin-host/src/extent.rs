//! Estimates from above, from the headers of sections alone, what a component
//! would come to when it is compiled and instantiated.

use wasmparser::{
    ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentOuterAliasKind,
    ComponentTypeRef, ElementItems, Encoding, Instance, Payload,
};

/// Component instances that one component may come to.
const INSTANCES: u64 = 10_000;

/// Functions, globals and elements that one component may come to. Each takes
/// some 32 bytes of an instance, which no limit on memory sees. Large guests of
/// today, a Python interpreter for one, come to a third of it.
const PARTS: u64 = 1_000_000;

/// Core instances are bounded when they are made: this many by default.
const CORE_INSTANCES: u64 = 100;

/// What a component would come to.
#[derive(Default)]
pub(crate) struct Extent {
    /// For each component or module that is open, what is in it so far.
    open: Vec<Open>,
    /// The instances that the outermost component comes to.
    instances: u64,
    /// The functions, globals and elements of the largest module.
    largest_module: u64,
    /// Core instances over all components, each counted once.
    core_instances: u64,
    /// A component is handed from one to another as a value: nobody can tell
    /// how often that is instantiated.
    handed_on: bool,
}

#[derive(Default)]
struct Open {
    /// Instances that one instance of it comes to.
    instances: u64,
    /// The same of each component in its index space.
    components: Vec<u64>,
    parts: u64,
    module: bool,
}

/// More than any plugin needs.
pub(crate) enum TooLarge {
    Instances {
        limit: u64,
    },
    Parts {
        limit: u64,
    },
    /// Nobody can tell.
    HandedOn,
}

impl Extent {
    /// Takes in one payload; those of a file come in its order.
    pub(crate) fn see(&mut self, payload: &Payload<'_>) {
        match payload {
            Payload::Version { encoding, .. } => self.open.push(Open {
                module: *encoding == Encoding::Module,
                ..Open::default()
            }),
            Payload::End(_) => self.leave(),
            Payload::ComponentInstanceSection(section) => {
                for instance in section.clone().into_iter().flatten() {
                    self.instance(&instance);
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section.clone().into_iter().flatten() {
                    self.alias(&alias);
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section.clone().into_iter().flatten() {
                    if matches!(import.ty, ComponentTypeRef::Component(_)) {
                        self.handed_on = true;
                    }
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section.clone().into_iter().flatten() {
                    if export.kind == ComponentExternalKind::Component {
                        self.component(0, export.index);
                    }
                }
            }
            Payload::InstanceSection(section) => {
                let instances = section.clone().into_iter().flatten();
                let real = instances.filter(|i| matches!(i, Instance::Instantiate { .. }));
                self.core_instances += real.count() as u64;
            }
            Payload::ImportSection(section) => {
                self.count(|open| open.parts += u64::from(section.count()));
            }
            Payload::FunctionSection(section) => {
                self.count(|open| open.parts += u64::from(section.count()));
            }
            Payload::GlobalSection(section) => {
                self.count(|open| open.parts += u64::from(section.count()));
            }
            Payload::ElementSection(section) => {
                for element in section.clone().into_iter().flatten() {
                    let items = match element.items {
                        ElementItems::Functions(items) => items.count(),
                        ElementItems::Expressions(_, items) => items.count(),
                    };
                    self.count(|open| open.parts += u64::from(items));
                }
            }
            _ => {}
        }
    }

    fn instance(&mut self, instance: &ComponentInstance<'_>) {
        let ComponentInstance::Instantiate {
            component_index,
            args,
        } = instance
        else {
            return;
        };
        self.handed_on |= args
            .iter()
            .any(|arg| arg.kind == ComponentExternalKind::Component);
        self.count(|open| {
            let of = open.components.get(*component_index as usize);
            let more = of.copied().unwrap_or(0).saturating_add(1);
            open.instances = open.instances.saturating_add(more);
        });
    }

    fn alias(&mut self, alias: &ComponentAlias<'_>) {
        match alias {
            ComponentAlias::InstanceExport {
                kind: ComponentExternalKind::Component,
                ..
            } => self.handed_on = true,
            ComponentAlias::Outer {
                kind: ComponentOuterAliasKind::Component,
                count,
                index,
            } => self.component(*count as usize, *index),
            _ => {}
        }
    }

    /// A further name for a component, `outer` components further out.
    fn component(&mut self, outer: usize, index: u32) {
        let from = self.open.len().checked_sub(outer + 1);
        let from = from.and_then(|at| self.open.get(at));
        let instances = from.and_then(|open| open.components.get(index as usize));
        let instances = instances.copied().unwrap_or(0);
        self.count(|open| open.components.push(instances));
    }

    fn count(&mut self, add: impl FnOnce(&mut Open)) {
        if let Some(open) = self.open.last_mut() {
            add(open);
        }
    }

    fn leave(&mut self) {
        let Some(left) = self.open.pop() else { return };
        self.largest_module = self.largest_module.max(left.parts);
        match self.open.last_mut() {
            // Modules have an index space of their own.
            Some(parent) if !left.module => parent.components.push(left.instances),
            Some(_) => {}
            None => self.instances = left.instances,
        }
    }

    /// Whether that is something to go on with.
    pub(crate) fn check(&self) -> Result<(), TooLarge> {
        if self.handed_on {
            return Err(TooLarge::HandedOn);
        }
        if self.instances > INSTANCES {
            return Err(TooLarge::Instances { limit: INSTANCES });
        }
        let core_instances = self.core_instances.saturating_mul(self.instances.max(1));
        let parts = core_instances
            .clamp(1, CORE_INSTANCES)
            .saturating_mul(self.largest_module);
        if parts > PARTS {
            return Err(TooLarge::Parts { limit: PARTS });
        }
        Ok(())
    }
}
