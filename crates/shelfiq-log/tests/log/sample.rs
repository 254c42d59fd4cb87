//! Small events with a number in them.

use std::path::Path;

use chrono::DateTime;
use shelfiq_core::{EventId, MerchantId, Quantity, Sku};
use shelfiq_events::{Envelope, EventKind, StockObserved};
use shelfiq_log::{Batch, EmbeddedLog, EventLog, LogConfig, LoggedEvent, Offset, PartitionId};
use uuid::Uuid;

pub(crate) fn merchant() -> MerchantId {
    MerchantId::from_uuid(Uuid::from_u128(1))
}

/// The `number`-th event, about one of 16 subjects.
pub(crate) fn event(number: u64) -> Envelope {
    let subject = format!("SKU-{}", number % 16);
    Envelope {
        id: EventId::from_uuid(Uuid::from_u128(u128::from(number))),
        source: "test".to_owned(),
        time: DateTime::UNIX_EPOCH,
        merchant: merchant(),
        import: None,
        kind: EventKind::StockObserved(StockObserved {
            sku: Sku::new(&subject).unwrap(),
            store: "main".to_owned(),
            on_hand: Quantity::new(i64::try_from(number).unwrap()),
            on_order: None,
            lead_time_days: None,
        }),
        subject,
    }
}

/// The number that [`event`] put in.
pub(crate) fn number_of(logged: &LoggedEvent) -> u64 {
    logged.envelope.id.as_uuid().as_u128().try_into().unwrap()
}

pub(crate) fn open(folder: &Path) -> EmbeddedLog {
    EmbeddedLog::open(folder, LogConfig::default()).unwrap()
}

pub(crate) async fn append(log: &EmbeddedLog, numbers: std::ops::Range<u64>) {
    log.append(merchant(), Batch::of_events(numbers.map(event).collect())).await.unwrap();
}

/// Every event of the merchant, partition by partition.
pub(crate) async fn read_all(log: &EmbeddedLog) -> Vec<Vec<LoggedEvent>> {
    let mut partitions = Vec::new();
    for partition in 0..log.partition_count() {
        partitions.push(log.read(merchant(), PartitionId(partition), Offset(0), usize::MAX).await.unwrap());
    }
    partitions
}
