//! How an envelope is written: one JSON object under the names of CloudEvents 1.0.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_core::{EventId, ImportId, MerchantId};

use crate::{Envelope, EventKind};

/// An envelope that could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// Writing failed.
    #[error("failed to write event `{id}`")]
    Encode {
        /// Which event.
        id: EventId,
        /// What the encoder said.
        source: serde_json::Error,
    },
    /// The bytes are no envelope, or of a type or version that this release does not know.
    #[error("failed to read an event: not an envelope of a known type and version")]
    Decode {
        /// What the decoder said.
        source: serde_json::Error,
    },
}

const SPEC_VERSION: &str = "1.0";

#[derive(Serialize)]
struct Writing<'a> {
    specversion: &'static str,
    id: EventId,
    source: &'a str,
    time: DateTime<Utc>,
    subject: &'a str,
    merchant: MerchantId,
    #[serde(skip_serializing_if = "Option::is_none")]
    import: Option<ImportId>,
    #[serde(flatten)]
    kind: &'a EventKind,
}

#[derive(Deserialize)]
struct Reading {
    id: EventId,
    source: String,
    time: DateTime<Utc>,
    subject: String,
    merchant: MerchantId,
    import: Option<ImportId>,
    #[serde(rename = "type")]
    type_name: String,
    data: Box<serde_json::value::RawValue>,
}

/// Writes an envelope as one JSON object without line breaks.
///
/// # Errors
/// [`CodecError::Encode`] if a value cannot be written (a signal that is not a finite number).
pub fn encode(envelope: &Envelope) -> Result<Vec<u8>, CodecError> {
    let writing = Writing {
        specversion: SPEC_VERSION,
        id: envelope.id,
        source: &envelope.source,
        time: envelope.time,
        subject: &envelope.subject,
        merchant: envelope.merchant,
        import: envelope.import,
        kind: &envelope.kind,
    };
    serde_json::to_vec(&writing).map_err(|source| CodecError::Encode { id: envelope.id, source })
}

/// Reads an envelope of any released version.
///
/// # Errors
/// [`CodecError::Decode`] if the bytes are not an envelope of a known type and version.
pub fn decode(bytes: &[u8]) -> Result<Envelope, CodecError> {
    let decode_error = |source| CodecError::Decode { source };
    let reading: Reading = serde_json::from_slice(bytes).map_err(decode_error)?;
    let kind = decode_kind(&reading.type_name, reading.data.get()).map_err(decode_error)?;
    let Reading { id, source, time, subject, merchant, import, .. } = reading;
    Ok(Envelope { id, source, time, subject, merchant, import, kind })
}

/// The raw text of `data` is parsed once, straight into its type: no detour over a tree of values.
fn decode_kind(type_name: &str, data: &str) -> Result<EventKind, serde_json::Error> {
    use serde::de::Error;
    Ok(match type_name {
        "order.placed.v1" => EventKind::OrderPlaced(serde_json::from_str(data)?),
        "order.cancelled.v1" => EventKind::OrderCancelled(serde_json::from_str(data)?),
        "order.refunded.v1" => EventKind::OrderRefunded(serde_json::from_str(data)?),
        "price.observed.v1" => EventKind::PriceObserved(serde_json::from_str(data)?),
        "stock.observed.v1" => EventKind::StockObserved(serde_json::from_str(data)?),
        "cost.observed.v1" => EventKind::CostObserved(serde_json::from_str(data)?),
        "review.observed.v1" => EventKind::ReviewObserved(serde_json::from_str(data)?),
        "listing.observed.v1" => EventKind::ListingObserved(serde_json::from_str(data)?),
        "traffic.observed.v1" => EventKind::TrafficObserved(serde_json::from_str(data)?),
        "signal.observed.v1" => EventKind::SignalObserved(serde_json::from_str(data)?),
        "import.finished.v1" => EventKind::ImportFinished(serde_json::from_str(data)?),
        "import.undone.v1" => EventKind::ImportUndone(serde_json::from_str(data)?),
        unknown => return Err(serde_json::Error::custom(format_args!("unknown event type `{unknown}`"))),
    })
}
