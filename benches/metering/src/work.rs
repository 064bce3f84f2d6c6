//! The jobs: what they work on, and what they do.

use sha2::{Digest, Sha256};

const NUMBERS: usize = 1_000_000;
const HASHED: usize = 64 * 1024 * 1024;
const JSON: usize = 10_000_000;
const SIDE: usize = 2_048;

/// How far a pixel spreads, to each side.
const SPREAD: usize = 4;

/// One job with what it works on.
pub enum Work {
    /// Sorts numbers.
    Sort(Vec<u64>),
    /// Hashes bytes.
    Hash(Vec<u8>),
    /// Parses JSON.
    Parse(String),
    /// Blurs a picture of `SIDE` by `SIDE` pixels, one byte each.
    Blur(Vec<u8>),
}

impl Work {
    /// Sorts a million numbers.
    #[must_use]
    pub fn sort() -> Self {
        Self::Sort(numbers().take(NUMBERS).collect())
    }

    /// Hashes 64 MiB.
    #[must_use]
    pub fn hash() -> Self {
        Self::Hash(bytes(HASHED))
    }

    /// Parses ten megabytes of JSON.
    #[must_use]
    pub fn parse() -> Self {
        let mut text = String::from("[");
        for number in numbers() {
            let id = number % 1_000_000;
            text += &format!(
                r#"{{"id":{id},"title":"Brass lamp no. {id}","price":{}.5,"tags":["light","brass"],"sold":false}}"#,
                number % 1_000
            );
            if text.len() >= JSON {
                break;
            }
            text.push(',');
        }
        Self::Parse(text + "]")
    }

    /// Blurs a picture of four million pixels.
    #[must_use]
    pub fn blur() -> Self {
        Self::Blur(bytes(SIDE * SIDE))
    }

    /// Does the job, and sums up what came of it.
    ///
    /// # Panics
    ///
    /// Never: the JSON is JSON.
    #[must_use]
    pub fn run(&self) -> u64 {
        match self {
            Self::Sort(numbers) => {
                let mut sorted = numbers.clone();
                sorted.sort_unstable();
                sorted.iter().step_by(1_000).fold(0, |sum, n| sum ^ n)
            }
            Self::Hash(bytes) => {
                let digest = Sha256::digest(bytes);
                u64::from_le_bytes(*digest.first_chunk().expect("it has 32 bytes"))
            }
            Self::Parse(text) => {
                let parsed: serde_json::Value = serde_json::from_str(text).expect("it is JSON");
                parsed.as_array().map_or(0, Vec::len) as u64
            }
            Self::Blur(picture) => blurred(picture),
        }
    }
}

/// Blurs the columns, then sums up. Each line is a sum of whole lines, which
/// becomes SIMD both natively and in the plugin, where that is turned on for this
/// function alone.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn blurred_lines(picture: &[u8], lines: &mut [u16]) {
    for (at, line) in lines.chunks_exact_mut(SIDE).enumerate() {
        let first = at.saturating_sub(SPREAD);
        let last = (at + SPREAD).min(SIDE - 1);
        for from in picture[first * SIDE..(last + 1) * SIDE].chunks_exact(SIDE) {
            for (sum, pixel) in line.iter_mut().zip(from) {
                *sum += u16::from(*pixel);
            }
        }
    }
}

fn blurred(picture: &[u8]) -> u64 {
    let mut lines = vec![0; picture.len()];
    blurred_lines(picture, &mut lines);
    lines.iter().map(|sum| u64::from(*sum)).sum()
}

fn bytes(count: usize) -> Vec<u8> {
    let eight = numbers().flat_map(u64::to_le_bytes);
    eight.take(count).collect()
}

/// The same numbers each time.
fn numbers() -> impl Iterator<Item = u64> {
    let mut state = 7_u64;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    })
}
