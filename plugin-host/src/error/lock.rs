//! The words for a plugin that is not the one that is locked.

use super::one_line::one_line;
use crate::release::Release;
use std::fmt;

/// Says which of version and bytes changed, and the two ways out.
pub(super) fn explain_lock(
    f: &mut fmt::Formatter<'_>,
    locked: &Release,
    found: &Release,
) -> fmt::Result {
    let (was, is) = (in_words(locked), in_words(found));
    write!(
        f,
        "it is not the locked one: locked is {was}, found is {is}; "
    )?;
    let same_version = locked.version == found.version;
    f.write_str(match (same_version, &found.version) {
        _ if locked.digest == found.digest => {
            "its bytes are the same, and its manifest's version changed: look at why"
        }
        // An honest upgrade has a version of its own.
        (true, Some(_)) => {
            "it has other bytes under the same version, so it was rebuilt or tampered with: find \
             out which"
        }
        (true, None) => "its bytes changed: look at what is new",
        (false, _) => "its version and its bytes changed: look at what is new",
    })?;
    f.write_str(", then lock it again, or put the locked one back")
}

fn in_words(release: &Release) -> String {
    let digest = release.digest;
    match &release.version {
        Some(version) => format!("version {}, {digest}", one_line(&version.to_string())),
        None => format!("no version, {digest}"),
    }
}
