//! Reads the author's WIT, and says where it is wrong.

use std::path::{Path, PathBuf};

use proc_macro2::Span;
use wit_bindgen_core::wit_parser::{PackageId, Resolve, WorldId};

use crate::options::Options;

/// The WIT of one `generate!`.
pub(crate) struct Wit {
    /// All packages.
    pub(crate) resolve: Resolve,
    /// The world that the plugin implements.
    pub(crate) world: WorldId,
    /// What was read.
    pub(crate) files: Vec<PathBuf>,
}

impl Wit {
    /// Reads what `options` name.
    pub(crate) fn read(options: &Options, root: &Path) -> syn::Result<Self> {
        let mut resolve = Resolve::default();
        resolve.features.extend(options.features.iter().cloned());

        let mut files = Vec::new();
        let mut push = |resolve: &mut Resolve, path: &Path, span| {
            let (package, sources) = push(resolve, path, span)?;
            files.extend(sources);
            Ok::<_, syn::Error>(package)
        };
        let mut packages = Vec::new();
        match (&options.paths, &options.inline) {
            (Some((span, paths)), _) => {
                for path in paths {
                    packages.push(push(&mut resolve, &root.join(path), *span)?);
                }
            }
            // Without a path, `wit` is read where it is there.
            (None, Some(_)) if !root.join("wit").exists() => {}
            (None, _) => packages.push(push(&mut resolve, &root.join("wit"), Span::call_site())?),
        }
        if let Some(inline) = &options.inline {
            let package = resolve.push_str("inline WIT", &inline.value());
            packages = vec![package.map_err(|error| {
                let message = resolve.render_error(&error);
                syn::Error::new(inline.span(), message)
            })?];
        }

        let name = options.world.as_ref();
        let span = name.map_or_else(Span::call_site, syn::LitStr::span);
        let world = resolve
            .select_world(&packages, name.map(syn::LitStr::value).as_deref())
            .map_err(|error| {
                let worlds = worlds(&resolve, &packages);
                syn::Error::new(span, format!("{error:#}; there is {worlds}"))
            })?;
        Ok(Self {
            resolve,
            world,
            files,
        })
    }
}

fn worlds(resolve: &Resolve, packages: &[PackageId]) -> String {
    let packages = packages.iter().map(|&id| &resolve.packages[id]);
    let names = packages.flat_map(|package| package.worlds.keys());
    let names = Vec::from_iter(names.map(|name| format!("`{name}`")));
    if names.is_empty() {
        return "no world".into();
    }
    names.join(", ")
}

fn push(resolve: &mut Resolve, path: &Path, span: Span) -> syn::Result<(PackageId, Vec<PathBuf>)> {
    let path = path.canonicalize().map_err(|error| {
        let path = path.display();
        let message = format!(
            "cannot read WIT from {path}: {error}\n\
             `path` is relative to the folder of Cargo.toml; \
             put the application's WIT there"
        );
        syn::Error::new(span, message)
    })?;
    match resolve.push_path(&path) {
        Ok((package, sources)) => {
            let files = sources.paths().map(Path::to_owned);
            Ok((package, files.collect()))
        }
        Err(error) => Err(syn::Error::new(span, resolve.render_error(&error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(options: &str) -> String {
        let options = syn::parse_str(options).expect(options);
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let error = Wit::read(&options, root).err().expect("an error");
        error.to_string().replace(env!("CARGO_MANIFEST_DIR"), "")
    }

    #[test]
    fn a_mistake_in_wit_is_told_with_file_line_and_column() {
        let message =
            error("{ inline: \"package a:b;\\nworld w { import f: func() -> strng; }\" }");
        assert!(
            message.contains("name `strng` does not exist") && message.contains("inline WIT:2:31"),
            "{message}"
        );
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_with_what_to_do() {
        assert_eq!(
            error("{ path: \"nowhere\" }"),
            "cannot read WIT from /nowhere: No such file or directory (os error 2)\n\
             `path` is relative to the folder of Cargo.toml; put the application's WIT there"
        );
    }

    #[test]
    fn a_world_that_is_not_there_is_told_with_those_that_are() {
        let message =
            error("{ inline: \"package a:b; world one {} world two {}\", world: \"three\" }");
        assert!(message.ends_with("; there is `one`, `two`"), "{message}");
    }
}
