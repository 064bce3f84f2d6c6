//! The words for grants that do not hold.

use super::one_line::one_line;
use crate::binding::Binding;
use crate::digest::Digest;
use plugin_host_manifest::Capability;
use std::fmt;

/// How many capabilities one line shows: the plugin chooses how many it asks for.
const SHOWN: usize = 10;

/// Says what is granted and was not asked for, and the two ways out.
pub(super) fn explain_not_asked(f: &mut fmt::Formatter<'_>, beyond: &[Capability]) -> fmt::Result {
    write!(
        f,
        "it is granted {}, and its manifest does not ask for that: take the grant back, or let \
         its author ask for it in plugin.toml under [capabilities]",
        list(beyond)
    )
}

/// Says how a plugin differs from the one that was granted something.
pub(super) fn explain_outdated(
    f: &mut fmt::Formatter<'_>,
    binding: &Binding,
    found: &Digest,
    added: &[Capability],
    removed: &[Capability],
) -> fmt::Result {
    if binding.holds(found) {
        f.write_str("its manifest changed since it was granted capabilities: ")?;
    } else {
        write!(
            f,
            "it changed since it was granted capabilities, from {binding} to {found}: "
        )?;
    }
    match (added, removed) {
        ([], []) => f.write_str("it asks for the same")?,
        (added, []) => write!(f, "it now also asks for {}", list(added))?,
        ([], removed) => write!(f, "it no longer asks for {}", list(removed))?,
        (added, removed) => write!(
            f,
            "it now also asks for {}, and no longer asks for {}",
            list(added),
            list(removed)
        )?,
    }
    f.write_str("; grant anew what it is to have, or revoke the grant")
}

fn list(capabilities: &[Capability]) -> String {
    let shown = capabilities.iter().take(SHOWN);
    let mut shown: Vec<String> = shown.map(|one| one_line(&one.to_string())).collect();
    match capabilities.len().saturating_sub(SHOWN) {
        0 => {}
        more => shown.push(format!("{more} more")),
    }
    shown.join(" and ")
}
