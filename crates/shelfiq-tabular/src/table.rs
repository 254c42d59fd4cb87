//! A table in a file, read row by row.

use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::input::Input;
use crate::read::{Opened, RowSource};
use crate::{Delimiter, Dialect, Format, Limits, Row, TabularError, TextEncoding, read};

/// What the caller knows better than the sniffing. Absent fields are told from the content.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hints {
    /// Encoding of a text file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<TextEncoding>,
    /// What separates cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<Delimiter>,
    /// Whether the first record after the preamble names the columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_header: Option<bool>,
    /// Sheet of a workbook; the first one that is not empty if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
}

/// What was told about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shape {
    /// Format after decompression.
    pub format: Format,
    /// Whether the file is compressed with gzip.
    pub is_compressed: bool,
    /// Encoding, of text formats.
    pub encoding: Option<TextEncoding>,
    /// Delimiter, quoting, preamble and header, of delimited files.
    pub dialect: Option<Dialect>,
    /// Sheet that is read, of workbooks.
    pub sheet: Option<String>,
    /// Names of the columns in order, trimmed and unique: a repeated name gets ` (2)`, a missing one is `column 3`.
    pub columns: Vec<String>,
    /// Whether values come from a format with types, and are written out canonically.
    pub is_typed: bool,
}

/// A table whose rows are read one by one in bounded memory.
pub struct Table {
    file: String,
    shape: Shape,
    limits: Limits,
    source: Box<dyn RowSource>,
    rows_read: u64,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("file", &self.file).field("shape", &self.shape).finish_non_exhaustive()
    }
}

impl Table {
    /// Opens a file and tells its form from its content.
    ///
    /// # Errors
    /// [`TabularError`] if the file cannot be opened, is empty, is no table or exceeds a limit.
    pub fn open(path: &Path, hints: &Hints, limits: &Limits) -> Result<Self, TabularError> {
        Self::of_input(Input::open(path, limits)?, hints)
    }

    /// Reads a stream to its end into a temporary file, then opens that. `name` appears in messages.
    ///
    /// # Errors
    /// As [`Table::open`].
    pub fn from_reader(stream: impl Read, name: &str, hints: &Hints, limits: &Limits) -> Result<Self, TabularError> {
        Self::of_input(Input::spool(stream, name, limits)?, hints)
    }

    fn of_input(input: Input, hints: &Hints) -> Result<Self, TabularError> {
        let Opened { mut shape, source } = match input.format {
            Format::Delimited => read::delimited::open(&input, hints)?,
            Format::Ndjson => read::ndjson::open(&input, hints)?,
            Format::Xlsx => read::xlsx::open(&input, hints)?,
            Format::Parquet => read::parquet::open(&input)?,
        };
        if shape.columns.len() > input.limits.columns_max {
            return Err(TabularError::TooLarge {
                file: input.name,
                what: "the number of columns",
                limit: input.limits.columns_max as u64,
            });
        }
        if shape.columns.is_empty() {
            return Err(TabularError::Empty { file: input.name });
        }
        shape.columns = unique_names(&shape.columns);
        Ok(Self { file: input.name, shape, limits: input.limits, source, rows_read: 0 })
    }

    /// File name for messages, without folders.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What was told about the file.
    #[must_use]
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Names of the columns in order.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.shape.columns
    }

    /// Reads the next data row into `row`; `false` at the end. Blank rows and the closing lines of known exporters are
    /// passed over. A row that cannot be trusted arrives with its [`problem`](Row::problem), and reading goes on.
    ///
    /// # Errors
    /// [`TabularError`] if the file cannot be read further or exceeds a limit.
    pub fn read_row(&mut self, row: &mut Row) -> Result<bool, TabularError> {
        loop {
            if !self.source.read(row)? {
                return Ok(false);
            }
            if row.is_blank() || is_footer(row) {
                continue;
            }
            self.rows_read += 1;
            if self.rows_read > self.limits.rows_max {
                return Err(TabularError::TooLarge {
                    file: self.file.clone(),
                    what: "the number of rows",
                    limit: self.limits.rows_max,
                });
            }
            row.number = self.rows_read;
            row.fit(self.shape.columns.len());
            if row.raw_parts().0.contains('\0') {
                row.problem.get_or_insert(crate::RowProblem::Nul);
            }
            return Ok(true);
        }
    }
}

/// Lines that exporters print below the table. eBay's order report ends with `12,record(s) downloaded,` and the seller's id.
fn is_footer(row: &Row) -> bool {
    let is_alone = |cells: usize| (cells..row.len()).all(|column| row.cell(column).trim().is_empty());
    (row.cell(1).trim() == "record(s) downloaded" && is_alone(2))
        || (row.cell(0).trim_start().starts_with("Seller ID :") && is_alone(1))
}

fn unique_names(names: &[String]) -> Vec<String> {
    let mut unique: Vec<String> = Vec::with_capacity(names.len());
    let mut taken = std::collections::HashSet::new();
    for (index, name) in names.iter().enumerate() {
        let name = name.trim();
        let name = if name.is_empty() { format!("column {}", index + 1) } else { name.to_owned() };
        let free = (1_usize..)
            .map(|count| if count == 1 { name.clone() } else { format!("{name} ({count})") })
            .find(|candidate| !taken.contains(candidate))
            .expect("the numbers do not run out");
        taken.insert(free.clone());
        unique.push(free);
    }
    unique
}
