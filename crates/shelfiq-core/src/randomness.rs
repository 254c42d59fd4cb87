//! Chance as an argument: whoever needs a new id or a secret takes a [`Randomness`].

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// Gives random bytes. The binary passes the operating system's generator, tests a [`SeededRandomness`].
pub trait Randomness: Send + Sync {
    /// Fills `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]);

    /// A new id that sorts by time (UUID version 7, RFC 9562 section 5.7).
    fn next_uuid(&self, now: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        Builder::from_unix_timestamp_millis(now.timestamp_millis().max(0).unsigned_abs(), &random).into_uuid()
    }
}

/// Repeatable bytes from a seed (SplitMix64). For tests and simulations, never for secrets.
#[derive(Debug)]
pub struct SeededRandomness(Mutex<u64>);

impl SeededRandomness {
    /// The sequence that belongs to `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut word = *state;
            word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            word ^= word >> 31;
            chunk.copy_from_slice(&word.to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_later_instants_sort_later_and_the_seed_decides_them() {
        let at = |second: i64| DateTime::from_timestamp(second, 0).unwrap();
        let (one, two) = (SeededRandomness::new(7), SeededRandomness::new(7));
        let first = one.next_uuid(at(1));
        assert!(first < one.next_uuid(at(2)));
        assert_eq!(first, two.next_uuid(at(1)));
        assert_eq!(first.get_version_num(), 7);
    }
}
