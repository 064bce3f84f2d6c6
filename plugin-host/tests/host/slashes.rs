//! Paths in what was told, as tests write them.

use std::path::Path;

/// The text with slashes in its paths, and without the path of this folder, on every
/// system.
pub(crate) fn below(folder: &Path, text: &str) -> String {
    let folder = format!("{}/", folder.display()).replace('\\', "/");
    text.replace('\\', "/").replace(&folder, "")
}
