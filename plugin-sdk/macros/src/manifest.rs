//! The author's `plugin.toml` and Cargo's values, as the bytes that the plugin
//! carries.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use plugin_host_manifest::{ManifestSource, Package, encode};
use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;

const CARGO: [&str; 5] = [
    "CARGO_PKG_NAME",
    "CARGO_PKG_VERSION",
    "CARGO_PKG_DESCRIPTION",
    "CARGO_PKG_AUTHORS",
    "CARGO_PKG_LICENSE",
];

/// The folder of the author's Cargo.toml.
pub(crate) fn package_folder() -> syn::Result<PathBuf> {
    env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| error("CARGO_MANIFEST_DIR is not set: build the plugin with Cargo"))
}

/// A static that holds the manifest in a custom section of the component.
pub(crate) fn section() -> syn::Result<TokenStream> {
    let path = package_folder()?.join("plugin.toml");
    let text = match fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(e) if e.kind() == io::ErrorKind::NotFound => None,
        Err(e) => return Err(error(format!("cannot read {}: {e}", path.display()))),
    };
    let values = CARGO.map(|name| env::var(name).unwrap_or_default());
    let bytes = bytes(&path, text.as_deref(), &values)?;

    let section = plugin_host_manifest::SECTION_NAME;
    let cargo = CARGO;
    let size = bytes.len();
    let bytes = Literal::byte_string(&bytes);
    let rebuild_when_edited = text.and_then(|_| path.to_str()).map(|path| {
        quote!(
            const _: &[u8] = ::core::include_bytes!(#path);
        )
    });
    Ok(quote! {
        #rebuild_when_edited
        #(const _: ::core::option::Option<&str> = ::core::option_env!(#cargo);)*

        #[cfg(target_arch = "wasm32")]
        #[used]
        #[unsafe(link_section = #section)]
        #[unsafe(export_name = "one-manifest-per-plugin--write-manifest-none-in-the-second-export")]
        static MANIFEST: [u8; #size] = *#bytes;
    })
}

fn bytes(path: &Path, text: Option<&str>, values: &[String; 5]) -> syn::Result<Vec<u8>> {
    let [name, version, description, authors, license] = values;
    let package = Package {
        name,
        version,
        description,
        authors,
        license,
    };
    let manifest = ManifestSource::parse(text.unwrap_or_default())
        .and_then(|source| source.complete(&package))
        .map_err(|e| error(format!("{}: {e}", path.display())))?;
    Ok(encode(&manifest))
}

fn error(message: impl std::fmt::Display) -> syn::Error {
    syn::Error::new(Span::call_site(), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: [&str; 5] = ["acme-pricing", "1.2.3", "Prices.", "Ann:Bob", "MIT"];

    fn manifest(text: Option<&str>) -> Result<plugin_host_manifest::Manifest, String> {
        let values = VALUES.map(str::to_owned);
        let bytes = bytes(Path::new("/p/plugin.toml"), text, &values).map_err(|e| e.to_string())?;
        Ok(plugin_host_manifest::decode(&bytes).expect("what was encoded"))
    }

    #[test]
    fn without_plugin_toml_cargo_says_it_all() {
        let manifest = manifest(None).expect("a manifest");
        assert_eq!(manifest.id.as_str(), "acme-pricing");
        assert_eq!(manifest.version.to_string(), "1.2.3");
        assert_eq!(manifest.authors, ["Ann", "Bob"]);
    }

    #[test]
    fn plugin_toml_wins_over_cargo() {
        let manifest = manifest(Some("id = 'acme.pricing'\npriority = 7")).expect("a manifest");
        assert_eq!(manifest.id.as_str(), "acme.pricing");
        assert_eq!(manifest.priority, 7);
    }

    #[test]
    fn a_mistake_is_told_with_file_and_line() {
        assert_eq!(
            manifest(Some("\npriorty = 7")),
            Err("/p/plugin.toml: unknown key `priorty` in line 2: did you mean `priority`?".into())
        );
    }
}
