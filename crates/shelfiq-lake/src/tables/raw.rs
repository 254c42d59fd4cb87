//! The raw zone: events as they stand in the log.

use super::{Count, Instant, Text, rows};

rows! {
    /// An event as it stands in the log.
    Event => EventRows {
        /// Partition of the log.
        partition: Count,
        /// Place in the partition, from 0.
        offset: Count,
        /// The event's id.
        event_id: Text,
        /// Type with version, for example `order.placed.v1`.
        event_type: Text,
        /// When it happened.
        time: Instant,
        /// What it is about.
        subject: Text,
        /// Where it was read.
        source: Text,
        /// The import that brought it.
        import_id: Option<Text>,
        /// The whole event as one JSON object under CloudEvents names.
        json: Text,
    }
}
