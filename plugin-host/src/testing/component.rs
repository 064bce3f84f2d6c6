//! The least component.

use plugin_host_manifest::{Manifest, SECTION_NAME, encode};

/// The bytes that begin every component.
const PREAMBLE: [u8; 8] = *b"\0asm\x0d\0\x01\0";

/// A component that imports and exports nothing, with a manifest if there is one to
/// carry: 8 bytes without.
///
/// It is for tests of code that finds, grants, locks or chooses among plugins:
///
/// ```
/// use plugin_host::{Candidate, Manifest, testing};
///
/// let pricing = Manifest::new("acme.pricing".parse()?, "1.2.0".parse()?);
/// let candidate = Candidate::from_bytes("pricing", testing::component(Some(&pricing)))?;
/// assert_eq!(candidate.id().as_str(), "acme.pricing");
/// assert_eq!(testing::component(None).len(), 8);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It fits each world that exports nothing, and is refused for others, since it lacks
/// what they export.
#[must_use]
pub fn component(manifest: Option<&Manifest>) -> Vec<u8> {
    let mut bytes = PREAMBLE.to_vec();
    if let Some(manifest) = manifest {
        let mut section = sized(SECTION_NAME.as_bytes());
        section.extend(encode(manifest));
        // A custom section.
        bytes.push(0);
        bytes.extend(sized(&section));
    }
    bytes
}

/// The bytes behind their number, seven bits of it in a byte.
fn sized(bytes: &[u8]) -> Vec<u8> {
    let mut sized = Vec::with_capacity(bytes.len() + 5);
    let mut left = bytes.len();
    while left >= 0x80 {
        sized.push((left & 0x7f) as u8 | 0x80);
        left >>= 7;
    }
    sized.push(left as u8);
    sized.extend(bytes);
    sized
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidate::Candidate;

    #[test]
    fn a_manifest_of_any_size_is_carried() {
        for length in [0, 10, 100, 200, 5_000, 20_000] {
            let mut manifest = Manifest::new(
                "acme.pricing".parse().expect("an id"),
                "1.2.0".parse().expect("a version"),
            );
            manifest.description = Some("d".repeat(length));
            let bytes = component(Some(&manifest));
            let candidate = Candidate::from_bytes("other", bytes).expect("it is a component");
            assert_eq!(candidate.manifest(), Some(&manifest), "{length}");
        }
        let plain = Candidate::from_bytes("plain", component(None)).expect("it is a component");
        assert_eq!((plain.id().as_str(), plain.manifest()), ("plain", None));
        assert_eq!((plain.imports().count(), plain.exports().count()), (0, 0));
    }
}
