//! How one event stands in the store: a format byte, a checksum, the event as JSON.

use crate::keys;
use crate::{LogError, LoggedEvent, Offset, PartitionId, Position};
use shelfiq_core::MerchantId;

const FORMAT: u8 = 1;
const HEADER_BYTES: usize = 5;

/// Frames `json` for the place it will stand at.
///
/// The checksum covers the key as well: a record that was moved is as wrong as one that was changed.
pub(crate) fn frame(key: &[u8], json: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(HEADER_BYTES + json.len());
    value.push(FORMAT);
    value.extend_from_slice(&checksum(key, json).to_be_bytes());
    value.extend_from_slice(json);
    value
}

/// Checks and decodes the record at a place.
pub(crate) fn unframe(merchant: MerchantId, position: Position, value: &[u8]) -> Result<LoggedEvent, LogError> {
    let Position { partition, offset } = position;
    let corrupt = |reason: String| LogError::Corrupt { merchant, partition, offset, reason };
    let [FORMAT, a, b, c, d, json @ ..] = value else {
        return Err(corrupt(format!("unknown record format {:?}", value.first())));
    };
    let key = keys::record(merchant, partition, offset);
    if checksum(&key, json) != u32::from_be_bytes([*a, *b, *c, *d]) {
        return Err(corrupt("the checksum does not match".to_owned()));
    }
    let envelope = shelfiq_events::decode(json).map_err(|error| corrupt(describe(&error)))?;
    if envelope.merchant != merchant {
        return Err(corrupt(format!("it belongs to merchant {}", envelope.merchant)));
    }
    let json = String::from_utf8(json.to_vec()).map_err(|_| corrupt("it is not UTF-8".to_owned()))?;
    Ok(LoggedEvent { position, envelope, json })
}

/// A record that stands where another was expected: the one expected is missing.
pub(crate) fn missing(merchant: MerchantId, partition: PartitionId, expected: Offset, found: Offset) -> LogError {
    let reason = format!("it is missing, the next one is {found}");
    LogError::Corrupt { merchant, partition, offset: expected, reason }
}

fn checksum(key: &[u8], json: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(json);
    hasher.finalize()
}

/// The decoder's own words stand in the source of its error.
fn describe(error: &shelfiq_events::CodecError) -> String {
    use std::error::Error;
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}
