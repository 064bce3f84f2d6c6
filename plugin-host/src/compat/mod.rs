//! Decides from versions, names and types whether a component fits a world. A
//! pure function: it reads no bytes and compiles nothing.

mod against;
mod difference;
mod pairs;
mod path;
#[cfg(test)]
mod random;
mod reason;
mod strict;
mod verdict;
mod version;
mod wording;

pub use reason::{Reason, Remedy};
pub use strict::Purpose;
pub(crate) use strict::strict_reasons;

use crate::surface::Surface;
use against::Against;
use difference::Comparison;
use pairs::Pairs;
use plugin_host_manifest::Manifest;
use semver::Version;
use verdict::Verdict;
use version::{Found, find};

/// What a host offers and demands.
pub(crate) struct HostWorld<'a> {
    /// The application's name and version, where it stated them.
    pub(crate) application: Option<&'a (String, Version)>,
    /// What a plugin may import of the application and of this library, WASI
    /// included, and what it must export.
    pub(crate) surface: &'a Surface,
    /// Which of these a plugin may leave out.
    pub(crate) optional: &'a [&'a str],
}

/// The release that a pre-release leads to: ranges match pre-releases only where
/// they name one, and a beta of the application is to run its plugins.
fn release(version: &Version) -> Version {
    Version::new(version.major, version.minor, version.patch)
}

/// Whether the host has an import, in a version that stands in for it.
pub(crate) fn provides(host: &Surface, import: &str) -> bool {
    matches!(find(import, &host.imports), Found::Same(..))
}

/// Every reason against the component; none means that it fits.
pub(crate) fn reasons(
    host: &HostWorld<'_>,
    plugin: &Surface,
    manifest: Option<&Manifest>,
) -> Vec<Reason> {
    let pairs = Pairs::new(host.surface, plugin);
    let mut verdict = Verdict {
        host: host.surface,
        plugin,
        comparison: Comparison::new(&host.surface.types, &plugin.types, &pairs),
        against: Against::default(),
    };
    if let (Some((name, version)), Some(manifest)) = (host.application, manifest)
        && let Some(required) = manifest.host.get(name)
        && !required.matches(&release(version))
    {
        verdict.against.push(|| Reason::HostRequirement {
            application: name.clone(),
            required: required.clone(),
            actual: version.clone(),
        });
    }
    for (name, import) in &plugin.imports {
        verdict.import(name, import);
    }
    for (name, demand) in &host.surface.exports {
        verdict.export(name, demand, host.optional.contains(&name.as_str()));
    }
    let is_async = |reason: &Reason| matches!(reason, Reason::NeedsAsyncHost { .. });
    if plugin.needs_async && !verdict.against.any(is_async) {
        verdict.against.push(|| Reason::NeedsAsyncHost {
            interface: None,
            function: None,
        });
    }
    verdict.against.into_reasons()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surface::{Extern, Externs, Function, Item, Named, Types};
    use semver::VersionReq;

    const HOST: &[(&str, &[&str])] = &[("acme:shop/stock@1.2.0", &["count", "reserve"])];
    const DEMAND: &[(&str, &[&str])] = &[("acme:shop/transform@0.3.0", &["apply"])];

    /// Interfaces of functions without parameters and results.
    fn externs(list: &[(&str, &[&str])]) -> Externs {
        let interface = |functions: &[&str]| Named {
            shown: Extern::Interface(functions.iter().map(|f| (*f).to_owned()).collect()),
            items: vec![Item::Function(Function::default()); functions.len()],
        };
        let list = list.iter();
        list.map(|(name, functions)| ((*name).to_owned(), interface(functions)))
            .collect()
    }

    fn surface(imports: &[(&str, &[&str])], exports: &[(&str, &[&str])]) -> Surface {
        Surface {
            imports: externs(imports),
            exports: externs(exports),
            types: Types::default(),
            needs_async: false,
        }
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
            surface: &surface(HOST, DEMAND),
            optional: &[],
        };
        reasons(&host, &surface(imports, exports), Some(&manifest))
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
            "it needs `forecast` of `acme:shop/stock@1.5.0`, and this application has 1.2.0: \
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

        // The package has other interfaces here, of another version.
        import(
            "acme:shop/forecasts@1.5.0",
            "next",
            "it needs `acme:shop/forecasts@1.5.0`, and this application has 1.2.0: \
             upgrade the application",
        );
        import(
            "acme:shop/fax@1.0.0",
            "send",
            "it was built for `acme:shop/fax@1.0.0`, and this application has 1.2.0: \
             upgrade the plugin",
        );
        import(
            "acme:shop/fax@1.2.0",
            "send",
            "it imports `acme:shop/fax@1.2.0`, which this application does not provide: \
             use a plugin made for this application",
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
            "it does not export `apply` of `acme:shop/transform@0.3.0`, which every plugin with \
             that interface must: upgrade the plugin",
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
