//! The plugins of one extension point, in a stated order, called one after
//! another. Starts no threads.

use crate::candidate::Candidate;
use crate::error::Error;
use crate::turn::{Chain, FirstAnswer, Outcome, Turn};
use plugin_host_manifest::PluginId;

/// The plugins of one extension point, in the order in which they are called;
/// made by [`Host::load_all`](crate::Host::load_all).
///
/// `P` is what loading gave, such as [`Plugin`](crate::Plugin),
/// [`AnyPlugin`](crate::AnyPlugin), or a [`Pool`](crate::Pool) of one of them, which
/// threads share by [`each_ref`](Self::each_ref). Calls are made one after another on the
/// calling thread, each under its plugin's own limits. One that fails never
/// ends another's turn, unless that was asked for.
#[derive(Debug)]
pub struct Plugins<P> {
    members: Vec<Member<P>>,
    refused: Vec<Error>,
}

#[derive(Debug)]
struct Member<P> {
    id: PluginId,
    priority: i32,
    plugin: P,
}

impl<P> Plugins<P> {
    /// None yet, for an application that adds its own, or a test that adds what
    /// stands for plugins.
    #[must_use]
    pub fn new() -> Self {
        Self {
            members: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Puts a plugin in its place: by its priority, the lowest first, then by id.
    ///
    /// [`put_first`](Self::put_first) is for after all were added.
    pub fn add(&mut self, id: PluginId, priority: i32, plugin: P) {
        let before = |other: &Member<P>| (other.priority, &other.id) <= (priority, &id);
        let place = self.members.partition_point(before);
        let member = Member {
            id,
            priority,
            plugin,
        };
        self.members.insert(place, member);
    }

    /// Keeps why a plugin is not among them.
    pub fn add_refused(&mut self, error: Error) {
        self.refused.push(error);
    }

    /// Puts what was loaded in its place.
    pub(crate) fn add_loaded(&mut self, loaded: Result<(Candidate, P), Error>) {
        match loaded {
            Ok((candidate, plugin)) => {
                let priority = candidate.manifest().map_or(0, |manifest| manifest.priority);
                self.add(candidate.id().clone(), priority, plugin);
            }
            Err(error) => self.add_refused(error),
        }
    }

    /// The same plugins by reference, in the same order and with none refused, as
    /// [`each_ref`](https://doc.rust-lang.org/std/primitive.array.html#method.each_ref)
    /// of an array.
    ///
    /// It is how threads call plugins that they share, each of which is a
    /// [`Pool`](crate::Pool). An instance is taken out for one turn alone, and if a pool
    /// cannot give one, that is its plugin's failure.
    ///
    /// ```
    /// use plugin_host::{AnyPlugin, Error, Host, Plugins, Pool, Versions};
    ///
    /// plugin_host::world! {
    ///     inline: "
    ///         package acme:shop;
    ///         interface discount { apply: func(price: u32) -> u32; }
    ///         world plugin { export discount; }",
    /// }
    ///
    /// type Discounts = Plugins<Pool<AnyPlugin<dyn discount::Calls>>>;
    ///
    /// fn load(host: &Host) -> Discounts {
    ///     // Older versions and their adapters follow with `older`.
    ///     let versions = Versions::<dyn discount::Calls>::newest::<ShopPlugin>(|plugin| plugin);
    ///     host.load_all(host.discover("plugins"), |loader| versions.pool(loader, 8)?.prepare())
    /// }
    ///
    /// /// Any thread may do this at any time.
    /// fn price(plugins: &Discounts, price: u32) -> u32 {
    ///     let mut plugins = plugins.each_ref();
    ///     let chain = plugins.chain(price, |pool, price| pool.get()?.calls().apply(*price));
    ///     for (plugin, error) in chain.failures() {
    ///         eprintln!("left out: {plugin}: {error}");
    ///     }
    ///     chain.value
    /// }
    /// # fn main() {}
    /// ```
    #[must_use]
    pub fn each_ref(&self) -> Plugins<&P> {
        let members = self.members.iter().map(|member| Member {
            id: member.id.clone(),
            priority: member.priority,
            plugin: &member.plugin,
        });
        Plugins {
            members: members.collect(),
            refused: Vec::new(),
        }
    }

    /// Puts the plugins of these ids first, in this order, whatever their
    /// priorities; the others keep theirs. Ids that no plugin has are passed over.
    pub fn put_first(&mut self, ids: &[PluginId]) {
        let place = |member: &Member<P>| ids.iter().position(|id| *id == member.id);
        self.members
            .sort_by_key(|member| place(member).unwrap_or(usize::MAX));
    }

    /// Why the others are not among them, in the order in which they were found.
    #[must_use]
    pub fn refused(&self) -> &[Error] {
        &self.refused
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The plugins in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&PluginId, &P)> {
        self.members
            .iter()
            .map(|member| (&member.id, &member.plugin))
    }

    /// The plugins in their order.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&PluginId, &mut P)> {
        let members = self.members.iter_mut();
        members.map(|member| (&member.id, &mut member.plugin))
    }

    /// The plugin of this id.
    pub fn get_mut(&mut self, id: &PluginId) -> Option<&mut P> {
        let mut members = self.members.iter_mut();
        let member = members.find(|member| member.id == *id)?;
        Some(&mut member.plugin)
    }

    /// Hands a value from plugin to plugin: each gets what the one before it
    /// made of it. One that fails is left out, and the next gets what it got.
    #[must_use = "it says which plugins failed"]
    pub fn chain<V, E>(
        &mut self,
        value: V,
        step: impl FnMut(&mut P, &V) -> Result<V, E>,
    ) -> Chain<V, E> {
        self.chain_while(value, step, |_| true)
    }

    /// The same, up to the first that fails: those behind it are not called.
    #[must_use = "it says which plugins failed"]
    pub fn chain_to_failure<V, E>(
        &mut self,
        value: V,
        step: impl FnMut(&mut P, &V) -> Result<V, E>,
    ) -> Chain<V, E> {
        self.chain_while(value, step, |outcome| matches!(outcome, Outcome::Done(())))
    }

    /// Hands a value on for as long as the last outcome says so.
    fn chain_while<V, E>(
        &mut self,
        value: V,
        mut step: impl FnMut(&mut P, &V) -> Result<V, E>,
        goes_on: impl Fn(&Outcome<(), E>) -> bool,
    ) -> Chain<V, E> {
        let mut chain = Chain {
            value,
            turns: Vec::with_capacity(self.len()),
        };
        for member in &mut self.members {
            let last = chain.turns.last();
            let outcome = if last.is_none_or(|turn: &Turn<(), E>| goes_on(&turn.outcome)) {
                match step(&mut member.plugin, &chain.value) {
                    Ok(value) => {
                        chain.value = value;
                        Outcome::Done(())
                    }
                    Err(error) => Outcome::Failed(error),
                }
            } else {
                Outcome::NotCalled
            };
            chain.turns.push(member.turn(outcome));
        }
        chain
    }

    /// Calls every plugin, and keeps what each answers.
    #[must_use = "it says which plugins failed"]
    pub fn broadcast<R, E>(
        &mut self,
        mut call: impl FnMut(&mut P) -> Result<R, E>,
    ) -> Vec<Turn<R, E>> {
        let turns = self.members.iter_mut().map(|member| {
            let outcome = match call(&mut member.plugin) {
                Ok(answer) => Outcome::Done(answer),
                Err(error) => Outcome::Failed(error),
            };
            member.turn(outcome)
        });
        turns.collect()
    }

    /// Asks one after another until one answers. `None` leaves the answer to the
    /// next one, and so does a failure.
    #[must_use = "it says which plugins failed"]
    pub fn first_answer<R, E>(
        &mut self,
        mut ask: impl FnMut(&mut P) -> Result<Option<R>, E>,
    ) -> FirstAnswer<R, E> {
        let mut first = FirstAnswer {
            answer: None,
            turns: Vec::with_capacity(self.len()),
        };
        for member in &mut self.members {
            let outcome = if first.answer.is_some() {
                Outcome::NotCalled
            } else {
                match ask(&mut member.plugin) {
                    Ok(Some(answer)) => {
                        first.answer = Some(answer);
                        Outcome::Done(())
                    }
                    Ok(None) => Outcome::Declined,
                    Err(error) => Outcome::Failed(error),
                }
            };
            first.turns.push(member.turn(outcome));
        }
        first
    }
}

impl<P> Default for Plugins<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P> IntoIterator for Plugins<P> {
    type Item = (PluginId, P);
    type IntoIter = std::vec::IntoIter<(PluginId, P)>;

    /// The plugins in their order, to be called in some other way.
    fn into_iter(self) -> Self::IntoIter {
        let members = self.members.into_iter();
        let plugins: Vec<_> = members.map(|member| (member.id, member.plugin)).collect();
        plugins.into_iter()
    }
}

impl<P> Member<P> {
    fn turn<R, E>(&self, outcome: Outcome<R, E>) -> Turn<R, E> {
        Turn {
            plugin: self.id.clone(),
            outcome,
        }
    }
}
