//! `wasi:random`. Without a grant its numbers are the same in every run.

use crate::services::Services;
use chacha20::ChaCha20Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use plugin_host_manifest::Random;
use std::io;
use wasmtime_wasi::p2::bindings::random::{insecure, insecure_seed, random};

/// The random numbers of one instance.
pub(in crate::services) struct Generator {
    seeded: ChaCha20Rng,
    insecure_seed: (u64, u64),
    secure: bool,
}

impl Generator {
    /// `ChaCha20` of the seed: stream 0 are the numbers, and the first two of
    /// stream 1 are the insecure seed.
    pub(in crate::services) fn new(granted: Random, seed: [u8; 32]) -> Self {
        let mut seeds = ChaCha20Rng::from_seed(seed);
        seeds.set_stream(1);
        Self {
            seeded: ChaCha20Rng::from_seed(seed),
            insecure_seed: (seeds.next_u64(), seeds.next_u64()),
            secure: granted == Random::Secure,
        }
    }

    fn fill(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        if self.secure {
            getrandom::fill(bytes).map_err(|error| {
                io::Error::other(format!("the system has no random numbers: {error}"))
            })
        } else {
            self.seeded.fill_bytes(bytes);
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
        self.random.seeded.fill_bytes(&mut bytes);
        Ok(bytes)
    }

    fn get_insecure_random_u64(&mut self) -> wasmtime::Result<u64> {
        self.meter.enter_service(8)?;
        Ok(self.random.seeded.next_u64())
    }
}

impl insecure_seed::Host for Services {
    fn insecure_seed(&mut self) -> wasmtime::Result<(u64, u64)> {
        self.meter.enter_service(16)?;
        Ok(self.random.insecure_seed)
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

    #[test]
    fn seeded_numbers_are_those_of_chacha20() {
        let mut generator = Generator::new(Random::Seeded, [0; 32]);
        let mut bytes = [0; 8];
        generator.fill(&mut bytes).expect("no system is asked");
        // The first test vector of RFC 8439 for a key, nonce and counter of zero.
        assert_eq!(bytes, [0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90]);
    }

    #[test]
    fn secure_numbers_do_not_come_from_the_seed() {
        let numbers = || {
            let mut bytes = [0; 16];
            let filled = Generator::new(Random::Secure, [0; 32]).fill(&mut bytes);
            filled.expect("the system has random numbers");
            bytes
        };
        assert_ne!(numbers(), numbers());
    }
}
