//! Compares the types of two functions, down to the field. Exactly, as the
//! linker does, but for what it lets pass: it takes any handle to a resource for
//! any other. Like it, does not ask what parameters are called.

use super::pairs::Pairs;
use super::path::{Step, path_text};
use super::wording::{resource_text, type_text};
use crate::surface::{Function, ResourceId, Type, TypeId, Types};
use std::collections::{HashMap, HashSet};

/// Where two types differ.
pub(super) struct Difference {
    pub(super) path: String,
    /// What it is on each side: follows "is".
    pub(super) here: String,
    pub(super) plugin: String,
}

/// Tells of a difference, which is worded only where it is wanted.
pub(super) type Tell<'t> = dyn FnMut(&dyn Fn() -> Difference) + 't;

/// The comparison of all types of a host with those of a plugin.
pub(super) struct Comparison<'a> {
    host: &'a Types,
    plugin: &'a Types,
    pairs: &'a Pairs,
    /// Pairs of types are compared once, so that types which double at each
    /// level cost no more than they have levels. What differs in one is told
    /// where it is met first.
    seen: HashSet<(TypeId, TypeId)>,
}

/// What is compared by name and order, in the words for it.
struct Members<'a> {
    a: &'static str,
    owner: Option<&'a str>,
    host: Vec<&'a str>,
    plugin: Vec<&'a str>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(host: &'a Types, plugin: &'a Types, pairs: &'a Pairs) -> Self {
        Self {
            host,
            plugin,
            pairs,
            seen: HashSet::new(),
        }
    }

    /// Tells of each difference between the host's function of a name and the
    /// plugin's.
    pub(super) fn functions(
        &mut self,
        name: &str,
        host: &'a Function,
        plugin: &'a Function,
        tell: &mut Tell<'_>,
    ) {
        let mut place = Place {
            function: name,
            steps: Vec::new(),
        };
        if host.params.len() == plugin.params.len() {
            for ((name, host), (_, plugin)) in host.params.iter().zip(&plugin.params) {
                self.step(Step::Param(name), *host, *plugin, &mut place, tell);
            }
        } else {
            place.tell(tell, || {
                let count = |count: usize| {
                    let s = if count == 1 { "" } else { "s" };
                    format!("a function of {count} parameter{s}")
                };
                (count(host.params.len()), count(plugin.params.len()))
            });
        }
        self.optional(Step::Result, host.result, plugin.result, &mut place, tell);
    }

    /// Tells where two resources of one name are not the same.
    pub(super) fn resources(
        &self,
        name: &str,
        host: ResourceId,
        plugin: ResourceId,
        tell: &mut Tell<'_>,
    ) {
        if !self.pairs.same(host, plugin) {
            let place = Place {
                function: name,
                steps: Vec::new(),
            };
            place.tell(tell, || {
                (
                    resource_text(self.host, host, true),
                    resource_text(self.plugin, plugin, true),
                )
            });
        }
    }

    fn step(
        &mut self,
        step: Step<'a>,
        host: TypeId,
        plugin: TypeId,
        place: &mut Place<'_, 'a>,
        tell: &mut Tell<'_>,
    ) {
        place.steps.push(step);
        self.types(host, plugin, place, tell);
        place.steps.pop();
    }

    fn optional(
        &mut self,
        step: Step<'a>,
        host: Option<TypeId>,
        plugin: Option<TypeId>,
        place: &mut Place<'_, 'a>,
        tell: &mut Tell<'_>,
    ) {
        place.steps.push(step);
        match (host, plugin) {
            (Some(host), Some(plugin)) => self.types(host, plugin, place, tell),
            (None, None) => {}
            _ => place.tell(tell, || {
                let text = |types: &Types, ty: Option<TypeId>| match ty {
                    Some(ty) => type_text(types, ty, false),
                    None => "nothing".to_owned(),
                };
                (text(self.host, host), text(self.plugin, plugin))
            }),
        }
        place.steps.pop();
    }

    /// The validator bounds how deep types are, which bounds this recursion.
    fn types(
        &mut self,
        host: TypeId,
        plugin: TypeId,
        place: &mut Place<'_, 'a>,
        tell: &mut Tell<'_>,
    ) {
        if !self.seen.insert((host, plugin)) {
            return;
        }
        let owner = self.host.name(host);
        match (self.host.get(host), self.plugin.get(plugin)) {
            (Type::Primitive(a), Type::Primitive(b)) if a == b => {}
            (Type::Record(a), Type::Record(b)) => {
                Members::new("a field", owner, names(a), names(b)).compare(place, tell);
                let there: HashMap<&str, TypeId> = b.iter().map(|(n, ty)| (&**n, *ty)).collect();
                for (name, ty) in a {
                    if let Some(other) = there.get(&**name) {
                        self.step(Step::Member(owner, name), *ty, *other, place, tell);
                    }
                }
            }
            (Type::Variant(a), Type::Variant(b)) => {
                Members::new("a case", owner, names(a), names(b)).compare(place, tell);
                let there: HashMap<&str, _> = b.iter().map(|(n, ty)| (&**n, *ty)).collect();
                for (name, ty) in a {
                    if let Some(other) = there.get(&**name) {
                        self.optional(Step::Member(owner, name), *ty, *other, place, tell);
                    }
                }
            }
            (Type::Enum(a), Type::Enum(b)) => {
                let names = |names: &'a [Box<str>]| names.iter().map(|name| &**name).collect();
                Members::new("a case", owner, names(a), names(b)).compare(place, tell);
            }
            (Type::Flags(a), Type::Flags(b)) => {
                let names = |names: &'a [Box<str>]| names.iter().map(|name| &**name).collect();
                Members::new("a flag", owner, names(a), names(b)).compare(place, tell);
            }
            (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
                for (i, (a, b)) in a.iter().zip(b).enumerate() {
                    self.step(Step::Index(i), *a, *b, place, tell);
                }
            }
            (Type::List(a), Type::List(b)) => self.step(Step::Element, *a, *b, place, tell),
            (Type::FixedLengthList(a, m), Type::FixedLengthList(b, n)) if m == n => {
                self.step(Step::Element, *a, *b, place, tell);
            }
            (Type::Map(a, c), Type::Map(b, d)) => {
                self.step(Step::Key, *a, *b, place, tell);
                self.step(Step::Value, *c, *d, place, tell);
            }
            (Type::Option(a), Type::Option(b)) => self.step(Step::Some, *a, *b, place, tell),
            (Type::Result(a, c), Type::Result(b, d)) => {
                self.optional(Step::Ok, *a, *b, place, tell);
                self.optional(Step::Err, *c, *d, place, tell);
            }
            (Type::Own(a), Type::Own(b)) | (Type::Borrow(a), Type::Borrow(b))
                if self.pairs.same(*a, *b) => {}
            _ => place.tell(tell, || {
                let texts = |full| {
                    (
                        type_text(self.host, host, full),
                        type_text(self.plugin, plugin, full),
                    )
                };
                let short = texts(false);
                if short.0 == short.1 {
                    texts(true)
                } else {
                    short
                }
            }),
        }
    }
}

impl<'a> Members<'a> {
    fn new(
        a: &'static str,
        owner: Option<&'a str>,
        host: Vec<&'a str>,
        plugin: Vec<&'a str>,
    ) -> Self {
        Self {
            a,
            owner,
            host,
            plugin,
        }
    }

    /// Tells which are missing, which are new, and whether the others come in
    /// another order.
    fn compare(&self, place: &mut Place<'_, 'a>, tell: &mut Tell<'_>) {
        if self.host == self.plugin {
            return;
        }
        let here: HashSet<&str> = self.host.iter().copied().collect();
        let there: HashSet<&str> = self.plugin.iter().copied().collect();
        let same_length = self.host.len() == self.plugin.len();
        let renamed = |i: usize| {
            let (old, new) = (*self.host.get(i)?, *self.plugin.get(i)?);
            (same_length && !there.contains(old) && !here.contains(new)).then_some(new)
        };
        let mut is_told = false;
        for (i, name) in self.host.iter().enumerate() {
            if there.contains(name) {
                continue;
            }
            is_told = true;
            place.steps.push(Step::Member(self.owner, name));
            place.tell(tell, || match renamed(i) {
                Some(new) => (self.a.to_owned(), format!("called {new}")),
                None => (self.a.to_owned(), "missing".to_owned()),
            });
            place.steps.pop();
        }
        for (i, name) in self.plugin.iter().enumerate() {
            if here.contains(name) || renamed(i).is_some() {
                continue;
            }
            is_told = true;
            place.steps.push(Step::Member(self.owner, name));
            place.tell(tell, || ("missing".to_owned(), self.a.to_owned()));
            place.steps.pop();
        }
        if !is_told {
            place.tell(tell, || {
                let order = |names: &[&str]| {
                    let names: Vec<&str> = names.iter().take(20).copied().collect();
                    format!("in the order {}", names.join(", "))
                };
                (order(&self.host), order(&self.plugin))
            });
        }
    }
}

/// Where a comparison is.
struct Place<'p, 'a> {
    function: &'p str,
    steps: Vec<Step<'a>>,
}

impl Place<'_, '_> {
    fn tell(&self, tell: &mut Tell<'_>, words: impl Fn() -> (String, String)) {
        tell(&|| {
            let (here, plugin) = words();
            let path = path_text(self.function, &self.steps);
            Difference { path, here, plugin }
        });
    }
}

fn names<T>(members: &[(Box<str>, T)]) -> Vec<&str> {
    members.iter().map(|(name, _)| &**name).collect()
}

#[cfg(test)]
mod tests {
    use crate::compat::{HostWorld, Reason, reasons};
    use crate::component::Component;
    use std::time::{Duration, Instant};

    /// The reasons against a component that imports this function, of a host
    /// that has another of its name.
    fn verdict(host: &str, plugin: &str) -> Vec<Reason> {
        let read = |function: &str| {
            let text = format!("(component {function})");
            let bytes = wat::parse_str(text).expect("the text is a component");
            Component::read(&bytes).expect("it is a component").surface
        };
        let host = HostWorld {
            application: None,
            surface: &read(host),
            optional: &[],
        };
        reasons(&host, &read(plugin), None)
    }

    #[test]
    fn types_that_double_at_each_level_are_compared_once() {
        let doubling = |leaf: &str| {
            let types: String = (1..17)
                .map(|i| format!("(type $t{i} (tuple $t{0} $t{0}))", i - 1))
                .collect();
            format!(
                "(type $t0 (tuple {leaf} {leaf})) {types}
                 (import \"f\" (func (param \"p\" $t16)))"
            )
        };
        let begun = Instant::now();
        assert_eq!(verdict(&doubling("u8"), &doubling("u8")), []);
        let reasons = verdict(&doubling("u8"), &doubling("u16"));
        assert!(begun.elapsed() < Duration::from_secs(2));
        let [reason] = &reasons[..] else {
            panic!("{reasons:?}");
        };
        let path = " → 0".repeat(17);
        assert_eq!(
            reason.to_string(),
            format!(
                "in `f`, f → param p{path} is u8 here and u16 in the plugin: build the plugin \
                 against this application's WIT"
            )
        );
    }

    #[test]
    fn no_more_reasons_are_kept_than_somebody_would_read() {
        let cases = |count: usize| {
            let names: String = (0..count).map(|i| format!(" \"f{i}\"")).collect();
            format!(
                "(type $f (enum{names})) (import \"e\" (type $g (eq $f)))
                 (import \"f\" (func (param \"p\" $g)))"
            )
        };
        let reasons = verdict(&cases(1), &cases(1000));
        assert_eq!(reasons.len(), 101);
        assert_eq!(reasons[100], Reason::More { count: 899 });
        assert_eq!(reasons[100].to_string(), "899 more reasons");
    }

    #[test]
    fn names_without_end_are_cut() {
        let name = "x".repeat(10_000);
        let function = format!("(import \"{name}\" (func))");
        let text = verdict("", &function)[0].to_string();
        assert!(text.chars().count() < 500, "{text}");
        assert!(text.contains("xxx…xxx"), "{text}");
    }
}
