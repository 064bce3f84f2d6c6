//! Fuzzes the manifest: the section that a component carries, and the text that
//! its author writes. Whatever is accepted must survive being written and read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plugin_host_manifest::{
    FORMAT_VERSION, MAX_SECTION_BYTES, Manifest, ManifestSource, Package, PluginId, SectionError,
    decode, encode,
};

/// Far above the longest message that a section may lead to.
const MESSAGE: usize = 4096;

const PACKAGE: Package<'_> = Package {
    name: "acme-pricing",
    version: "0.3.1",
    description: "Prices",
    authors: "Ann <ann@acme.example>:Bob",
    license: "MIT",
};

fuzz_target!(|bytes: &[u8]| {
    section(decode(bytes));
    // The same bytes behind a header that is right, or mutations of the text
    // would have to guess its length.
    if let Ok(len) = u32::try_from(bytes.len()) {
        let header = [FORMAT_VERSION.to_le_bytes(), len.to_le_bytes()].concat();
        section(decode(&[&header, bytes].concat()));
    }
    if let Ok(text) = str::from_utf8(bytes) {
        source(text);
        id(text);
    }
});

fn section(decoded: Result<Manifest, SectionError>) {
    match decoded {
        Ok(manifest) => {
            // `1` is written as `^1`, so that a full section may grow past the limit.
            if encode(&manifest).len() <= MAX_SECTION_BYTES {
                survives(&manifest);
            }
        }
        Err(error) => {
            let message = error.to_string();
            assert!(!message.contains(char::is_control), "{message:?}");
            assert!(message.len() < MESSAGE, "{message:?}");
        }
    }
}

fn source(text: &str) {
    let source = match ManifestSource::parse(text) {
        Ok(source) => source,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    if let Ok(alone) = source.clone().complete_alone() {
        survives(&alone);
    }
    // Fails only where the texts are too long: the package has all that is needed.
    if let Ok(complete) = source.complete(&PACKAGE) {
        survives(&complete);
    }
}

fn id(text: &str) {
    if let Ok(id) = PluginId::from_file_stem(text) {
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
    }
}

fn survives(manifest: &Manifest) {
    let section = encode(manifest);
    let again = decode(&section).expect("what was encoded is a section");
    assert_eq!(&again, manifest);
    assert_eq!(encode(&again), section);
}
