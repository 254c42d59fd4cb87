//! Why the log could not do what it was asked.

use shelfiq_core::{ErrorKind, MerchantId};
use shelfiq_events::CodecError;

use crate::{Offset, PartitionId};

/// What the log was doing when it failed.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The folder could not be opened: missing rights, a full disk, or another process that holds it.
    #[error("failed to open the event log in `{folder}`: is another ShelfIQ using this data directory?")]
    Open {
        /// The folder.
        folder: String,
        /// What the storage engine said.
        source: fjall::Error,
    },
    /// An event could not be written as JSON.
    #[error("failed to encode an event for the log")]
    Encode(#[from] CodecError),
    /// An event speaks of another merchant than the one it is appended for.
    #[error("refused to append an event of merchant {found} to the log of merchant {expected}")]
    ForeignEvent {
        /// Merchant of the append.
        expected: MerchantId,
        /// Merchant in the envelope.
        found: MerchantId,
    },
    /// Writing or syncing failed. Nothing of the batch was acknowledged, and the log takes no more writes until it
    /// is reopened: after a failed sync nobody knows what the disk holds.
    #[error("failed to write to the event log: it refuses further writes until it is reopened")]
    Write {
        /// What the storage engine said, shared by all appends of the group.
        source: std::sync::Arc<fjall::Error>,
    },
    /// The log is shutting down.
    #[error("the event log is closed")]
    Closed,
    /// Reading failed.
    #[error("failed to read the event log of merchant {merchant}")]
    Read {
        /// Whose log.
        merchant: MerchantId,
        /// What the storage engine said.
        source: fjall::Error,
    },
    /// A record is damaged or missing. Nothing after it is delivered.
    #[error("record {offset} in partition {partition} of merchant {merchant} is damaged: {reason}")]
    Corrupt {
        /// Whose log.
        merchant: MerchantId,
        /// In which partition.
        partition: PartitionId,
        /// At which offset.
        offset: Offset,
        /// What is wrong with it.
        reason: String,
    },
    /// An entry of the dedupe index, a checkpoint or the layout record has a wrong length.
    #[error("the {what} of the event log is damaged")]
    CorruptEntry {
        /// Which entry.
        what: &'static str,
    },
    /// There is no such partition.
    #[error("there is no partition {partition}: the log has {count}")]
    UnknownPartition {
        /// Which partition was asked for.
        partition: PartitionId,
        /// How many there are, numbered from 0.
        count: u16,
    },
}

impl LogError {
    /// What the caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Open { .. } | Self::Write { .. } | Self::Closed => ErrorKind::Unavailable,
            Self::Encode(_) | Self::ForeignEvent { .. } | Self::UnknownPartition { .. } => ErrorKind::Invalid,
            Self::Read { .. } | Self::Corrupt { .. } | Self::CorruptEntry { .. } => ErrorKind::Internal,
        }
    }
}
