//! How keys are laid out in the store: merchant first, numbers big-endian, so that key order is log order.

use shelfiq_core::{ImportId, MerchantId};
use uuid::Uuid;

use crate::{ContentHash, LogError, Offset, PartitionId, RowKey, RowRecord};

const MERCHANT_BYTES: usize = 16;
const RECORD_KEY_BYTES: usize = MERCHANT_BYTES + 2 + 8;

/// Key of an event: merchant, partition, offset.
pub(crate) fn record(merchant: MerchantId, partition: PartitionId, offset: Offset) -> [u8; RECORD_KEY_BYTES] {
    let mut key = [0; RECORD_KEY_BYTES];
    key[..16].copy_from_slice(merchant.as_uuid().as_bytes());
    key[16..18].copy_from_slice(&partition.0.to_be_bytes());
    key[18..].copy_from_slice(&offset.0.to_be_bytes());
    key
}

/// The offset at the end of an event's key.
pub(crate) fn offset_of(key: &[u8]) -> Option<Offset> {
    let bytes: [u8; RECORD_KEY_BYTES] = key.try_into().ok()?;
    let offset: [u8; 8] = bytes[18..].try_into().ok()?;
    Some(Offset(u64::from_be_bytes(offset)))
}

/// Key of a checkpoint: merchant, partition, consumer.
pub(crate) fn checkpoint(consumer: &str, merchant: MerchantId, partition: PartitionId) -> Vec<u8> {
    [merchant.as_uuid().as_bytes().as_slice(), &partition.0.to_be_bytes(), consumer.as_bytes()].concat()
}

/// Key of an index entry: merchant, row.
pub(crate) fn row(merchant: MerchantId, row: RowKey) -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(merchant.as_uuid().as_bytes());
    key[16..].copy_from_slice(&row.0);
    key
}

/// The row at the end of an index key.
pub(crate) fn row_of(key: &[u8]) -> Result<RowKey, LogError> {
    key.get(16..).and_then(|row| row.try_into().ok()).map(RowKey).ok_or(LogError::CorruptEntry { what: "dedupe index" })
}

pub(crate) fn row_record_bytes(record: RowRecord) -> [u8; 32] {
    let mut value = [0; 32];
    value[..16].copy_from_slice(&record.content.0);
    value[16..].copy_from_slice(record.import.as_uuid().as_bytes());
    value
}

pub(crate) fn row_record(value: &[u8]) -> Result<RowRecord, LogError> {
    let damaged = LogError::CorruptEntry { what: "dedupe index" };
    let Ok(bytes) = <[u8; 32]>::try_from(value) else { return Err(damaged) };
    let (content, import) = bytes.split_at(16);
    match (content.try_into(), Uuid::from_slice(import)) {
        (Ok(content), Ok(import)) => {
            Ok(RowRecord { content: ContentHash(content), import: ImportId::from_uuid(import) })
        }
        _ => Err(damaged),
    }
}

/// The partition of a subject: stable across releases, since the order of a subject's events hangs on it.
pub(crate) fn partition_of(subject: &str, partition_count: u16) -> PartitionId {
    let slot = crc32fast::hash(subject.as_bytes()) % u32::from(partition_count);
    PartitionId(u16::try_from(slot).expect("a remainder is smaller than its 16-bit divisor"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn key_order_is_log_order(merchant in any::<u128>(), left in any::<(u16, u64)>(), right in any::<(u16, u64)>()) {
            let merchant = MerchantId::from_uuid(Uuid::from_u128(merchant));
            let key = |(partition, offset)| record(merchant, PartitionId(partition), Offset(offset));
            prop_assert_eq!(key(left).cmp(&key(right)), left.cmp(&right));
            prop_assert_eq!(offset_of(&key(left)), Some(Offset(left.1)));
        }
    }

    #[test]
    fn a_subject_keeps_its_partition_forever() {
        let partitions = ["536365", "85123A", "C536379", ""].map(|subject| partition_of(subject, 4).0);
        assert_eq!(partitions, [1, 1, 2, 0], "a change here would tear the order of stored subjects apart");
    }
}
