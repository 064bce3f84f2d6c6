//! A guest's name, out of its Cargo.toml.

use std::fs;
use std::path::{Path, PathBuf};

use crate::BuildError;

/// One guest crate.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest: PathBuf,
}

impl Package {
    pub(crate) fn read(folder: &Path) -> Result<Self, BuildError> {
        let manifest = folder.join("Cargo.toml");
        match fs::read_to_string(&manifest) {
            Ok(text) => match name(&text) {
                Some(name) => Ok(Self { name, manifest }),
                None => Err(BuildError::NoName { path: manifest }),
            },
            Err(source) => Err(BuildError::Read {
                path: manifest,
                source,
            }),
        }
    }

    /// The file that Cargo makes of the guest's library.
    pub(crate) fn file_stem(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// Cargo checks the file right after: this only has to find the name in one
/// that is correct.
fn name(text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| *line == "[package]")?;
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .find(|(key, _)| key.trim() == "name")
        .and_then(|(_, value)| value.split(['"', '\'']).nth(1))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_packages() {
        for (text, expected) in [
            ("[package]\nname = \"a-b\"\n", Some("a-b")),
            (
                "[lib]\nname = \"x\"\n[package]\nversion = \"1\"\nname='a' # c",
                Some("a"),
            ),
            ("[package]\nversion = \"1\"\n[lib]\nname = \"x\"", None),
            ("[workspace]", None),
        ] {
            assert_eq!(name(text).as_deref(), expected, "{text}");
        }
    }
}
