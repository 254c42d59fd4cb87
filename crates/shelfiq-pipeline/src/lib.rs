//! From files to tables: accept → validate → deduplicate → enrich → append, then projectors from the log to the lake.
//!
//! [`ImportSession`] previews, runs and undoes imports. Each row of a file is read by the [source](SourceKind) that the
//! file was recognised as, becomes drafts of events or a reject with its reasons, is compared with what the log already
//! holds, and is appended together with its entry in the dedupe index. The same file twice changes nothing; an import
//! that is killed and run again goes on where it stopped.
//!
//! [`Projector`] brings new events into the lake's raw, processed and curated tables. Running it twice, or killing it
//! anywhere, changes nothing twice.
//!
//! No name, e-mail or address of a buyer is stored: a customer is a salted hash and a country.

mod accept;
mod append;
mod cells;
mod country;
mod customer;
mod deduplicate;
mod draft;
mod enrich;
mod error;
mod field;
mod identity;
mod likeness;
mod mapping;
mod options;
mod project;
mod questions;
mod recognise;
mod rejects;
mod report;
mod session;
mod source_kind;
mod sources;
mod survey;
mod totals;
mod undo;
mod validate;
mod words;

pub use customer::CustomerSalt;
pub use error::PipelineError;
pub use field::Field;
pub use mapping::{Mapping, header_hash};
pub use options::ImportOptions;
pub use project::{Projected, Projector};
pub use recognise::Recognition;
pub use report::{
    CellProblem, Choice, FileCurrencies, FileReport, ImportReport, Preview, Progress, Question, Reject, RowState,
    SampleRow, UndoReport,
};
pub use session::ImportSession;
pub use source_kind::SourceKind;
// Mappings and options speak of these.
pub use shelfiq_tabular::{DateOrder, DecimalMark};
