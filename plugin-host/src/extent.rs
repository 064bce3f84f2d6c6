//! Estimates from above, from the headers of sections alone, what a component
//! would come to when it is compiled and instantiated.

use wasmparser::Payload;

/// Component instances that one component may come to.
const INSTANCES: u64 = 10_000;

/// Functions and globals that one component may come to. Each takes some 32
/// bytes of every instance of its module, which no limit on memory sees. Large
/// guests of today, a Python interpreter for one, come to a fifth of it.
const PARTS: u64 = 4_000_000;

/// Core instances are bounded when they are made: this many by default.
const CORE_INSTANCES: u64 = 100;

/// What a component would come to.
#[derive(Default)]
pub(crate) struct Extent {
    /// For each component or module that is open, what is in it so far.
    open: Vec<Open>,
    /// For each depth, the most instances that a component there has.
    most: Vec<u64>,
    /// The functions and globals of the largest module.
    largest_module: u64,
    /// Core instances over all components, each counted once.
    core_instances: u64,
}

#[derive(Default)]
struct Open {
    instances: u64,
    parts: u64,
}

/// More than any plugin needs.
pub(crate) enum TooLarge {
    Instances { limit: u64 },
    Parts { limit: u64 },
}

impl Extent {
    /// Takes in one payload; those of a file come in its order.
    pub(crate) fn see(&mut self, payload: &Payload<'_>) {
        match payload {
            Payload::Version { .. } => self.open.push(Open::default()),
            Payload::End(_) => self.leave(),
            Payload::ComponentInstanceSection(section) => {
                self.count(|open| open.instances += u64::from(section.count()));
            }
            Payload::InstanceSection(section) => self.core_instances += u64::from(section.count()),
            Payload::ImportSection(section) => {
                self.count(|open| open.parts += u64::from(section.count()));
            }
            Payload::FunctionSection(section) => {
                self.count(|open| open.parts += u64::from(section.count()));
            }
            Payload::GlobalSection(section) => {
                self.count(|open| open.parts += u64::from(section.count()));
            }
            _ => {}
        }
    }

    fn count(&mut self, add: impl FnOnce(&mut Open)) {
        if let Some(open) = self.open.last_mut() {
            add(open);
        }
    }

    fn leave(&mut self) {
        let depth = self.open.len();
        let Some(left) = self.open.pop() else { return };
        self.largest_module = self.largest_module.max(left.parts);
        self.most.resize(self.most.len().max(depth), 0);
        if let Some(most) = depth.checked_sub(1).and_then(|i| self.most.get_mut(i)) {
            *most = left.instances.max(*most);
        }
    }

    /// Whether that is something to go on with.
    pub(crate) fn check(&self) -> Result<(), TooLarge> {
        // Each instance of a component makes all of the instances in it.
        let instances = self
            .most
            .iter()
            .fold(1u64, |product, most| product.saturating_mul((*most).max(1)));
        if instances > INSTANCES {
            return Err(TooLarge::Instances { limit: INSTANCES });
        }
        let core_instances = self.core_instances.saturating_mul(instances);
        let parts = core_instances
            .clamp(1, CORE_INSTANCES)
            .saturating_mul(self.largest_module);
        if parts > PARTS {
            return Err(TooLarge::Parts { limit: PARTS });
        }
        Ok(())
    }
}
