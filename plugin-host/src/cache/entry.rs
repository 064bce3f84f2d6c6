//! The bytes of an entry: a header that says what follows, and compiled code.
//! Knows nothing of where they are kept.

use super::key::Key;
use crate::digest::Digest;
use sha2::{Digest as _, Sha256};
use std::io::{self, Read, Write};

const MAGIC: &[u8; 8] = b"plughost";

/// Of the header. What follows it is for the engine to tell.
const FORMAT: u32 = 1;

/// Magic, format, component, engine, length and digest.
pub(super) const HEADER: usize = 8 + 4 + 32 + 32 + 8 + 32;

/// How much is copied at a time: little enough to stay in the processor's cache.
const CHUNK: usize = 64 * 1024;

/// Why an entry is not used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Flaw {
    #[error("it was written by another version of this library, or is no entry")]
    Format,
    #[error("it is another entry's")]
    Key,
    #[error("its length is not what it says")]
    Length,
    #[error("its code is damaged")]
    Digest,
    #[error("{0}")]
    Io(io::Error),
}

/// What comes before the code.
pub(super) fn header(key: &Key, code: &[u8]) -> Vec<u8> {
    let mut header = Vec::with_capacity(HEADER);
    header.extend(MAGIC);
    header.extend(FORMAT.to_le_bytes());
    header.extend(key.component.as_bytes());
    header.extend(key.engine.as_bytes());
    header.extend((code.len() as u64).to_le_bytes());
    header.extend(Digest::of(code).as_bytes());
    header
}

/// Copies the code of an entry of `size` bytes, and says whether all of it is as
/// it was written, under this key. What is copied is what is checked.
pub(super) fn copy(
    mut from: impl Read,
    size: u64,
    key: &Key,
    mut into: impl Write,
) -> Result<(), Flaw> {
    let mut head = [0; HEADER];
    from.read_exact(&mut head).map_err(short)?;
    let (magic, rest) = split::<8>(&head);
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
    if length.checked_add(HEADER as u64) != Some(size) {
        return Err(Flaw::Length);
    }
    let mut left = length;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    while left > 0 {
        let most = left.min(CHUNK as u64) as usize;
        let chunk = &mut chunk[..most];
        from.read_exact(chunk).map_err(short)?;
        hasher.update(&chunk);
        into.write_all(chunk).map_err(Flaw::Io)?;
        left -= most as u64;
    }
    if hasher.finalize().as_slice() != rest {
        return Err(Flaw::Digest);
    }
    Ok(())
}

fn split<const N: usize>(bytes: &[u8]) -> (&[u8; N], &[u8]) {
    bytes.split_first_chunk().expect("it is part of the header")
}

fn short(error: io::Error) -> Flaw {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Flaw::Length,
        _ => Flaw::Io(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &[u8] = b"some code, and then some more of it";

    fn key() -> Key {
        Key {
            component: Digest::of(b"component"),
            engine: Digest::of(b"engine"),
        }
    }

    fn entry() -> Vec<u8> {
        [&header(&key(), CODE), CODE].concat()
    }

    fn read(bytes: &[u8]) -> Result<Vec<u8>, Flaw> {
        read_as(bytes, bytes.len() as u64, &key())
    }

    fn read_as(bytes: &[u8], size: u64, key: &Key) -> Result<Vec<u8>, Flaw> {
        let mut code = Vec::new();
        copy(bytes, size, key, &mut code).map(|()| code)
    }

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        assert_eq!(read(&entry()).expect("it is whole"), CODE);
        let empty = header(&key(), b"");
        assert_eq!(read(&empty).expect("it is whole"), b"");
        for length in [CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let code: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            let entry = [&*header(&key(), &code), &*code].concat();
            assert_eq!(read(&entry).expect("it is whole"), code);
        }
    }

    #[test]
    fn no_bit_of_an_entry_may_change() {
        let good = entry();
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            let flaw = read(&bad).expect_err("it is damaged");
            let expected = match bit / 8 {
                0..12 => "it was written by another version of this library, or is no entry",
                12..76 => "it is another entry's",
                76..84 => "its length is not what it says",
                _ => "its code is damaged",
            };
            assert_eq!(flaw.to_string(), expected, "bit {bit}");
        }
    }

    #[test]
    fn an_entry_may_not_be_shorter_or_longer() {
        let good = entry();
        for length in 0..good.len() {
            let flaw = read(&good[..length]).expect_err("it is cut short");
            assert!(matches!(flaw, Flaw::Length), "{length}: {flaw}");
        }
        let mut long = good.clone();
        long.push(0);
        assert!(matches!(read(&long), Err(Flaw::Length)));
        // Cut short since its size was asked for.
        let size = good.len() as u64;
        let short = read_as(&good[..good.len() - 1], size, &key());
        assert!(matches!(short, Err(Flaw::Length)));
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
