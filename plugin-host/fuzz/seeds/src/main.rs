//! Writes the seed corpora: from the texts in this package, the plugins' own
//! manifests, and the guests that a build of the workspace left in its `target`.

use plugin_host_manifest::{ManifestSource, Package, encode};
use seeds::Guest;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// Guests above this many bytes would keep the fuzzer from all others.
const LARGEST: u64 = 64 * 1024;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = seeds.join("../../..");
    let components = corpus(seeds, "component")?;
    for text in files(&seeds.join("components"), "wat")? {
        let bytes = wat::parse_file(&text)?;
        fs::write(components.join(stem(&text)), bytes)?;
    }
    for guest in Guest::ALL {
        let bytes = wat::parse_str(guest.text())?;
        fs::write(components.join(format!("{guest:?}")), bytes)?;
    }
    // Missing before the first build of the workspace, and no loss then.
    let built = root.join("target/guests/wasm32-wasip2/release");
    for guest in files(&built, "wasm").unwrap_or_default() {
        if fs::metadata(&guest)?.len() <= LARGEST {
            fs::copy(&guest, components.join(stem(&guest)))?;
        }
    }

    let manifests = corpus(seeds, "manifest")?;
    let mut sources = files(&seeds.join("manifests"), "toml")?;
    for plugin in fs::read_dir(root.join("example-plugins"))? {
        sources.push(plugin?.path().join("plugin.toml"));
    }
    for (number, source) in sources.iter().enumerate() {
        let text = fs::read_to_string(source)?;
        let package = Package {
            name: "seed",
            version: "1.2.0-rc.1+build",
            ..Package::default()
        };
        let section = encode(&ManifestSource::parse(&text)?.complete(&package)?);
        fs::write(manifests.join(format!("{number}.toml")), text)?;
        fs::write(manifests.join(format!("{number}.json")), &section[8..])?;
        fs::write(manifests.join(format!("{number}.section")), section)?;
    }

    let policies = corpus(seeds, "policy")?;
    for policy in files(&seeds.join("policies"), "toml")? {
        fs::copy(&policy, policies.join(stem(&policy)))?;
    }
    Ok(())
}

/// The corpus of a target.
fn corpus(seeds: &Path, target: &str) -> Result<PathBuf> {
    let folder = seeds.join("../corpus").join(target);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The files in a folder with an extension.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    Ok(files)
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
