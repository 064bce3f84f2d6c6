//! What each kind of change costs, and why. Nothing else decides a severity.
//!
//! Sources: wasmtime 48 for what links (`component/matching.rs`: functions and
//! resources of an instance are looked up by name, its other types are passed
//! over; `component/func/typed.rs`: records, variants, enums and flags must have
//! the same names in the same order, parameters go by position;
//! `component/func/host.rs`: `async` must agree), wasmparser 0.254 for what
//! composes (`validator/component_types.rs`: parameter names must agree too),
//! `plugin-host`'s `compat/` for exports (resources are asked for by name too),
//! and the component model's "canonical interface name" for version tracks.

use crate::{Severity, Side};
use Severity::{Major, Minor, Patch};

/// What a change costs on one side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule(pub(crate) Severity, pub(crate) &'static str);

/// What a change costs on each side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sided {
    imports: Rule,
    exports: Rule,
}

impl Sided {
    const fn both(rule: Rule) -> Self {
        Self {
            imports: rule,
            exports: rule,
        }
    }

    /// The rule for a side; for both, the stricter.
    pub(crate) fn on(self, side: Side) -> Rule {
        match side {
            Side::Imports => self.imports,
            Side::Exports => self.exports,
            Side::Both if self.imports.0 >= self.exports.0 => self.imports,
            Side::Both => self.exports,
        }
    }
}

/// A function, a resource, or a whole interface with any of them.
pub(crate) const ADDED: Sided = Sided {
    imports: Rule(Minor, "plugins built before do not use it"),
    exports: Rule(Major, "plugins built before do not provide it"),
};

pub(crate) const REMOVED: Sided = Sided {
    imports: Rule(Major, "plugins that use it no longer load"),
    exports: Rule(
        Minor,
        "plugins may still provide it, and the host no longer calls it",
    ),
};

pub(crate) const SIGNATURE: Sided = Sided {
    imports: Rule(
        Major,
        "types must match exactly, so plugins that use it no longer load",
    ),
    exports: Rule(
        Major,
        "types must match exactly, so plugins built before no longer load",
    ),
};

pub(crate) const SHAPE: Sided = Sided::both(Rule(
    Major,
    "records, variants, enums and flags must match exactly, so plugins built before no longer load",
));

pub(crate) const PARAMETERS_SWAPPED: Sided = Sided::both(Rule(
    Major,
    "plugins built before still load, and take one for the other",
));

pub(crate) const PARAMETER_RENAMED: Sided = Sided::both(Rule(
    Minor,
    "wasmtime matches by position, so plugins built before go on; tools that compose components, \
     and bindings that pass arguments by name, do not",
));

pub(crate) const TYPE_ADDED: Sided =
    Sided::both(Rule(Minor, "a type by itself is asked of nobody"));

pub(crate) const TYPE_REMOVED: Sided = Sided::both(Rule(
    Minor,
    "wasmtime does not look for it, so plugins built before go on; sources that name it no longer \
     build",
));

pub(crate) const TYPE_RENAMED: Sided = Sided::both(Rule(
    Minor,
    "wasmtime compares structure, so plugins built before go on; sources that name it no longer \
     build",
));

/// An interface with neither functions nor resources.
pub(crate) const TYPES_ALONE: Sided = Sided::both(Rule(
    Minor,
    "it holds types alone, which neither side asks of the other",
));

pub(crate) const UNUSED_ADDED: Sided = Sided::both(Rule(Minor, "no world asks for it"));

pub(crate) const UNUSED_REMOVED: Sided = Sided::both(Rule(Major, "worlds elsewhere may have it"));

pub(crate) const WORLD_ADDED: Sided = Sided::both(Rule(Minor, "no plugin was built for it"));

pub(crate) const WORLD_REMOVED: Sided =
    Sided::both(Rule(Major, "plugins built for it have no place to go"));

pub(crate) const VERSION_ADDED: Sided = Sided::both(Rule(
    Minor,
    "plugins built for the other versions do not use it",
));

pub(crate) const VERSION_REMOVED: Sided =
    Sided::both(Rule(Major, "plugins built for it no longer load"));

pub(crate) const PACKAGE_RENAMED: Sided = Sided::both(Rule(
    Major,
    "every name in it changes, so plugins built before no longer load",
));

pub(crate) const DOCS: Sided = Sided::both(Rule(Patch, "it does not change what links"));
