//! Which of several names an import or export is matched with: as the linker
//! does it, exactly or on the semver track.

use crate::surface::{Externs, Named};
use semver::Version;

pub(super) enum Found<'a> {
    /// The same name on the same semver track, which the linker would match.
    Same(&'a str, &'a Named),
    /// The same name on another track.
    OtherVersion(&'a str),
    Nothing,
}

/// Looks `name` up as the linker does: exactly, else on the semver track.
pub(super) fn find<'a>(name: &str, among: &'a Externs) -> Found<'a> {
    if let Some((name, found)) = among.get_key_value(name) {
        return Found::Same(name, found);
    }
    let bare = bare_name(name);
    let mut candidates: Vec<_> = among
        .iter()
        .filter(|(other, _)| bare_name(other) == bare)
        .collect();
    candidates.sort_by_key(|(other, _)| version_of(other));
    let track = version_of(name).and_then(|version| track(&version));
    let same = candidates.iter().rev().find(|(other, _)| {
        track.is_some() && version_of(other).and_then(|version| self::track(&version)) == track
    });
    match (same, candidates.last()) {
        (Some((other, found)), _) => Found::Same(other, found),
        (None, Some((other, _))) => Found::OtherVersion(other),
        (None, None) => Found::Nothing,
    }
}

/// The newest of what is in the same package as `name`.
pub(super) fn newest_of_package<'a>(name: &str, among: &'a Externs) -> Option<&'a str> {
    let (package, _) = name.split_once('/')?;
    let names = among.keys().map(String::as_str);
    names
        .filter(|other| other.split_once('/').is_some_and(|(of, _)| of == package))
        .max_by_key(|other| version_of(other))
}

/// The versions that may stand in for each other: those with one first number
/// that is not zero. None for `0.0.x` and pre-releases, which stand for
/// themselves alone.
fn track(version: &Version) -> Option<(u64, u64)> {
    match (version.major, version.minor) {
        _ if !version.pre.is_empty() => None,
        (0, 0) => None,
        (0, minor) => Some((0, minor)),
        (major, _) => Some((major, 0)),
    }
}

fn bare_name(name: &str) -> &str {
    name.split_once('@').map_or(name, |(bare, _)| bare)
}

pub(super) fn version_of(name: &str) -> Option<Version> {
    name.split_once('@')?.1.parse().ok()
}

pub(super) fn version_text(name: &str) -> String {
    version_of(name).map_or_else(|| "no version".to_owned(), |version| version.to_string())
}
