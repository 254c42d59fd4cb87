//! Tables in files: CSV, TSV, NDJSON, XLSX and Parquet, compressed with gzip or not.
//!
//! [`Table`] streams the rows of a file as text in bounded memory; the format, encoding, delimiter, preamble and header
//! are told from the content, never from the name. What a cell means is decided by the caller with [`parse_amount`] and
//! [`parse_moment`], after [`AmountEvidence`] and [`MomentEvidence`] have looked at the column. [`Columns`] holds a whole
//! table column by column. [`write_table`] writes one, to a temporary file that gets its name at the very end.
//!
//! Files come from strangers: every reader works under [`Limits`] on bytes, compression ratio, rows, columns and cell
//! size, and a file that exceeds one is refused by name of the limit.

mod amount;
mod columns;
mod dialect;
mod encoding;
mod error;
mod format;
mod formula;
mod input;
mod limits;
mod moment;
mod moment_evidence;
mod moment_order;
mod read;
mod row;
mod table;
mod write;
mod zip_check;

pub use amount::{Amount, AmountEvidence, DecimalMark, is_absent, parse_amount};
pub use columns::{ColumnKind, Columns};
pub use dialect::{Delimiter, Dialect};
pub use encoding::TextEncoding;
pub use error::{Place, TabularError};
pub use format::Format;
pub use formula::{protect, unprotect};
pub use limits::Limits;
pub use moment::{DateOrder, Moment, parse_moment, two_readings};
pub use moment_evidence::{MomentEvidence, MomentStyle, OrderEvidence};
pub use row::{Row, RowProblem};
pub use table::{Hints, Shape, Table};
pub use write::{OutputColumn, OutputFormat, OutputValues, RowWriter, write_table, write_table_to};
