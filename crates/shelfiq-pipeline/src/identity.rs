//! Which row is which, across files and imports.

use std::hash::{DefaultHasher, Hash, Hasher};

use sha2::{Digest, Sha256};
use shelfiq_core::{EventId, ImportId, MerchantId};
use shelfiq_log::{ContentHash, RowKey};
use uuid::Uuid;

/// Hashes texts and numbers one after the other. Each text is closed by a byte that no UTF-8 holds, so that `ab|c` differs
/// from `a|bc`; numbers have a fixed length.
///
/// The hashes are stored for good, so the algorithm must never change, and strangers choose the texts, so it must not be
/// one whose collisions can be made: SHA-256, cut to 128 bits.
#[derive(Clone, Default)]
pub(crate) struct PartHasher(Vec<u8>);

impl PartHasher {
    pub(crate) fn part(mut self, part: &str) -> Self {
        self.add(part);
        self
    }

    pub(crate) fn add(&mut self, part: &str) {
        self.0.extend_from_slice(part.as_bytes());
        self.0.push(0xFF);
    }

    pub(crate) fn add_number(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    pub(crate) fn add_row(&mut self, key: RowKey, content: u128) {
        self.0.extend_from_slice(&key.0);
        self.0.extend_from_slice(&content.to_be_bytes());
    }

    pub(crate) fn finish(self) -> u128 {
        let digest = Sha256::digest(&self.0);
        u128::from_be_bytes(digest[..16].try_into().expect("a SHA-256 digest is longer than 16 bytes"))
    }
}

/// A hash that is compared within one run and never stored: quick, and wide enough not to collide by accident.
pub(crate) fn passing_hash(value: impl Hash) -> u128 {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        (seed, &value).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

/// The key of the n-th row, from 1, with the natural key `base` in its file.
pub(crate) fn row_key(base: u128, occurrence: u32) -> RowKey {
    let key = if occurrence == 1 { base } else { derived(base, &format!("occurrence {occurrence}")) };
    RowKey(key.to_be_bytes())
}

/// Under this key the index remembers how many lines an order has been given numbers for.
pub(crate) fn order_key(order: u128) -> RowKey {
    RowKey(derived(order, "lines of the order").to_be_bytes())
}

/// Under this key the index remembers what `row` was before `import` changed it, so that undoing the import can put it back.
pub(crate) fn before_import_key(row: RowKey, import: ImportId) -> RowKey {
    RowKey(derived(u128::from_be_bytes(row.0), &format!("before {import}")).to_be_bytes())
}

fn derived(base: u128, purpose: &str) -> u128 {
    PartHasher::default().part(&format!("{base:032x}")).part(purpose).finish()
}

/// What the index keeps of a row: a hash of what it says, and the number of its line in its order.
///
/// The number must be kept: a later file may bring an order again with other lines only, and its lines must not take
/// the numbers of the first ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowContent {
    pub(crate) hash: [u8; 12],
    pub(crate) line: u32,
}

impl RowContent {
    pub(crate) fn new(hash: u128, line: u32) -> Self {
        let bytes = hash.to_be_bytes();
        Self { hash: bytes[..12].try_into().expect("12 of 16 bytes"), line }
    }

    pub(crate) fn pack(self) -> ContentHash {
        let mut bytes = [0; 16];
        bytes[..12].copy_from_slice(&self.hash);
        bytes[12..].copy_from_slice(&self.line.to_be_bytes());
        ContentHash(bytes)
    }

    /// Whether it counts the lines of an order and is no row.
    pub(crate) fn is_line_count(self) -> bool {
        self.hash == [0; 12]
    }

    pub(crate) fn unpack(content: ContentHash) -> Self {
        let (hash, line) = content.0.split_at(12);
        Self {
            hash: hash.try_into().expect("12 of 16 bytes"),
            line: u32::from_be_bytes(line.try_into().expect("4 of 16 bytes")),
        }
    }
}

/// The id of an event that says `content` about `subject`: the same fact gets the same id whenever it is read.
pub(crate) fn event_id(merchant: MerchantId, subject: &str, content: u128) -> EventId {
    let name = [subject.as_bytes(), &content.to_be_bytes()].concat();
    EventId::from_uuid(Uuid::new_v5(&merchant.as_uuid(), &name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let hash = |parts: [&str; 2]| PartHasher::default().part(parts[0]).part(parts[1]).finish();
        assert_ne!(hash(["ab", "c"]), hash(["a", "bc"]));
    }

    #[test]
    fn content_and_line_survive_the_index() {
        let content = RowContent::new(u128::MAX / 7, 81);
        assert_eq!(RowContent::unpack(content.pack()), content);
    }
}
