//! Names a component by its bytes.

use sha2::{Digest as _, Sha256};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::str::FromStr;

/// The SHA-256 of a component's bytes, written `sha256:` and 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Hashes `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Hashes what is read, and hands it on.
    pub(crate) fn of_read(mut from: impl Read, mut into: impl Write) -> io::Result<Self> {
        // Little enough to stay in the processor's cache.
        let mut chunk = vec![0; 64 * 1024];
        let mut hasher = Sha256::new();
        loop {
            match from.read(&mut chunk) {
                Ok(0) => return Ok(Self(hasher.finalize().into())),
                Ok(count) => {
                    hasher.update(&chunk[..count]);
                    into.write_all(&chunk[..count])?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Hashes what a value hashes, which may differ from one version of Rust to
    /// the next.
    pub(crate) fn of_hashed(value: impl Hash) -> Self {
        let mut hasher = Collector(Sha256::new());
        value.hash(&mut hasher);
        Self(hasher.0.finalize().into())
    }

    /// The digest of these bytes, which were one once.
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 64 digits alone.
    pub(crate) fn hex(&self) -> String {
        self.to_string().split_off("sha256:".len())
    }

    /// The 32 bytes of the hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Takes what a value hashes.
struct Collector(Sha256);

impl Hasher for Collector {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        unreachable!("a value that is hashed reads no hash")
    }
}

/// Reads a digest as it is written: `sha256:` and 64 lower-case hex digits.
impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let hex = text.strip_prefix("sha256:").ok_or(DigestError::Algorithm)?;
        let digit = |byte| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(DigestError::Digits),
        };
        let (pairs, []) = hex.as_bytes().as_chunks::<2>() else {
            return Err(DigestError::Digits);
        };
        let bytes: Vec<u8> = pairs
            .iter()
            .map(|[high, low]| Ok(digit(*high)? << 4 | digit(*low)?))
            .collect::<Result<_, _>>()?;
        bytes.try_into().map(Self).map_err(|_| DigestError::Digits)
    }
}

/// Why a text is not a [`Digest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DigestError {
    /// It does not say `sha256:` at its start.
    #[error("a digest starts with `sha256:`")]
    Algorithm,
    /// What follows is not the hash.
    #[error("64 hex digits, in lower case, follow `sha256:`")]
    Digits,
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_as_sha256sum_writes_it() {
        assert_eq!(
            Digest::of(b"abc").to_string(),
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn what_is_read_is_hashed_and_handed_on() {
        for length in [0, 1, 65_535, 65_536, 65_537, 200_000] {
            let bytes: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            let mut copy = Vec::new();
            let digest = Digest::of_read(&*bytes, &mut copy).expect("it is in memory");
            assert_eq!(digest, Digest::of(&bytes), "{length}");
            assert_eq!(copy, bytes, "{length}");
        }
    }

    #[test]
    fn a_digest_is_read_as_it_is_written() {
        let digest = Digest::of(b"abc");
        assert_eq!(digest.to_string().parse(), Ok(digest));
        let (all, short) = ("sha256:".to_owned() + &"0".repeat(64), "sha256:00");
        let message = |text: &str| text.parse::<Digest>().expect_err(text).to_string();
        for text in ["", "sha512:00", &all.to_uppercase()] {
            assert_eq!(message(text), "a digest starts with `sha256:`");
        }
        for text in [
            "sha256:",
            short,
            &format!("{all}0"),
            &format!("{all}00"),
            &all.replace("00", "0A"),
            &all.replace("00", "é"),
        ] {
            assert_eq!(
                message(text),
                "64 hex digits, in lower case, follow `sha256:`"
            );
        }
    }
}
