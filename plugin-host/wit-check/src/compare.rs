//! Compares two releases: pairs the versions of the package, and has each pair
//! compared. Reads nothing.

use crate::findings::Findings;
use crate::interfaces::compare_interfaces;
use crate::matcher::Matcher;
use crate::view::View;
use crate::worlds::compare_worlds;
use crate::{Bump, Change, Report, Severity, Side, Wit, rule};
use semver::Version;
use std::cmp::Reverse;
use wit_parser::{PackageId, PackageName};

/// Lists what changed between two releases of a package, and whether the
/// version step covers it.
///
/// Versions that are there side by side are each compared with the one on their
/// own track. Where the package's name changed there is nothing to compare, and
/// that is the one change.
///
/// ```
/// use plugin_host_wit_check::{Wit, compare};
///
/// let old = Wit::parse(
///     "package acme:shop@0.1.0;
///      interface types { record product { name: string } }",
/// )?;
/// let new = Wit::parse(
///     "package acme:shop@0.1.1;
///      interface types { record product { name: string, price: u32 } }",
/// )?;
/// let report = compare(&old, &new);
/// assert_eq!(report.changes[0].path, "acme:shop/types.product.price");
/// assert!(!report.covered());
/// # Ok::<(), plugin_host_wit_check::WitError>(())
/// ```
#[must_use]
pub fn compare(old: &Wit, new: &Wit) -> Report {
    let mut changes = Vec::new();
    let mut bumps = Vec::new();
    if old.package() == new.package() {
        compare_versions(old, new, &mut changes, &mut bumps);
    } else {
        let mut findings = Findings::default();
        let what = format!("package renamed to `{}`", new.package());
        findings.push(&old.package(), Side::Both, rule::PACKAGE_RENAMED, what);
        changes.append(&mut findings.changes);
        let newest = |wit: &'_ Wit| wit.versions().pop().and_then(|it| it.0.cloned());
        let (old, new) = (newest(old), newest(new));
        bumps.push(Bump::new(old.as_ref(), new.as_ref(), Some(Severity::Major)));
    }
    changes.sort_by_key(|change| Reverse(change.severity));
    Report {
        package: old.package(),
        changes,
        bumps,
    }
}

type Versioned<'a> = (Option<&'a Version>, PackageId);

fn compare_versions(old: &Wit, new: &Wit, changes: &mut Vec<Change>, bumps: &mut Vec<Bump>) {
    let (mut left, mut right) = (old.versions(), new.versions());
    let mut pairs: Vec<(Versioned<'_>, Versioned<'_>)> = Vec::new();
    left.retain(|was| {
        let at = right.iter().position(|is| same_track(was.0, is.0));
        pairs.extend(at.map(|at| (*was, right.remove(at))));
        at.is_none()
    });
    // Where no track goes on, the package moved from its newest to its newest.
    if pairs.is_empty()
        && let (Some(was), Some(is)) = (left.pop(), right.pop())
    {
        pairs.push((was, is));
    }
    for (was, is) in pairs {
        let mut findings = compare_packages(old, new, was, is);
        bumps.push(Bump::new(was.0, is.0, findings.severity()));
        changes.append(&mut findings.changes);
    }
    let mut findings = Findings::default();
    let path = |version: Option<&Version>| match version {
        Some(version) => format!("{}@{version}", old.package()),
        None => old.package(),
    };
    for (version, _) in left {
        let what = "package version removed";
        findings.push(&path(version), Side::Both, rule::VERSION_REMOVED, what);
        bumps.push(Bump::new(version, None, findings.severity()));
    }
    for (version, _) in right {
        let what = "package version added";
        findings.push(&path(version), Side::Both, rule::VERSION_ADDED, what);
    }
    changes.append(&mut findings.changes);
}

fn same_track(old: Option<&Version>, new: Option<&Version>) -> bool {
    old.map(PackageName::version_compat_track) == new.map(PackageName::version_compat_track)
}

fn compare_packages(old: &Wit, new: &Wit, was: Versioned<'_>, is: Versioned<'_>) -> Findings {
    let matcher = Matcher::new(
        View::new(&old.resolve, was.1, old.root),
        View::new(&new.resolve, is.1, new.root),
    );
    let mut findings = Findings::default();
    let path = &old.package();
    if was.0.is_some() != is.0.is_some() {
        let what = match is.0 {
            Some(_) => "version added to the package's name",
            None => "version removed from the package's name",
        };
        findings.push(path, Side::Both, rule::PACKAGE_RENAMED, what);
    }
    let docs = |wit: &'_ Wit, id: PackageId| wit.resolve.packages[id].docs.clone();
    findings.docs(path, Side::Both, &docs(old, was.1), &docs(new, is.1));
    compare_worlds(&matcher, &mut findings);
    compare_interfaces(&matcher, &mut findings);
    findings
}
