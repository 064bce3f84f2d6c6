//! `wasi:random`. Without a grant its numbers are the same in every run.

use crate::digest::Digest;
use crate::services::Services;
use chacha20::ChaCha20Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use plugin_host_manifest::Random;
use sha2::{Digest as _, Sha256};
use std::io;
use wasmtime_wasi::p2::bindings::random::{insecure, insecure_seed, random};

/// The random numbers of one instance: `ChaCha20` of its seed, whose stream 0 are
/// the numbers, and the first two of stream 1 the insecure seed.
pub(in crate::services) struct Generator {
    seed: Seed,
    /// Made for the first number that is asked for: few instances ask for any, and
    /// hashing takes a tenth of their start.
    seeded: Option<ChaCha20Rng>,
    secure: bool,
}

/// What an instance's random numbers come from: the same in every run for the same
/// component and number of the instance.
#[derive(Clone, Copy)]
pub(crate) struct Seed {
    pub(crate) component: Digest,
    pub(crate) instance: u64,
}

impl Seed {
    fn stream(self, stream: u64) -> ChaCha20Rng {
        let mut hash = Sha256::new();
        hash.update(b"plugin-host instance seed 1");
        hash.update(self.component.as_bytes());
        hash.update(self.instance.to_le_bytes());
        let mut generator = ChaCha20Rng::from_seed(hash.finalize().into());
        generator.set_stream(stream);
        generator
    }
}

impl Generator {
    pub(in crate::services) fn new(granted: Random, seed: Seed) -> Self {
        Self {
            seed,
            seeded: None,
            secure: granted == Random::Secure,
        }
    }

    fn seeded(&mut self) -> &mut ChaCha20Rng {
        self.seeded.get_or_insert_with(|| self.seed.stream(0))
    }

    fn fill(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        if self.secure {
            getrandom::fill(bytes).map_err(|error| {
                io::Error::other(format!("the system has no random numbers: {error}"))
            })
        } else {
            self.seeded().fill_bytes(bytes);
            Ok(())
        }
    }
}

impl random::Host for Services {
    fn get_random_bytes(&mut self, len: u64) -> wasmtime::Result<Vec<u8>> {
        self.meter.enter_service(len)?;
        let mut bytes = zeroes(len)?;
        self.random.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn get_random_u64(&mut self) -> wasmtime::Result<u64> {
        self.meter.enter_service(8)?;
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }
}

impl insecure::Host for Services {
    fn get_insecure_random_bytes(&mut self, len: u64) -> wasmtime::Result<Vec<u8>> {
        self.meter.enter_service(len)?;
        let mut bytes = zeroes(len)?;
        self.random.seeded().fill_bytes(&mut bytes);
        Ok(bytes)
    }

    fn get_insecure_random_u64(&mut self) -> wasmtime::Result<u64> {
        self.meter.enter_service(8)?;
        Ok(self.random.seeded().next_u64())
    }
}

impl insecure_seed::Host for Services {
    fn insecure_seed(&mut self) -> wasmtime::Result<(u64, u64)> {
        self.meter.enter_service(16)?;
        let mut seeds = self.random.seed.stream(1);
        Ok((seeds.next_u64(), seeds.next_u64()))
    }
}

/// Room for `len` random bytes. The guest chose the length, within what it may
/// hand over or ask for at once.
fn zeroes(len: u64) -> io::Result<Vec<u8>> {
    let len = usize::try_from(len).map_err(|_| io::ErrorKind::OutOfMemory)?;
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(len)
        .map_err(|_| io::ErrorKind::OutOfMemory)?;
    bytes.resize(len, 0);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generator(granted: Random, instance: u64) -> Generator {
        let component = Digest::of(b"component");
        Generator::new(
            granted,
            Seed {
                component,
                instance,
            },
        )
    }

    fn numbers(mut generator: Generator) -> [u8; 8] {
        let mut bytes = [0; 8];
        let filled = generator.fill(&mut bytes);
        filled.expect("the system has random numbers");
        bytes
    }

    #[test]
    fn seeded_numbers_are_the_same_in_every_run_and_others_in_each_instance() {
        let numbers = |instance| numbers(generator(Random::Seeded, instance));
        // By ChaCha20 and SHA-256 of another implementation.
        let expected = [0x09, 0xc1, 0x5f, 0x66, 0xc9, 0x2c, 0xce, 0xf6];
        assert_eq!(numbers(0), expected);
        assert_ne!(numbers(0), numbers(1));
    }

    #[test]
    fn secure_numbers_do_not_come_from_the_seed() {
        let numbers = || numbers(generator(Random::Secure, 0));
        assert_ne!(numbers(), numbers());
    }
}
