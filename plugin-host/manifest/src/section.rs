//! The custom section that carries a manifest inside a component. Trusts no
//! byte: whoever built the plugin chose them all.
//!
//! The section is the format version and the length of the JSON text, each a
//! little-endian `u32`, and then the text.

use crate::Manifest;

/// The name of the custom section.
pub const SECTION_NAME: &str = "plugin-host:manifest";

/// The format that this crate writes and reads.
pub const FORMAT_VERSION: u32 = 1;

/// The largest section that is read, in bytes.
pub const MAX_SECTION_BYTES: usize = 64 * 1024;

const HEADER_BYTES: usize = 8;

/// How much of the JSON parser's message is kept: it repeats the guest's text.
const MAX_REASON_CHARS: usize = 200;

/// The bytes of the custom section for a manifest.
///
/// # Panics
///
/// When the manifest takes 4 GiB or more.
#[must_use]
pub fn encode(manifest: &Manifest) -> Vec<u8> {
    let json = serde_json::to_vec(manifest)
        .expect("a manifest holds only strings, numbers, and maps with string keys");
    let len = u32::try_from(json.len()).expect("a manifest is far shorter than 4 GiB");
    [&FORMAT_VERSION.to_le_bytes()[..], &len.to_le_bytes(), &json].concat()
}

/// Reads the bytes of the custom section. Never panics on any bytes, and refuses
/// a section above [`MAX_SECTION_BYTES`] before it reads it. How deeply JSON
/// nests is bounded by `serde_json`'s recursion limit.
///
/// # Errors
///
/// When the bytes are not exactly one manifest in this format.
pub fn decode(section: &[u8]) -> Result<Manifest, SectionError> {
    if section.len() > MAX_SECTION_BYTES {
        return Err(SectionError::TooLarge {
            size: section.len(),
        });
    }
    let truncated = |expected| SectionError::Truncated {
        expected,
        found: section.len(),
    };
    let (version, rest) = section
        .split_first_chunk()
        .ok_or(truncated(HEADER_BYTES as u64))?;
    let (len, text) = rest
        .split_first_chunk()
        .ok_or(truncated(HEADER_BYTES as u64))?;
    // A later format may mean something else by the rest of the header.
    match u32::from_le_bytes(*version) {
        0 => return Err(SectionError::Malformed),
        FORMAT_VERSION => {}
        found => return Err(SectionError::NewerFormat { found }),
    }
    // The length may reach past `usize` where that has 32 bits.
    let expected = u64::from(u32::from_le_bytes(*len)) + HEADER_BYTES as u64;
    let found = section.len() as u64;
    if expected > found {
        return Err(truncated(expected));
    }
    if expected < found {
        return Err(SectionError::SecondManifest {
            extra: found - expected,
        });
    }
    let text = str::from_utf8(text).map_err(|error| SectionError::NotUtf8 {
        valid_up_to: error.valid_up_to(),
    })?;
    serde_json::from_str(text).map_err(|error| SectionError::Invalid {
        reason: printable(&error.to_string()),
    })
}

/// Takes from a text what could fill a log or drive a terminal.
fn printable(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(MAX_REASON_CHARS) {
        match c {
            // Already escaped where it matters, and harmless elsewhere.
            '"' | '\'' | '\\' => out.push(c),
            _ => out.extend(c.escape_debug()),
        }
    }
    out
}

/// Why the bytes of a custom section are not a manifest. The plugin is to
/// blame, but for [`NewerFormat`](Self::NewerFormat).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SectionError {
    /// The section is too large to be looked at.
    #[error(
        "the manifest section has {size} bytes and may have {MAX_SECTION_BYTES}: shorten its texts"
    )]
    TooLarge {
        /// What the section takes.
        size: usize,
    },
    /// The section ends before the manifest does.
    #[error(
        "the manifest section is truncated: expected {expected} bytes, found {found}; rebuild the plugin"
    )]
    Truncated {
        /// What the section would have to take.
        expected: u64,
        /// What the section takes.
        found: usize,
    },
    /// The section does not start with a format version.
    #[error("the manifest section is malformed: there is no format version 0; rebuild the plugin")]
    Malformed,
    /// The plugin was built with a later SDK than the host knows.
    #[error(
        "the manifest has format version {found}, and this host reads {FORMAT_VERSION}: \
         upgrade the host, or build the plugin with an older plugin-sdk"
    )]
    NewerFormat {
        /// The format version that the section has.
        found: u32,
    },
    /// Bytes follow the manifest. The linker joins sections of one name, so they
    /// come from another manifest.
    #[error(
        "the manifest section has {extra} bytes after the manifest: \
         a plugin can have only one, so remove the second from its dependencies"
    )]
    SecondManifest {
        /// How many bytes follow.
        extra: u64,
    },
    /// The text is not UTF-8.
    #[error("the manifest is not UTF-8 after byte {valid_up_to}: rebuild the plugin")]
    NotUtf8 {
        /// How many bytes of the text are UTF-8.
        valid_up_to: usize,
    },
    /// The text is not JSON, or not a manifest.
    #[error(
        "the manifest is invalid, so rebuild the plugin with a plugin-sdk that fits this host: {reason}"
    )]
    Invalid {
        /// What the JSON parser says, escaped and cut to 200 characters.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new(
            "acme.pricing".parse().expect("an id"),
            "1.2.0-rc.1+b".parse().expect("a version"),
        );
        manifest.name = Some("Ácme \"pricing\"\n".into());
        manifest.description = Some(String::new());
        manifest.authors = vec!["Ann".into()];
        manifest.license = Some("MIT".into());
        manifest.priority = i32::MIN;
        let range = ">=1.2, <3".parse().expect("a range");
        manifest.host.insert("catalog".into(), range);
        manifest.limits.fuel = Some(u64::MAX);
        manifest.limits.memory_mib = Some(32);
        manifest.limits.deadline_ms = Some(0);
        manifest.capabilities.clock = crate::Clock::Real;
        let data = "/data".parse().expect("a path");
        let directories = &mut manifest.capabilities.directories;
        directories.insert(data, crate::Access::ReadWrite);
        manifest
    }

    fn section(version: u32, text: &[u8]) -> Vec<u8> {
        let len = u32::try_from(text.len()).expect("a short text");
        [&version.to_le_bytes()[..], &len.to_le_bytes(), text].concat()
    }

    #[test]
    fn a_manifest_survives_the_section() {
        assert_eq!(decode(&encode(&manifest())), Ok(manifest()));
    }

    #[test]
    fn optional_parts_take_no_bytes() {
        let short = Manifest::new("a".parse().expect("an id"), semver::Version::new(1, 0, 0));
        let bytes = encode(&short);
        assert_eq!(bytes, section(1, br#"{"id":"a","version":"1.0.0"}"#));
        assert_eq!(decode(&bytes), Ok(short));
    }

    #[test]
    fn a_second_manifest_is_refused() {
        let one = section(1, br#"{"id":"a","version":"1.0.0"}"#);
        let two = [&one[..], &one[..]].concat();
        assert_eq!(
            decode(&two),
            Err(SectionError::SecondManifest { extra: 36 })
        );
    }

    #[test]
    fn the_largest_section_is_read_and_one_byte_more_is_not() {
        let mut text = br#"{"id":"a","version":"1.0.0"}"#.to_vec();
        text.resize(MAX_SECTION_BYTES - HEADER_BYTES, b' ');
        decode(&section(1, &text)).expect("a section of just the limit");
        text.push(b' ');
        let refused = decode(&section(1, &text));
        assert_eq!(
            refused,
            Err(SectionError::TooLarge {
                size: MAX_SECTION_BYTES + 1
            })
        );
    }

    #[test]
    fn every_refusal_says_what_is_wrong_and_what_to_do() {
        let invalid = |reason: &str| {
            format!(
                "the manifest is invalid, so rebuild the plugin with a plugin-sdk that fits this host: {reason}"
            )
        };
        let truncated = |expected: u64, found: usize| {
            format!(
                "the manifest section is truncated: expected {expected} bytes, found {found}; rebuild the plugin"
            )
        };
        let keys = "expected one of `id`, `version`, `name`, `description`, `authors`, `license`, `priority`, `host`, `limits`, `capabilities`";
        let json = |text: &str| section(1, text.as_bytes());
        let deep = format!("{{\"capabilities\":{{\"a\":{}", "[".repeat(60_000));
        let long = format!("{{\"{}\":1}}", "\u{202e}".repeat(9_000));
        let cases = [
            (vec![0; MAX_SECTION_BYTES + 1], "the manifest section has 65537 bytes and may have 65536: shorten its texts".to_owned()),
            (vec![], truncated(8, 0)),
            (vec![2, 0, 0, 0, 0, 0, 0], truncated(8, 7)),
            ([1, 0, 0, 0, 255, 255, 255, 255, b'{'].to_vec(), truncated(4_294_967_303, 9)),
            (section(0, b"{}"), "the manifest section is malformed: there is no format version 0; rebuild the plugin".into()),
            (section(2, b""), "the manifest has format version 2, and this host reads 1: upgrade the host, or build the plugin with an older plugin-sdk".into()),
            ([json("{}"), vec![0; 3]].concat(), "the manifest section has 3 bytes after the manifest: a plugin can have only one, so remove the second from its dependencies".into()),
            (section(1, b"{\"\xff"), "the manifest is not UTF-8 after byte 2: rebuild the plugin".into()),
            (json(""), invalid("EOF while parsing a value at line 1 column 0")),
            (json("{}"), invalid("missing field `id` at line 1 column 2")),
            (json(r#"{"id":"a","version":"1.0.0"}{"#), invalid("trailing characters at line 1 column 29")),
            (json(r#"{"x":1}"#), invalid(&format!("unknown field `x`, {keys} at line 1 column 4"))),
            (json(r#"{"id":"A"}"#), invalid("plugin id \"A\" contains 'A': only lower-case ASCII letters, digits, `-`, `_` and `.` are allowed at line 1 column 10")),
            (json(r#"{"id":"a","id":"a"}"#), invalid("duplicate field `id` at line 1 column 14")),
            (json(r#"{"limits":{"memory-mib":1}}"#), invalid("unknown field `memory-mib`, expected one of `fuel`, `memory_mib`, `deadline_ms` at line 1 column 23")),
            (json(r#"{"capabilities":{"net":true}}"#), invalid("unknown field `net`, expected one of `directories`, `environment`, `clock`, `random`, `stdio`, `config` at line 1 column 22")),
            (json(r#"{"\u001b[2J\u202e":1}"#), invalid(&format!("unknown field `\\u{{1b}}[2J\\u{{202e}}`, {keys} at line 1 column 18"))),
            (json(&deep), invalid("unknown field `a`, expected one of `directories`, `environment`, `clock`, `random`, `stdio`, `config` at line 1 column 20")),
            (json(&long), invalid(&format!("unknown field `{}", r"\u{202e}".repeat(185)))),
        ];
        for (bytes, message) in cases {
            let error = decode(&bytes).expect_err(&message);
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn hostile_bytes_never_panic() {
        let bytes = encode(&manifest());
        for at in 0..bytes.len() {
            decode(&bytes[..at]).expect_err("truncated");
            for flip in 1..=u8::MAX {
                let mut bytes = bytes.clone();
                bytes[at] ^= flip;
                // Many flips leave a manifest, with another letter in a text.
                let _ = decode(&bytes);
            }
        }
    }
}
