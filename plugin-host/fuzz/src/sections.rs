//! Mutates components section by section, so that their sizes stay right: bytes
//! put in anywhere would be refused at once. Knows nothing of what is in a section.

use fastrand::Rng;
use wasm_encoder::{RawSection, Section};
use wasmparser::{BinaryReader, BinaryReaderError};

/// How much a section may grow in one mutation.
const GROWTH: usize = 64;

/// The preamble of a component, and sections in one that are binaries in turn.
const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
const NESTED: [u8; 2] = [1, 4];

/// The fuzzer's own way to mutate, `libfuzzer_sys::fuzzer_mutate`.
pub type Mutate = fn(data: &mut [u8], size: usize, max_size: usize) -> usize;

/// A binary, taken apart.
struct Binary {
    preamble: Vec<u8>,
    sections: Vec<(u8, Vec<u8>)>,
}

/// Mutates the first `size` bytes of `data` in place, for `fuzz_mutator!`.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32, plain: Mutate) -> usize {
    let mut rng = Rng::with_seed(seed.into());
    // The plain way now and then: preambles and sizes are to be wrong, too.
    if rng.u8(..4) > 0
        && let Some(changed) = change(&data[..size], &mut rng, plain)
        && changed.len() <= max_size
    {
        data[..changed.len()].copy_from_slice(&changed);
        return changed.len();
    }
    plain(data, size, max_size)
}

/// Puts a section of `other` into `data`, for `fuzz_crossover!`.
pub fn splice(data: &[u8], other: &[u8], out: &mut [u8], seed: u32) -> usize {
    let mut rng = Rng::with_seed(seed.into());
    let joined = join(data, other, &mut rng).filter(|joined| joined.len() <= out.len());
    let result = joined.as_deref().unwrap_or(data);
    let len = result.len().min(out.len());
    out[..len].copy_from_slice(&result[..len]);
    len
}

fn change(bytes: &[u8], rng: &mut Rng, plain: Mutate) -> Option<Vec<u8>> {
    let mut binary = Binary::read(bytes).ok()?;
    let count = binary.sections.len();
    if count == 0 {
        return None;
    }
    let (at, other) = (rng.usize(..count), rng.usize(..count));
    match rng.u8(..8) {
        0 => drop(binary.sections.remove(at)),
        1 => binary.sections.insert(other, binary.sections[at].clone()),
        2 => binary.sections.swap(at, other),
        _ => {
            let nested = binary.nests(at);
            let contents = &mut binary.sections[at].1;
            let inner = nested.then(|| change(contents, rng, plain)).flatten();
            *contents = inner.unwrap_or_else(|| change_raw(contents, plain));
        }
    }
    Some(binary.write())
}

fn change_raw(contents: &[u8], plain: Mutate) -> Vec<u8> {
    let size = contents.len();
    let mut changed = contents.to_vec();
    changed.resize(size + GROWTH, 0);
    let size = plain(&mut changed, size, size + GROWTH);
    changed.truncate(size);
    changed
}

fn join(data: &[u8], other: &[u8], rng: &mut Rng) -> Option<Vec<u8>> {
    let mut binary = Binary::read(data).ok()?;
    let other = Binary::read(other).ok()?;
    let from = rng.choice(&other.sections)?.clone();
    let at = rng.usize(..=binary.sections.len());
    if rng.bool() && at < binary.sections.len() {
        binary.sections[at] = from;
    } else {
        binary.sections.insert(at, from);
    }
    Some(binary.write())
}

impl Binary {
    fn read(bytes: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut reader = BinaryReader::new(bytes, 0);
        let preamble = reader.read_bytes(COMPONENT.len())?.to_vec();
        let mut sections = Vec::new();
        while !reader.eof() {
            let id = reader.read_u8()?;
            let size = reader.read_var_u32()? as usize;
            sections.push((id, reader.read_bytes(size)?.to_vec()));
        }
        Ok(Self { preamble, sections })
    }

    fn write(&self) -> Vec<u8> {
        let mut bytes = self.preamble.clone();
        for (id, data) in &self.sections {
            RawSection { id: *id, data }.append_to(&mut bytes);
        }
        bytes
    }

    fn nests(&self, at: usize) -> bool {
        self.preamble == COMPONENT && NESTED.contains(&self.sections[at].0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_apart_is_put_together_as_it_was() {
        let text = "(component (core module (func)) (component) (type (list u8)))";
        let bytes = wat::parse_str(text).expect("the text is a component");
        let binary = Binary::read(&bytes).expect("it has sections");
        assert_eq!(binary.sections.len(), 3);
        assert!(binary.nests(0) && binary.nests(1) && !binary.nests(2));
        assert_eq!(binary.write(), bytes);
    }
}
