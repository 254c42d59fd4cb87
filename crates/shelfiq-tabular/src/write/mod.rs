//! Writing tables.

mod json;
mod parquet;
mod text;
mod xlsx;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

pub use text::RowWriter;

use crate::TabularError;

/// Format of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// Comma-separated, UTF-8, one header line.
    Csv,
    /// Tab-separated, UTF-8, one header line.
    Tsv,
    /// One JSON object on each line.
    Ndjson,
    /// One JSON array of objects.
    Json,
    /// Excel workbook with one sheet.
    Xlsx,
    /// Apache Parquet, zstd.
    Parquet,
}

impl OutputFormat {
    /// The format that the ending of a name stands for.
    ///
    /// # Errors
    /// [`TabularError::UnknownOutput`] if it stands for none.
    pub fn of_path(path: &Path) -> Result<Self, TabularError> {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        match ending.as_str() {
            "csv" | "txt" => Ok(Self::Csv),
            "tsv" | "tab" => Ok(Self::Tsv),
            "ndjson" | "jsonl" => Ok(Self::Ndjson),
            "json" => Ok(Self::Json),
            "xlsx" => Ok(Self::Xlsx),
            "parquet" | "pq" => Ok(Self::Parquet),
            _ => Err(TabularError::UnknownOutput { file: path.display().to_string() }),
        }
    }
}

/// One column to write.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputColumn {
    /// Name in the header.
    pub name: String,
    /// Its values.
    pub values: OutputValues,
}

impl OutputColumn {
    /// A column of this name.
    #[must_use]
    pub fn new(name: impl Into<String>, values: OutputValues) -> Self {
        Self { name: name.into(), values }
    }
}

/// Values of a column; `None` is an absent value: an empty cell, or `null`.
#[derive(Debug, Clone, PartialEq)]
pub enum OutputValues {
    /// Texts. In CSV, TSV and XLSX those that a spreadsheet would run as a formula are [protected](crate::protect).
    Text(Vec<Option<String>>),
    /// Numbers, written so that they read back exactly. Those that are not finite are absent.
    Number(Vec<Option<f64>>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Exact decimals: numbers in JSON, `Decimal128` with the largest scale found in Parquet.
    Decimal(Vec<Option<Decimal>>),
    /// Yes or no.
    Boolean(Vec<Option<bool>>),
    /// Days.
    Date(Vec<Option<NaiveDate>>),
    /// Dates with time, without zone; UTC where the zone matters.
    Timestamp(Vec<Option<NaiveDateTime>>),
}

impl OutputValues {
    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::Integer(values) => values.len(),
            Self::Decimal(values) => values.len(),
            Self::Boolean(values) => values.len(),
            Self::Date(values) => values.len(),
            Self::Timestamp(values) => values.len(),
        }
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Writes a table to `path`, in the format that its ending names. The file appears whole or not at all: a temporary file
/// beside it gets its name at the end.
///
/// # Errors
/// [`TabularError`] if the ending is unknown, the columns differ in length, or the disk refuses.
pub fn write_table(path: &Path, columns: &[OutputColumn]) -> Result<(), TabularError> {
    let format = OutputFormat::of_path(path)?;
    let name = path.display().to_string();
    let mut temporary = temporary_beside(path).map_err(TabularError::io("create", &name))?;
    write_table_to(temporary.as_file_mut(), &name, format, columns)?;
    temporary.persist(path).map_err(|error| TabularError::io("write", &name)(error.error))?;
    Ok(())
}

/// Writes a table to a stream. `name` appears in messages.
///
/// # Errors
/// As [`write_table`].
pub fn write_table_to(
    stream: impl Write + Send,
    name: &str,
    format: OutputFormat,
    columns: &[OutputColumn],
) -> Result<(), TabularError> {
    let row_count = even_length(columns)?;
    let mut stream = BufWriter::with_capacity(64 << 10, stream);
    match format {
        OutputFormat::Csv => text::write(&mut stream, b',', columns, row_count),
        OutputFormat::Tsv => text::write(&mut stream, b'\t', columns, row_count),
        OutputFormat::Ndjson => json::write_lines(&mut stream, columns, row_count),
        OutputFormat::Json => json::write_array(&mut stream, columns, row_count),
        OutputFormat::Xlsx => xlsx::write(&mut stream, columns),
        OutputFormat::Parquet => parquet::write(&mut stream, columns),
    }
    .and_then(|()| stream.flush())
    .map_err(TabularError::io("write", name))
}

fn even_length(columns: &[OutputColumn]) -> Result<usize, TabularError> {
    let expected = columns.first().map_or(0, |column| column.values.len());
    match columns.iter().find(|column| column.values.len() != expected) {
        None => Ok(expected),
        Some(uneven) => {
            Err(TabularError::UnevenColumns { column: uneven.name.clone(), found: uneven.values.len(), expected })
        }
    }
}

fn temporary_beside(path: &Path) -> std::io::Result<tempfile::NamedTempFile<File>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".shelfiq-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // A private mode is right for secrets; a result is meant to be read like any other file (the umask applies).
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
