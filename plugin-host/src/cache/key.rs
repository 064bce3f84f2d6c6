//! What an entry was compiled from, and for what; and the names of its files.

use crate::digest::Digest;

/// Names one compiled component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) component: Digest,
    /// Of all that the engine's code depends on: its exact version, settings and
    /// target.
    pub(super) engine: Digest,
}

/// The end of the name of a file that is being written.
const UNFINISHED: &str = ".new";

impl Key {
    /// The name of the entry's file.
    pub(super) fn file(&self) -> String {
        format!("{}-{}", self.component.hex(), self.engine.hex())
    }

    /// The name of the file while it is written.
    pub(super) fn unfinished(&self) -> String {
        self.file() + UNFINISHED
    }

    /// The name of the file that is locked while the component is compiled, one
    /// of 256. A few components share one, so that these files need no removing:
    /// doing that safely takes more than they are worth.
    pub(super) fn lock(&self) -> String {
        format!("{:02x}.lock", self.component.as_bytes()[0])
    }

    /// The key of an entry's file.
    pub(super) fn of_file(name: &str) -> Option<Self> {
        let (component, engine) = name.split_once('-')?;
        let digest = |hex: &str| format!("sha256:{hex}").parse().ok();
        Some(Self {
            component: digest(component)?,
            engine: digest(engine)?,
        })
    }

    /// The key of a file that was or is being written.
    pub(super) fn of_unfinished(name: &str) -> Option<Self> {
        Self::of_file(name.strip_suffix(UNFINISHED)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_key_and_other_names_to_none() {
        let key = Key {
            component: Digest::of(b"abc"),
            engine: Digest::of(b""),
        };
        let file = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad-\
                    e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(key.file(), file);
        assert_eq!(Key::of_file(file), Some(key));
        assert_eq!(Key::of_unfinished(&key.unfinished()), Some(key));
        assert_eq!(key.lock(), "ba.lock");
        let other = Key {
            component: key.engine,
            engine: key.component,
        };
        assert_ne!(other.file(), file);
        for name in ["", "-", "notes.txt", &key.unfinished(), &key.lock()] {
            assert_eq!(Key::of_file(name), None, "{name}");
        }
        assert_eq!(Key::of_file(&file.to_uppercase()), None);
        assert_eq!(Key::of_unfinished(file), None);
    }
}
