//! What an entry consists of: compiled code, and after it what tells whether it is
//! this entry's. Knows nothing of where it is kept, and does not look at the code.
//!
//! The code comes first, so that the engine can map the file as it is.

use super::key::Key;
use crate::digest::Digest;
use std::io::{self, Read, Seek, SeekFrom};

const MAGIC: &[u8; 8] = b"plughost";

/// Of what follows the code. The code is for the engine to tell.
const FORMAT: u32 = 2;

/// Magic, format, component, engine, length and digest.
pub(super) const TRAILER: usize = 8 + 4 + 32 + 32 + 8 + 32;

/// Why an entry is not used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Flaw {
    #[error("it is cut short, was written by another version of this library, or is no entry")]
    Format,
    #[error("it is another entry's")]
    Key,
    #[error("its length is not what it says")]
    Length,
    #[error("its code is damaged")]
    Digest,
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// What comes after the code.
pub(super) fn trailer(key: &Key, code: &[u8]) -> Vec<u8> {
    let mut trailer = Vec::with_capacity(TRAILER);
    trailer.extend(MAGIC);
    trailer.extend(FORMAT.to_le_bytes());
    trailer.extend(key.component.as_bytes());
    trailer.extend(key.engine.as_bytes());
    trailer.extend((code.len() as u64).to_le_bytes());
    trailer.extend(Digest::of(code).as_bytes());
    trailer
}

/// The length and the digest of the code in an entry of `size` bytes, where it is
/// one under this key.
pub(super) fn code(
    mut entry: impl Read + Seek,
    size: u64,
    key: &Key,
) -> Result<(u64, Digest), Flaw> {
    let start = size.checked_sub(TRAILER as u64).ok_or(Flaw::Format)?;
    entry.seek(SeekFrom::Start(start))?;
    let mut trailer = [0; TRAILER];
    entry.read_exact(&mut trailer).map_err(short)?;
    let (magic, rest) = split::<8>(&trailer);
    let (format, rest) = split::<4>(rest);
    if magic != MAGIC || *format != FORMAT.to_le_bytes() {
        return Err(Flaw::Format);
    }
    let (component, rest) = split::<32>(rest);
    let (engine, rest) = split::<32>(rest);
    if component != key.component.as_bytes() || engine != key.engine.as_bytes() {
        return Err(Flaw::Key);
    }
    let (length, rest) = split::<8>(rest);
    let length = u64::from_le_bytes(*length);
    if length != start {
        return Err(Flaw::Length);
    }
    let (digest, _) = split::<32>(rest);
    Ok((length, Digest::from_bytes(*digest)))
}

fn split<const N: usize>(bytes: &[u8]) -> (&[u8; N], &[u8]) {
    bytes
        .split_first_chunk()
        .expect("it is part of the trailer")
}

/// It was cut short since its size was asked for.
fn short(error: io::Error) -> Flaw {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Flaw::Format,
        _ => Flaw::Io(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    const CODE: &[u8] = b"some code, and then some more of it";

    fn key() -> Key {
        Key {
            component: Digest::of(b"component"),
            engine: Digest::of(b"engine"),
        }
    }

    fn entry() -> Vec<u8> {
        [CODE, &trailer(&key(), CODE)].concat()
    }

    fn read(bytes: &[u8]) -> Result<(u64, Digest), Flaw> {
        read_as(bytes, bytes.len() as u64, &key())
    }

    fn read_as(bytes: &[u8], size: u64, key: &Key) -> Result<(u64, Digest), Flaw> {
        code(Cursor::new(bytes), size, key)
    }

    #[test]
    fn an_entry_tells_of_its_code_what_it_was_written_with() {
        let (length, digest) = read(&entry()).expect("it is whole");
        assert_eq!((length, digest), (CODE.len() as u64, Digest::of(CODE)));
        let (length, digest) = read(&trailer(&key(), b"")).expect("it is whole");
        assert_eq!((length, digest), (0, Digest::of(b"")));
    }

    #[test]
    fn no_bit_of_what_follows_the_code_may_change() {
        let good = entry();
        for bit in CODE.len() * 8..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let expected = match bit / 8 - CODE.len() {
                0..12 => {
                    "it is cut short, was written by another version of this library, \
                     or is no entry"
                }
                12..76 => "it is another entry's",
                76..84 => "its length is not what it says",
                _ => {
                    // What it says is not what the code has.
                    let (_, digest) = read(&bad).expect("it is whole");
                    assert_ne!(digest, Digest::of(CODE), "bit {bit}");
                    continue;
                }
            };
            let flaw = read(&bad).expect_err("it is damaged");
            assert_eq!(flaw.to_string(), expected, "bit {bit}");
        }
    }

    #[test]
    fn an_entry_may_not_be_shorter_or_longer() {
        let good = entry();
        for length in 0..good.len() {
            let flaw = read(&good[..length]).expect_err("it is cut short");
            assert!(matches!(flaw, Flaw::Format), "{length}: {flaw}");
        }
        let long = [&good[..], b"\0"].concat();
        assert!(matches!(read(&long), Err(Flaw::Format)));
        // Code that was put before it, or taken from it.
        let long = [b"\0", &good[..]].concat();
        assert!(matches!(read(&long), Err(Flaw::Length)));
        assert!(matches!(read(&good[1..]), Err(Flaw::Length)));
        // Cut short since its size was asked for.
        let size = good.len() as u64;
        let short = read_as(&good[..good.len() - 1], size, &key());
        assert!(matches!(short, Err(Flaw::Format)));
    }

    #[test]
    fn an_entry_of_another_engine_or_component_is_refused() {
        let (bytes, key) = (entry(), key());
        for other in [
            Key {
                component: Digest::of(b"other"),
                ..key
            },
            Key {
                engine: Digest::of(b"other"),
                ..key
            },
        ] {
            let read = read_as(&bytes, bytes.len() as u64, &other);
            assert!(matches!(read, Err(Flaw::Key)));
        }
    }
}
