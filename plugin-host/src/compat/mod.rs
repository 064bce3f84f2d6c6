//! Decides from names and versions whether a component fits a world. A pure
//! function: it reads no bytes and compiles nothing.

mod reason;
mod strict;

pub use reason::Reason;
pub use strict::Purpose;
pub(crate) use strict::strict_reasons;

use crate::externs::{Extern, Externs};
use plugin_host_manifest::Manifest;
use semver::Version;

/// What a host offers and demands.
pub(crate) struct HostWorld<'a> {
    /// The application's name and version, where it stated them.
    pub(crate) application: Option<&'a (String, Version)>,
    /// What a plugin may import of the application and of this library.
    pub(crate) provides: &'a Externs,
    /// What a plugin must export.
    pub(crate) demands: &'a Externs,
    /// Whether an import is one of WASI's that are served.
    pub(crate) serves_wasi: fn(&str) -> bool,
}

/// The release that a pre-release leads to: ranges match pre-releases only where
/// they name one, and a beta of the application is to run its plugins.
fn release(version: &Version) -> Version {
    Version::new(version.major, version.minor, version.patch)
}

/// Every reason against the component; none means that it fits.
pub(crate) fn reasons(
    host: &HostWorld<'_>,
    imports: &Externs,
    exports: &Externs,
    manifest: Option<&Manifest>,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if let (Some((name, version)), Some(manifest)) = (host.application, manifest)
        && let Some(required) = manifest.host.get(name)
        && !required.matches(&release(version))
    {
        reasons.push(Reason::HostRequirement {
            application: name.clone(),
            required: required.clone(),
            actual: version.clone(),
        });
    }
    for (name, import) in imports {
        if !(host.serves_wasi)(name) {
            check_import(name, import, host.provides, &mut reasons);
        }
    }
    for (name, demand) in host.demands {
        check_export(name, demand, exports, &mut reasons);
    }
    reasons
}

fn check_import(name: &str, import: &Extern, provides: &Externs, reasons: &mut Vec<Reason>) {
    let missing = || Reason::MissingImport {
        import: name.to_owned(),
    };
    match find(name, provides) {
        Found::Same(provided_name, provided) => match (import, provided) {
            (Extern::Interface(used), Extern::Interface(has)) => {
                for function in used.iter().filter(|function| !has.contains(function)) {
                    reasons.push(if version_of(name) > version_of(provided_name) {
                        Reason::NeedsNewerHost {
                            wanted: name.to_owned(),
                            has: version_text(provided_name),
                        }
                    } else {
                        Reason::MissingFunction {
                            import: name.to_owned(),
                            function: function.clone(),
                        }
                    });
                }
                reasons.dedup();
            }
            (Extern::Function, Extern::Function) | (Extern::Other, Extern::Other) => {}
            _ => reasons.push(missing()),
        },
        Found::OtherVersion(other) => reasons.push(version_reason(name, other)),
        Found::Nothing => match import {
            // An interface of types alone needs nobody to serve it.
            Extern::Interface(functions) if functions.is_empty() => {}
            _ => reasons.push(missing()),
        },
    }
}

fn check_export(name: &str, demand: &Extern, exports: &Externs, reasons: &mut Vec<Reason>) {
    let missing = |function: Option<String>| Reason::MissingExport {
        export: name.to_owned(),
        function,
    };
    match find(name, exports) {
        Found::Same(_, exported) => match (demand, exported) {
            (Extern::Interface(wanted), Extern::Interface(has)) => {
                for function in wanted.iter().filter(|function| !has.contains(function)) {
                    reasons.push(missing(Some(function.clone())));
                }
            }
            (Extern::Function, Extern::Function) | (Extern::Other, _) => {}
            _ => reasons.push(missing(None)),
        },
        Found::OtherVersion(other) => reasons.push(version_reason(other, name)),
        Found::Nothing if matches!(demand, Extern::Other) => {}
        Found::Nothing => reasons.push(missing(None)),
    }
}

/// Which side is behind, where `plugin` and `host` are two versions of one name.
fn version_reason(plugin: &str, host: &str) -> Reason {
    let (wanted, has) = (plugin.to_owned(), version_text(host));
    if version_of(plugin) > version_of(host) {
        Reason::NeedsNewerHost { wanted, has }
    } else {
        Reason::NeedsNewerPlugin { wanted, has }
    }
}

enum Found<'a> {
    /// The same name on the same semver track, which the linker would match.
    Same(&'a str, &'a Extern),
    /// The same name on another track.
    OtherVersion(&'a str),
    Nothing,
}

/// Looks `name` up as the linker does: exactly, else on the semver track.
fn find<'a>(name: &str, among: &'a Externs) -> Found<'a> {
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

fn version_of(name: &str) -> Option<Version> {
    name.split_once('@')?.1.parse().ok()
}

fn version_text(name: &str) -> String {
    version_of(name).map_or_else(|| "no version".to_owned(), |version| version.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use semver::VersionReq;

    const HOST: &[(&str, &[&str])] = &[("acme:shop/stock@1.2.0", &["count", "reserve"])];
    const DEMAND: &[(&str, &[&str])] = &[("acme:shop/transform@0.3.0", &["apply"])];

    fn externs(list: &[(&str, &[&str])]) -> Externs {
        list.iter()
            .map(|(name, functions)| {
                let functions = functions.iter().map(|f| (*f).to_owned()).collect();
                ((*name).to_owned(), Extern::Interface(functions))
            })
            .collect()
    }

    /// The reasons against a component with these imports and exports, which
    /// requires a range of `shop`, this being 1.4.0.
    fn verdict(
        imports: &[(&str, &[&str])],
        exports: &[(&str, &[&str])],
        required: &str,
    ) -> Vec<String> {
        let mut manifest = Manifest::new("p".parse().expect("an id"), Version::new(1, 0, 0));
        manifest
            .host
            .insert("shop".into(), required.parse().expect("a range"));
        let host = HostWorld {
            application: Some(&("shop".into(), Version::new(1, 4, 0))),
            provides: &externs(HOST),
            demands: &externs(DEMAND),
            serves_wasi: |name| name.starts_with("wasi:"),
        };
        reasons(&host, &externs(imports), &externs(exports), Some(&manifest))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn what_fits_has_no_reason_against_it() {
        for (imports, exports) in [
            (&[][..], DEMAND),
            (HOST, DEMAND),
            (&[("acme:shop/stock@1.2.0", &["count"][..])], DEMAND),
            // Newer and older on the same track, as long as what is used is there.
            (&[("acme:shop/stock@1.5.0", &["count"][..])], DEMAND),
            (&[("acme:shop/stock@1.0.0", &["count"][..])], DEMAND),
            (&[("wasi:io/poll@0.2.6", &["poll"][..])], DEMAND),
            // Types alone need no host.
            (&[("acme:other/types@9.0.0", &[][..])], DEMAND),
            // More than is asked for.
            (
                &[],
                &[("acme:shop/transform@0.3.7", &["apply", "undo"][..])],
            ),
        ] {
            assert_eq!(verdict(imports, exports, "*"), [""; 0], "{imports:?}");
        }
    }

    #[test]
    fn every_reason_names_the_side_that_must_move() {
        let import = |name: &'static str, function: &'static str, message: &str| {
            let function: &'static [&'static str] = vec![function].leak();
            assert_eq!(verdict(&[(name, function)], DEMAND, "*"), [message]);
        };
        import(
            "acme:other/api@1.0.0",
            "f",
            "it imports `acme:other/api@1.0.0`, which this application does not provide: \
             use a plugin made for this application",
        );
        import(
            "acme:shop/stock@1.2.0",
            "burn",
            "it imports `burn` of `acme:shop/stock@1.2.0`, which this application does not \
             provide: use a plugin made for this application",
        );
        import(
            "acme:shop/stock@1.5.0",
            "forecast",
            "it needs `acme:shop/stock@1.5.0`, and this application has 1.2.0: \
             upgrade the application",
        );
        import(
            "acme:shop/stock@2.0.0",
            "count",
            "it needs `acme:shop/stock@2.0.0`, and this application has 1.2.0: \
             upgrade the application",
        );
        import(
            "acme:shop/stock@0.9.0",
            "count",
            "it was built for `acme:shop/stock@0.9.0`, and this application has 1.2.0: \
             upgrade the plugin",
        );

        let export = |exports: &[(&str, &[&str])], message: &str| {
            assert_eq!(verdict(&[], exports, "*"), [message]);
        };
        export(
            &[],
            "it does not export `acme:shop/transform@0.3.0`, which every plugin of this \
             application must: use a plugin made for this application",
        );
        export(
            &[("acme:shop/transform@0.3.0", &["undo"])],
            "it does not export `apply` of `acme:shop/transform@0.3.0`, which every plugin of \
             this application must: upgrade the plugin",
        );
        export(
            &[("acme:shop/transform@0.4.0", &["apply"])],
            "it needs `acme:shop/transform@0.4.0`, and this application has 0.3.0: \
             upgrade the application",
        );
        export(
            &[("acme:shop/transform@0.2.0", &["apply"])],
            "it was built for `acme:shop/transform@0.2.0`, and this application has 0.3.0: \
             upgrade the plugin",
        );
    }

    #[test]
    fn the_manifests_requirement_is_held_against_the_applications_version() {
        for (required, side) in [
            (">=2", Some("application")),
            ("^1.5", Some("application")),
            (">=1.0, <1.3", Some("plugin")),
            ("~0.9", Some("plugin")),
            (">=1.2", None),
            ("1.4", None),
        ] {
            let message = side.map(|side| {
                let required: VersionReq = required.parse().expect("a range");
                format!("it requires shop {required}, and this is shop 1.4.0: upgrade the {side}")
            });
            assert_eq!(
                verdict(&[], DEMAND, required),
                message.into_iter().collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn all_reasons_are_given_at_once() {
        let imports: &[(&str, &[&str])] = &[("acme:other/api@1.0.0", &["f"])];
        assert_eq!(verdict(imports, &[], ">=2").len(), 3);
    }
}
