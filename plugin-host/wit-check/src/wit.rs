//! Reads WIT. Compares nothing.

use crate::WitError;
use semver::Version;
use std::error::Error;
use std::path::Path;
use wit_parser::{PackageId, PackageName, ParseError, Resolve, ResolveError};

/// One release of a WIT package: all its versions that are there side by side,
/// with the packages that it uses.
///
/// Items behind `@unstable` promise nothing and are left out, as every build
/// without their feature does.
///
/// ```
/// use plugin_host_wit_check::Wit;
///
/// let wit = Wit::parse("package acme:shop@0.1.0; interface stock { count: func() -> u32; }")?;
/// assert_eq!(wit.package(), "acme:shop");
/// # Ok::<(), plugin_host_wit_check::WitError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Wit {
    pub(crate) resolve: Resolve,
    /// The package that was read, whose worlds count beside those of `name`.
    pub(crate) root: PackageId,
    name: (String, String),
}

impl Wit {
    /// Reads a folder of `.wit` files, with what they use in its folder `deps`,
    /// or a single file.
    ///
    /// ```
    /// use plugin_host_wit_check::Wit;
    ///
    /// let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/released/catalog@0.1.0");
    /// assert_eq!(Wit::from_path(folder)?.package(), "example:catalog");
    /// # Ok::<(), plugin_host_wit_check::WitError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When nothing is there, or it is not one package that stands by itself.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Self, WitError> {
        let path = path.as_ref();
        let owned = || path.to_owned();
        if !path.try_exists().unwrap_or(false) {
            return Err(WitError::Missing { path: owned() });
        }
        if path.is_dir() && !holds_wit(path) {
            return Err(WitError::Empty { path: owned() });
        }
        let mut resolve = Resolve::default();
        match resolve.push_path(path) {
            Ok((root, _)) => Ok(Self::new(resolve, root)),
            Err(error) => Err(WitError::Invalid {
                origin: path.display().to_string(),
                reason: reason(
                    &resolve,
                    (error.downcast_ref(), error.downcast_ref()),
                    error.root_cause(),
                ),
            }),
        }
    }

    /// Reads a text as one file, which errors call `text.wit`.
    ///
    /// ```
    /// let error = plugin_host_wit_check::Wit::parse("package acme").expect_err("not WIT");
    /// assert!(error.to_string().contains("text.wit:1:13"), "{error}");
    /// ```
    ///
    /// # Errors
    ///
    /// When it is not a package that stands by itself.
    pub fn parse(text: &str) -> Result<Self, WitError> {
        const ORIGIN: &str = "text.wit";
        let mut resolve = Resolve::default();
        match resolve.push_source(ORIGIN, text) {
            Ok(root) => Ok(Self::new(resolve, root)),
            Err(error) => Err(WitError::Invalid {
                origin: ORIGIN.to_owned(),
                reason: reason(
                    &resolve,
                    (error.downcast_ref(), error.downcast_ref()),
                    error.root_cause(),
                ),
            }),
        }
    }

    /// The name of the package that is compared, without its version.
    #[must_use]
    pub fn package(&self) -> String {
        format!("{}:{}", self.name.0, self.name.1)
    }

    /// Compares another of the packages that were read: one of `deps`, or one
    /// that is nested in the file. `name` is given without a version.
    ///
    /// ```
    /// use plugin_host_wit_check::Wit;
    ///
    /// let wit = Wit::parse("package acme:shop; package acme:till { interface open { } }")?;
    /// assert_eq!(wit.select("acme:till")?.package(), "acme:till");
    /// # Ok::<(), plugin_host_wit_check::WitError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When no package has this name; the error lists those there are.
    pub fn select(mut self, name: &str) -> Result<Self, WitError> {
        let packages = || {
            self.resolve
                .packages
                .iter()
                .map(|(_, package)| &package.name)
        };
        let found =
            packages().find(|package| format!("{}:{}", package.namespace, package.name) == name);
        let Some(found) = found else {
            let known =
                packages().map(|package| format!("`{}:{}`", package.namespace, package.name));
            let mut known: Vec<_> = known.collect();
            known.sort();
            known.dedup();
            return Err(WitError::UnknownPackage {
                name: name.to_owned(),
                known: known.join(", "),
            });
        };
        self.name = named(found);
        Ok(self)
    }

    /// The versions of the package that are there, lowest first.
    pub(crate) fn versions(&self) -> Vec<(Option<&Version>, PackageId)> {
        let mut versions: Vec<_> = self
            .resolve
            .packages
            .iter()
            .filter(|(_, package)| named(&package.name) == self.name)
            .map(|(id, package)| (package.name.version.as_ref(), id))
            .collect();
        versions.sort();
        versions
    }

    fn new(resolve: Resolve, root: PackageId) -> Self {
        let name = named(&resolve.packages[root].name);
        Self {
            resolve,
            root,
            name,
        }
    }
}

fn named(package: &PackageName) -> (String, String) {
    (package.namespace.clone(), package.name.clone())
}

fn holds_wit(folder: &Path) -> bool {
    folder.read_dir().is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.path().extension().is_some_and(|e| e == "wit"))
    })
}

/// The parser's own message with file and line; the layers around it repeat the
/// path.
fn reason(
    resolve: &Resolve,
    typed: (Option<&ParseError>, Option<&ResolveError>),
    other: &dyn Error,
) -> String {
    match typed {
        (Some(error), _) => error.render(&resolve.source_map),
        (_, Some(error)) => error.render(&resolve.source_map),
        _ => other.to_string(),
    }
}
