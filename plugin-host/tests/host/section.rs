//! Custom sections appended to hand-written components.

use plugin_host_manifest::{ManifestSource, SECTION_NAME, encode};

/// A section with its size as LEB128, whether or not that is true.
pub(crate) fn section(id: u8, size: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![id];
    let mut rest = size;
    while rest > 0x7f {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes.extend(data);
    bytes
}

/// A component with a section of the manifest's name, whatever is in it.
pub(crate) fn with_section(mut component: Vec<u8>, data: &[u8]) -> Vec<u8> {
    let mut content = vec![SECTION_NAME.len() as u8];
    content.extend(SECTION_NAME.as_bytes());
    content.extend(data);
    component.extend(section(0, content.len() as u32, &content));
    component
}

/// A component with the manifest that this `plugin.toml` gives.
pub(crate) fn with_manifest(component: Vec<u8>, toml: &str) -> Vec<u8> {
    let manifest = ManifestSource::parse(toml).and_then(ManifestSource::complete_alone);
    with_section(component, &encode(&manifest.expect("it is a manifest")))
}
