//! Keeps what plugins are granted and which release of them may run, for a
//! person to read and edit. Decides nothing: whoever grants or locks does.

mod entry;
mod file;
mod lock;
mod merging;
mod place;
mod reading;
mod writing;

pub use entry::PolicyEntry;

use crate::candidate::{Candidate, read_or};
use crate::error::{Error, ErrorKind};
use crate::grants::Grants;
use crate::policy_error::PolicyError;
use plugin_host_manifest::PluginId;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// The largest policy file that is read or written, in bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// What plugins are granted, each bound to the plugin that it was granted to,
/// and which plugins are locked to that.
///
/// Kept in a file, it is TOML. What a plugin asked for when it was granted
/// something stands beside that, so that a later version which asks for more
/// can be told by what it asks:
///
/// ```toml
/// [plugins."acme.pricing"]
/// digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
/// version = "1.2.0"
/// locked = true                         # this version and these bytes, and no other
///
/// [plugins."acme.pricing".asked]        # the keys of [capabilities] in plugin.toml
/// clock = "real"
/// config = true
/// directories = { "/data" = "read-write" }
/// environment = ["LANG", "TOKEN"]
///
/// [plugins."acme.pricing".granted]      # not more than that
/// clock = "real"
/// config = { colour = "red" }
/// directories = { "/data" = { path = "/srv/data", access = "read-only" } }
/// environment = { LANG = "de_DE.UTF-8", TOKEN = { inherit = true } }
/// ```
///
/// A plugin that is not in it is granted nothing. One that is, and has other
/// bytes by now or asks for something else, is refused with the difference.
///
/// A plugin that is [locked](Self::lock) is refused where its version or its
/// bytes are others, whoever grants it what. Where it is locked and granted
/// nothing, `asked` and `granted` are left out. One that is not locked may have
/// any bytes that nothing was granted to, unless the host takes
/// [locked plugins alone](crate::HostBuilder::locked). To unlock a plugin, call
/// [`unlock`](Self::unlock), or take it out of the file, where something is granted
/// beside the lock the line `locked` alone.
///
/// A lock holds a plugin's version and its component. What a `plugin.toml` beside
/// the component asks for is held by grants.
///
/// ```
/// use plugin_host::{Candidate, ErrorKind, Grants, Policy};
///
/// # fn component(more: &str) -> Vec<u8> {
/// #     wat::parse_str(format!("(component {more})")).expect("a component")
/// # }
/// let candidate = Candidate::from_bytes("acme.pricing", component(""))?;
/// let mut policy = Policy::default();
/// policy.grant(&candidate, Grants::none())?;
/// let policy = Policy::parse(&policy.to_string())?;
/// assert!(policy.grants(&candidate).is_ok());
///
/// let next = Candidate::from_bytes("acme.pricing", component("(core module)"))?;
/// let error = policy.grants(&next).expect_err("it was granted to another");
/// assert!(matches!(error.kind(), ErrorKind::GrantOutdated { added, .. } if added.is_empty()));
/// # Ok::<(), plugin_host::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy(BTreeMap<PluginId, PolicyEntry>);

impl Policy {
    /// Reads a policy's TOML. Paths of directories are taken as they are.
    ///
    /// # Errors
    ///
    /// When it is not TOML, has a key without meaning or a value that its key
    /// does not take, or grants a plugin more than it asked for. The error names
    /// the key and the line.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let policy = Self::parse_in(None, text);
        policy.map_err(|error| Error::policy(None, ErrorKind::Policy(error)))
    }

    /// Reads a policy from a file. Paths of directories that are relative are
    /// seen from the file's folder.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and when the file cannot be read, is larger
    /// than 1 MiB or is not UTF-8.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let policy = read_text(path).and_then(|text| {
            let policy = Self::parse_in(path.parent(), &text);
            policy.map_err(ErrorKind::Policy)
        });
        policy.map_err(|kind| Error::policy(Some(path), kind))
    }

    /// Reads a policy whose relative paths are seen from `folder`, or are taken
    /// as they are.
    fn parse_in(folder: Option<&Path>, text: &str) -> Result<Self, PolicyError> {
        let mut plugins = reading::read(text)?;
        if let Some(folder) = folder {
            let mut entries = plugins.values_mut();
            entries.try_for_each(|entry| entry.seen_from(folder))?;
        }
        Ok(Self(plugins))
    }

    /// What `candidate` is granted: nothing, where the policy does not name it.
    ///
    /// # Errors
    ///
    /// When another release of the plugin is locked ([`ErrorKind::LockOutdated`]),
    /// what is granted to a plugin of that id was granted to another one, or to
    /// one that asked for something else ([`ErrorKind::GrantOutdated`]), or a
    /// variable is to be inherited that the application does not have.
    pub fn grants(&self, candidate: &Candidate) -> Result<Grants, Error> {
        self.check_lock(candidate)?;
        let Some(entry) = self.0.get(candidate.id()) else {
            return Ok(Grants::none());
        };
        if let Some(outdated) = entry.outdated_by(candidate) {
            return Err(candidate.error(outdated));
        }
        entry
            .grants()
            .map_err(|error| candidate.error(ErrorKind::Grant(error)))
    }

    /// Grants `candidate` something, in place of what a plugin of that id was
    /// granted before. It holds for these bytes, and while they ask for what
    /// they do.
    ///
    /// Paths of directories become absolute. What is inherited is kept as such,
    /// without its value. Where the plugin was locked it stays so, to these bytes.
    ///
    /// # Errors
    ///
    /// When the plugin does not ask for that ([`ErrorKind::NotAsked`]), or the
    /// path of a directory is no Unicode, and so cannot stand in a file. The
    /// policy is then as it was.
    pub fn grant(&mut self, candidate: &Candidate, grants: Grants) -> Result<(), Error> {
        let beyond = grants.beyond(candidate.asked());
        if !beyond.is_empty() {
            return Err(candidate.error(ErrorKind::NotAsked(beyond)));
        }
        let mut entry = PolicyEntry::new(candidate, grants);
        entry
            .seen_from(Path::new(""))
            .map_err(|error| candidate.error(ErrorKind::Policy(error)))?;
        entry.locked = self.get(candidate.id()).is_some_and(PolicyEntry::is_locked);
        self.0.insert(candidate.id().clone(), entry);
        Ok(())
    }

    /// Takes back what a plugin is granted, whatever its bytes, and returns it. A
    /// lock stays.
    pub fn revoke(&mut self, id: &PluginId) -> Option<PolicyEntry> {
        let entry = self.0.get_mut(id).filter(|entry| !entry.is_lock_alone())?;
        if entry.locked {
            let lock = PolicyEntry::lock(entry.release());
            return Some(std::mem::replace(entry, lock));
        }
        self.0.remove(id)
    }

    /// What the policy holds of a plugin.
    #[must_use]
    pub fn get(&self, id: &PluginId) -> Option<&PolicyEntry> {
        self.0.get(id)
    }

    /// What the policy holds of each plugin, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&PluginId, &PolicyEntry)> {
        self.0.iter()
    }

    /// Writes the policy to a file. A new file is its owner's alone.
    ///
    /// Where a policy is there, what people wrote of it stays as it is, comments
    /// and layout, and what differs is put in its place. Anything else is
    /// replaced.
    ///
    /// It is written to a file beside it first, flushed and renamed: nobody
    /// reads half a policy.
    ///
    /// # Errors
    ///
    /// When that cannot be written, as on a full disk or in a folder that is not
    /// there, or would be larger than is read. The old file is then as it was.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        // In the file, paths start at its folder; here, where the process is.
        let mut policy = self.clone();
        let mut entries = policy.0.values_mut();
        entries
            .try_for_each(|entry| entry.seen_from(Path::new("")))
            .map_err(|error| Error::policy(Some(path), ErrorKind::Policy(error)))?;
        let text = policy.text_over(path).unwrap_or_else(|| policy.to_string());
        let saved = match text.len() as u64 {
            size if size > MAX_BYTES => Err(too_large(size)),
            _ => file::replace(path, &text).map_err(PolicyError::Save),
        };
        saved.map_err(|error| Error::policy(Some(path), ErrorKind::Policy(error)))
    }

    /// The text of a policy file, changed into this policy.
    fn text_over(&self, path: &Path) -> Option<String> {
        let text = read_text(path).ok()?;
        let parse = |text: &str| Self::parse_in(path.parent(), text).ok();
        let merged = merging::merge(&text, &parse(&text)?, self)?;
        // What would be read otherwise is written anew as a whole.
        (parse(&merged)? == *self).then_some(merged)
    }
}

/// The TOML that [`Policy::parse`] reads.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (id, entry)) in self.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            writing::write(f, id, entry)?;
        }
        Ok(())
    }
}

fn read_text(path: &Path) -> Result<String, ErrorKind> {
    let bytes = read_or(path, MAX_BYTES, |size| ErrorKind::Policy(too_large(size)))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid_up_to = error.utf8_error().valid_up_to();
        ErrorKind::Policy(PolicyError::NotUtf8 { valid_up_to })
    })
}

fn too_large(size: u64) -> PolicyError {
    PolicyError::TooLarge {
        size,
        limit: MAX_BYTES,
    }
}
