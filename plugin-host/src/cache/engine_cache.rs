//! A cache as one engine uses it: looks up what was compiled, or has it compiled
//! and keeps it.

use super::Cache;
use super::claim::Claim;
use super::entry::TRAILER;
use super::error::CacheError;
use super::folder::Folder;
use super::key::Key;
use crate::digest::Digest;
use wasmtime::Engine;
use wasmtime::component::Component;

/// A cache, and which of its entries are for an engine.
#[derive(Clone)]
pub(crate) struct EngineCache {
    pub(crate) cache: Cache,
    /// What the engine's code depends on. Not known without a compiler: then each
    /// entry of a component is tried, and the engine refuses what is not its.
    engine: Option<Digest>,
}

impl EngineCache {
    /// Tells at once where the folder cannot be used.
    pub(crate) fn new(cache: Cache, engine: &Engine) -> Self {
        if let Err(problem) = cache.open().and_then(|folder| folder.sweep()) {
            cache.tell(problem);
        }
        Self {
            cache,
            engine: engine_digest(engine),
        }
    }

    /// The component of this digest from the cache, or else as `compile` makes it.
    ///
    /// `compile` runs while the right to compile this component is held, or where
    /// that was waited for in vain, or not `wanted` any more. It may wait for others
    /// who compile, and they must not wait for such a right.
    pub(crate) fn component<E>(
        &self,
        engine: &Engine,
        digest: &Digest,
        wanted: impl Fn() -> bool,
        compile: impl FnOnce() -> Result<Component, E>,
    ) -> Result<Component, E> {
        let folder = match self.cache.open() {
            Ok(folder) => folder,
            Err(problem) => {
                self.cache.tell(problem);
                return compile();
            }
        };
        if let Some(component) = self.stored(&folder, engine, digest) {
            return Ok(component);
        }
        let Some(key) = self.key(digest) else {
            return compile();
        };
        let claim = match Claim::wait(&folder, &key, wanted) {
            Ok(claim) => claim,
            Err(problem) => {
                let component = compile()?;
                // Whoever was waited for may be done by now.
                let kept = match Claim::try_now(&folder, &key) {
                    Ok(Some(claim)) => self.keep(&folder, claim, &key, &component),
                    Ok(None) => Err(problem),
                    Err(problem) => Err(problem),
                };
                if let Err(problem) = kept {
                    self.cache.tell(problem);
                }
                return Ok(component);
            }
        };
        // Somebody may have written it meanwhile.
        if let Some(component) = self.stored(&folder, engine, digest) {
            return Ok(component);
        }
        let component = compile()?;
        if let Err(problem) = self.keep(&folder, claim, &key, &component) {
            self.cache.tell(problem);
        }
        Ok(component)
    }

    fn key(&self, digest: &Digest) -> Option<Key> {
        self.engine.map(|engine| Key {
            component: *digest,
            engine,
        })
    }

    fn stored(&self, folder: &Folder, engine: &Engine, digest: &Digest) -> Option<Component> {
        let keys = match self.key(digest) {
            Some(key) => Ok(vec![key]),
            None => folder.keys_of(digest),
        };
        let keys = keys.map_err(|problem| self.cache.tell(problem)).ok()?;
        keys.iter().find_map(|key| {
            let code = folder
                .read(key)
                .map_err(|problem| self.cache.tell(problem))
                .ok()??;
            match code.component(engine) {
                Ok(component) => {
                    tracing::debug!(target: "plugin_host", "read from the cache");
                    Some(component)
                }
                Err(error) => {
                    tracing::debug!(target: "plugin_host", "not of this engine: {error:#}");
                    None
                }
            }
        })
    }

    fn keep(
        &self,
        folder: &Folder,
        claim: Claim<'_>,
        key: &Key,
        component: &Component,
    ) -> Result<(), CacheError> {
        let serialized = component.serialize().map_err(|error| {
            let error = std::io::Error::other(format!("{error:#}"));
            folder.error("write", &key.file(), error)
        })?;
        let (size, limit) = ((TRAILER + serialized.len()) as u64, self.cache.limit);
        if size > limit {
            return Err(CacheError::TooLarge { size, limit });
        }
        tracing::debug!(target: "plugin_host", "writing to the cache");
        claim.publish(&serialized)?;
        folder.evict(key, limit)?;
        folder.sweep()
    }
}

#[cfg(feature = "compile")]
fn engine_digest(engine: &Engine) -> Option<Digest> {
    Some(Digest::of_hashed(engine.precompile_compatibility_hash()))
}

#[cfg(not(feature = "compile"))]
fn engine_digest(_: &Engine) -> Option<Digest> {
    None
}

#[cfg(all(test, feature = "compile"))]
mod tests {
    use super::*;
    use wasmtime::Config;

    fn engine(fuel: bool) -> Engine {
        Engine::new(Config::new().consume_fuel(fuel)).expect("it runs here")
    }

    #[test]
    fn without_a_compiler_what_others_wrote_is_read_and_nothing_written() {
        let parent = tempfile::tempdir().expect("a folder");
        let cache = Cache::folder(parent.path().join("compiled"));
        let bytes = wat::parse_str("(component)").expect("a component");
        let digest = Digest::of(&bytes);
        let (plain, fueled) = (engine(false), engine(true));
        let without = EngineCache {
            cache: cache.clone(),
            engine: None,
        };
        let read = |engine, digest| {
            let component = without.component(engine, digest, || true, || Err("no compiler"));
            component.map(|_| ())
        };
        assert_eq!(read(&plain, &digest), Err("no compiler"));

        for engine in [&fueled, &plain] {
            let with = EngineCache::new(cache.clone(), engine);
            let compile = || Component::new(engine, &bytes);
            with.component(engine, &digest, || true, compile)
                .expect("it compiles");
        }
        // Each engine finds its own.
        assert_eq!(read(&plain, &digest), Ok(()));
        assert_eq!(read(&fueled, &digest), Ok(()));
        let other = Engine::new(Config::new().epoch_interruption(true)).expect("it runs here");
        assert_eq!(read(&other, &digest), Err("no compiler"));
        assert_eq!(read(&plain, &Digest::of(b"other")), Err("no compiler"));
        assert_eq!(cache.usage().expect("it can be used").entries, 2);
        assert!(cache.problem().is_none());
    }
}
