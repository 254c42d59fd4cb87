//! One reader for each format.

pub(crate) mod delimited;
pub(crate) mod ndjson;
pub(crate) mod parquet;
pub(crate) mod xlsx;

use crate::{Row, Shape, TabularError};

/// Rows of one file, in order.
pub(crate) trait RowSource: Send {
    /// Reads the next row with its physical line; `false` at the end.
    fn read(&mut self, row: &mut Row) -> Result<bool, TabularError>;
}

/// A file whose form is known and whose rows are about to be read.
pub(crate) struct Opened {
    pub(crate) shape: Shape,
    pub(crate) source: Box<dyn RowSource>,
}
