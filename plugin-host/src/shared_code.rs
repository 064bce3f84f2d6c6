//! Compiled code that all plugins of one host with the same bytes share. Keeps
//! none alive.

use crate::digest::Digest;
use crate::error::{ErrorKind, LOAD, LimitKind};
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use wasmtime::component::Component;

/// What is loaded in one host, by the digest of the component that it was
/// compiled from.
pub(crate) struct SharedCode {
    entries: Mutex<HashMap<Digest, Entry>>,
    changed: Condvar,
    limit: u64,
}

enum Entry {
    /// Somebody gets it; others wait.
    Coming,
    Loaded(Weak<Inner>),
}

/// A component's code. It is shared for as long as somebody holds it.
#[derive(Clone)]
pub(crate) struct Code(Arc<Inner>);

struct Inner {
    component: Component,
    digest: Digest,
    among: Arc<SharedCode>,
}

impl SharedCode {
    /// At most `limit` components at a time.
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            entries: Mutex::default(),
            changed: Condvar::new(),
            limit,
        }
    }

    /// How many components there are.
    pub(crate) fn len(&self) -> u64 {
        self.entries().len() as u64
    }

    /// The code of the component of this digest: what somebody has already, else
    /// what `make` makes. `make` runs once at a time for each digest.
    pub(crate) fn get<E>(
        self: &Arc<Self>,
        digest: &Digest,
        make: impl FnOnce() -> Result<Component, E>,
        fail: impl FnOnce(ErrorKind) -> E,
    ) -> Result<Code, E> {
        let mut entries = self.entries();
        loop {
            match entries.get(digest) {
                Some(Entry::Coming) => {
                    let changed = self.changed.wait(entries);
                    entries = changed.unwrap_or_else(PoisonError::into_inner);
                }
                Some(Entry::Loaded(code)) => match code.upgrade() {
                    Some(code) => return Ok(Code(code)),
                    // Its last holder is about to take it out.
                    None => break,
                },
                None if entries.len() as u64 >= self.limit => {
                    return Err(fail(ErrorKind::Limit {
                        call: LOAD.to_owned(),
                        limit: LimitKind::HostComponents,
                        allowed: self.limit,
                        asked: Some(self.limit.saturating_add(1)),
                    }));
                }
                None => break,
            }
        }
        entries.insert(*digest, Entry::Coming);
        drop(entries);
        // Where `make` fails or panics, one who waits is the next to try.
        let coming = Coming(self, digest);
        let component = make()?;
        let code = Arc::new(Inner {
            component,
            digest: *digest,
            among: Arc::clone(self),
        });
        let loaded = Entry::Loaded(Arc::downgrade(&code));
        self.entries().insert(*digest, loaded);
        drop(coming);
        Ok(Code(code))
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Digest, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Code {
    pub(crate) fn component(&self) -> &Component {
        &self.0.component
    }
}

/// Held while somebody gets a component.
struct Coming<'a>(&'a SharedCode, &'a Digest);

impl Drop for Coming<'_> {
    fn drop(&mut self) {
        let Self(among, digest) = *self;
        let mut entries = among.entries();
        if let Some(Entry::Coming) = entries.get(digest) {
            entries.remove(digest);
        }
        among.changed.notify_all();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let mut entries = self.among.entries();
        // Another one may be there by now.
        if let Some(Entry::Loaded(code)) = entries.get(&self.digest)
            && code.strong_count() == 0
        {
            entries.remove(&self.digest);
        }
    }
}
