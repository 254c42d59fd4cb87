//! The lake: every merchant's tables as Delta tables on object storage, one folder `<merchant>/<zone>/<table>` each.
//!
//! Three [zones](Zone): `raw` holds events as they stand in the log, `processed` typed rows including those that were
//! superseded later, `curated` the present state that measures and SQL see. [`tables`] declares every table once:
//! its columns, its row type and its builder of record batches.
//!
//! A [`TableWriter`] gathers appends, deletions and the consumer's progress and commits them as one Delta version, so
//! that a projector which is killed and run again changes nothing twice. Any Delta reader opens the folders with no
//! ShelfIQ running: no deletion vectors and no column mapping are ever written, and tables that have them are refused.
//!
//! Arrow is re-exported so that callers build batches of the very version the lake writes.

mod error;
mod lake;
mod maintain;
mod rewrite;
mod snapshot;
mod table;
pub mod tables;
mod writer;

pub use deltalake::arrow;
pub use error::LakeError;
pub use lake::Lake;
pub use maintain::{Compaction, Vacuum};
pub use rewrite::RowMatch;
pub use snapshot::{AsOf, DataFile, Snapshot};
pub use table::{Table, Zone};
pub use writer::TableWriter;
