//! One case: a host's world and a plugin, and whether the verdict is right.

use super::dice::Dice;
use super::edit::EDITS;
use super::engine::{Names, link, start};
use super::generate;
use super::model::Wit;
use super::plain::{Head, Plain, interfaces};
use crate::compat::{HostWorld, Reason, reasons};
use crate::component::Component;
use crate::surface::Surface;
use plugin_host_manifest::Manifest;
use semver::Version;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use test_encoder::wit_parser::{Function, Resolve, Type, WorldId};
use wasmtime::Engine;

pub(super) struct Case {
    seed: u64,
    host: Side,
    plugin: Side,
    /// The plugin's component.
    component: Vec<u8>,
    /// The kinds of change between them.
    pub(super) edits: Vec<usize>,
    /// Whether they are in the plugin's world: it is newer than the host, or else
    /// older.
    pub(super) plugin_is_changed: bool,
    /// What the plugin requires of the application, which is 1.4.0.
    required: Option<&'static str>,
}

struct Side {
    text: String,
    resolve: Resolve,
    world: WorldId,
}

pub(super) enum Outcome {
    /// Nothing is against it, and it links.
    Fits,
    /// The same, where the validator cannot be asked: several versions of an
    /// interface stand for one.
    Links,
    /// Something is against it, and it does not link.
    Unfit,
    /// It links, or may, and is refused nonetheless: why.
    Policy(&'static str),
    Wrong(String),
}

impl Outcome {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Fits => "fits, and links",
            Self::Links => "fits, and links: types not held against the validator",
            Self::Unfit => "does not fit, and does not link",
            Self::Policy(why) => why,
            Self::Wrong(_) => "wrong",
        }
    }
}

impl Case {
    /// A case with a kind of change, and up to two more.
    pub(super) fn new(number: u64, edit: usize) -> Self {
        let tries = 0..10_000;
        let mut cases = tries.filter_map(|i| Self::try_new(number * 10_000 + i, edit));
        cases.next().expect("some change can be made")
    }

    fn try_new(seed: u64, edit: usize) -> Option<Self> {
        let mut dice = Dice::new(seed);
        let base = generate::wit(&mut dice);
        let mut edits = vec![edit];
        for _ in 0..dice.below(3) {
            edits.push(dice.below(EDITS.len()));
        }
        let mut changed = base.clone();
        for (i, edit) in edits.clone().into_iter().enumerate().rev() {
            match (EDITS[edit].apply)(&mut changed, &mut dice) {
                Some(()) => {}
                None if i == 0 => return None,
                None => _ = edits.remove(i),
            }
        }
        let plugin_is_changed = dice.in_hundred(50);
        let (host, plugin) = if plugin_is_changed {
            (base, changed)
        } else {
            (changed, base)
        };
        let host = Side::new(&host)?;
        // Worlds that can be generated as a host's have nothing asynchronous.
        if host.text.contains("async func")
            || host.text.contains("stream<")
            || host.text.contains("future<")
        {
            return None;
        }
        let plugin = Side::new(&plugin)?;
        let component =
            test_encoder::component(&plugin.resolve, plugin.world, is_used(seed)).ok()?;
        let required = dice.in_hundred(6);
        Some(Self {
            seed,
            host,
            plugin,
            component,
            edits,
            plugin_is_changed,
            required: required.then(|| dice.pick(&[">=1.2", "^2"]).expect("some")),
        })
    }

    /// Whether the verdict is right. A plugin that fits is also started, where
    /// that is asked.
    pub(super) fn outcome(&self, engine: &Engine, start_it: bool) -> Outcome {
        let Self { host, .. } = self;
        let reasons = self.verdict();
        let types = self.types();
        let linked = link(engine, &host.resolve, host.world, &self.component);
        if reasons.is_empty() {
            let started = if start_it {
                start(engine, &host.resolve, host.world, &self.component)
            } else {
                linked
            };
            return match (started, types) {
                (Err(error), _) => Outcome::Wrong(format!("it fits, and fails: {error:#}")),
                (Ok(()), Types::Differ(error)) => {
                    Outcome::Wrong(format!("it fits, and its types differ: {error}"))
                }
                (Ok(()), Types::Fit) => Outcome::Fits,
                (Ok(()), Types::Unknown) => Outcome::Links,
            };
        }
        if linked.is_err() || matches!(types, Types::Differ(_)) {
            return Outcome::Unfit;
        }
        if let Types::Unknown = types {
            return Outcome::Policy("is refused, and links: types not held against the validator");
        }
        let mut left = reasons.iter().filter(|reason| !is_policy(reason));
        match left.next() {
            None if matches!(reasons[0], Reason::HostRequirement { .. }) => {
                Outcome::Policy("links, and is refused by the application's version")
            }
            None => Outcome::Policy("links, and is refused as asynchronous"),
            Some(reason) => Outcome::Wrong(format!("it links, and is refused: {reason}")),
        }
    }

    fn verdict(&self) -> Vec<Reason> {
        let wit = test_encoder::world(&self.host.resolve, self.host.world);
        let wit = wit.expect("it can be encoded");
        let surface = Surface::of_worlds(&[&wit]).expect("it can be read");
        let plugin = Component::read(&self.component).expect("it is a component");
        let application = ("shop".to_owned(), Version::new(1, 4, 0));
        let mut manifest = Manifest::new("p".parse().expect("an id"), Version::new(1, 0, 0));
        if let Some(required) = self.required {
            let required = required.parse().expect("a range");
            manifest.host.insert("shop".to_owned(), required);
        }
        let host = HostWorld {
            application: Some(&application),
            surface: &surface,
            optional: &[],
        };
        reasons(&host, &plugin.surface, Some(&manifest))
    }

    /// Whether the types are the same to the component model's validator, under
    /// the names by which the engine finds things.
    fn types(&self) -> Types {
        let Self { host, plugin, .. } = self;
        let imports = interfaces(&host.resolve, host.world, false);
        let demands = interfaces(&host.resolve, host.world, true);
        let offered = Names::new(&imports);
        let exported = Names::new(&interfaces(&plugin.resolve, plugin.world, true));
        let host_name = |name: &str, is_exported: bool| {
            let list = if is_exported { &demands } else { &imports };
            let index = list.iter().position(|other| other == name);
            let index = index.expect("it is in the world");
            format!("{}{index}", if is_exported { "he" } else { "hi" })
        };
        let plugin_exports = interfaces(&plugin.resolve, plugin.world, true);
        let plugin_imports = interfaces(&plugin.resolve, plugin.world, false);
        let plugin_name = |name: &str, is_exported: bool| {
            if is_exported {
                let index = plugin_exports.iter().position(|other| other == name);
                let index = index.expect("it is in the world");
                let mut wanted = demands.iter().enumerate();
                match wanted.find(|(_, demand)| exported.find(demand) == Some(index)) {
                    Some((demand, _)) => format!("he{demand}"),
                    None => format!("pe{index}"),
                }
            } else {
                let index = plugin_imports.iter().position(|other| other == name);
                match offered.find(name) {
                    Some(import) => format!("hi{import}"),
                    None => format!("pi{}", index.expect("it is in the world")),
                }
            }
        };
        let twice = demands.iter().enumerate().any(|(i, demand)| {
            let found = exported.find(demand);
            found.is_some()
                && demands[..i]
                    .iter()
                    .any(|other| exported.find(other) == found)
        });
        let used = is_used(self.seed);
        let plain = Plain::new(&plugin.resolve, plugin.world, plugin_name, &used);
        let Some(plain) = plain.filter(|_| !twice) else {
            return Types::Unknown;
        };
        let (text, head) = plain.text(&Head::default());
        let plugin = Side::read(text).expect("it is WIT");
        let component = test_encoder::component(&plugin.resolve, plugin.world, |_| true);
        let component = component.expect("it is the plugin, written otherwise");
        let plain = Plain::new(&host.resolve, host.world, host_name, &|_| true);
        let plain = plain.expect("names are its own");
        // The engine asks nobody for the types that a plugin's world names, and
        // the validator asks for them by name.
        let host = Side::read(plain.text(&head).0)
            .or_else(|_| Side::read(plain.text(&Head::default()).0))
            .expect("it is WIT");
        match test_encoder::targets(&host.resolve, host.world, &component) {
            Ok(()) => Types::Fit,
            Err(error) => Types::Differ(error),
        }
    }
}

enum Types {
    Fit,
    Differ(String),
    /// Several versions of one interface stand for one.
    Unknown,
}

impl Side {
    /// None where it is no WIT: changes may make what is none.
    fn new(wit: &Wit) -> Option<Self> {
        let text = wit.text();
        let (resolve, world) = test_encoder::read(&text, &wit.world.name).ok()?;
        Some(Self {
            text,
            resolve,
            world,
        })
    }

    fn read(text: String) -> Result<Self, String> {
        let (resolve, world) = test_encoder::read(&text, "plugin")?;
        Ok(Self {
            text,
            resolve,
            world,
        })
    }
}

/// Whether it is said of plugins that would link.
fn is_policy(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::NeedsAsyncHost { .. } | Reason::HostRequirement { .. }
    )
}

/// Which functions a plugin calls: most. Of the world's own all that mention a
/// type: wit-component panics where nobody needs a type that the world uses.
fn is_used(seed: u64) -> impl Fn(&Function) -> bool {
    move |function| {
        let params = function.params.iter().map(|param| &param.ty);
        let mut types = params.chain(&function.result);
        if function.name.starts_with('w') && types.any(|ty| matches!(ty, Type::Id(_))) {
            return true;
        }
        let mut hasher = DefaultHasher::new();
        (seed, &function.name).hash(&mut hasher);
        !hasher.finish().is_multiple_of(4)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "seed {}, the plugin is changed: {}",
            self.seed, self.plugin_is_changed
        )?;
        for edit in &self.edits {
            writeln!(f, "{}", EDITS[*edit].name)?;
        }
        writeln!(
            f,
            "--- host\n{}\n--- plugin\n{}",
            self.host.text, self.plugin.text
        )
    }
}
