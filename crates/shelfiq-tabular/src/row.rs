//! One row as text.

use std::fmt;

/// A row whose buffers are reused from row to row.
///
/// Cells are text exactly as written, without the quotation marks of the format. Values of typed formats (XLSX, Parquet,
/// NDJSON) are written out canonically: numbers with a decimal point, dates as `2026-11-21` or `2026-11-21T08:30:00`,
/// `true` and `false`. An absent cell is empty.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub(crate) number: u64,
    pub(crate) line: u64,
    pub(crate) problem: Option<RowProblem>,
    text: String,
    ends: Vec<usize>,
}

impl Row {
    /// An empty row to read into.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Data row, from 1 without header and preamble.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Physical line on which the row begins, from 1; the row number for Parquet.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// Why the row cannot be trusted, if so. Its cells are still there to be shown.
    #[must_use]
    pub const fn problem(&self) -> Option<&RowProblem> {
        self.problem.as_ref()
    }

    /// Number of cells: that of the table's columns unless there is a [`problem`](Self::problem).
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the row has no cells at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cell of a column; empty if it is absent.
    #[must_use]
    pub fn cell(&self, column: usize) -> &str {
        let Some(end) = self.ends.get(column) else { return "" };
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        &self.text[start..*end]
    }

    /// The cells in column order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|column| self.cell(column))
    }

    /// All cells after each other without separators, and where each ends: for hashing a row without looking at cells.
    #[must_use]
    pub fn raw_parts(&self) -> (&str, &[usize]) {
        (&self.text, &self.ends)
    }

    pub(crate) fn begin(&mut self, number: u64, line: u64) {
        self.number = number;
        self.line = line;
        self.problem = None;
        self.text.clear();
        self.ends.clear();
    }

    pub(crate) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    /// Appends formatted text as the next cell.
    pub(crate) fn push_display(&mut self, value: impl fmt::Display) {
        use fmt::Write;
        write!(self.text, "{value}").expect("writing to a string cannot fail");
        self.ends.push(self.text.len());
    }

    /// Makes the row `columns` cells wide where the surplus is empty; otherwise remembers the mismatch.
    pub(crate) fn fit(&mut self, columns: usize) {
        let found = self.ends.len();
        if found > columns && (columns..found).all(|column| self.cell(column).is_empty()) {
            self.ends.truncate(columns);
        } else if found != columns {
            self.problem.get_or_insert(RowProblem::CellCount { found, expected: columns });
        }
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_whitespace())
    }
}

/// Why a row cannot be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowProblem {
    /// More or fewer cells than the header has.
    CellCount {
        /// Cells in the row.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// A quotation mark that opens a cell and is never closed, so that all that follows stands in that cell.
    OpenQuote {
        /// Lines that the row swallowed, its own first one aside.
        lines: u64,
    },
    /// A NUL character, which no table holds on purpose.
    Nul,
    /// Bytes that are not text in the encoding of the file.
    Encoding,
    /// A line of NDJSON that is not one JSON object.
    NotAnObject(String),
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CellCount { found, expected } => {
                write!(
                    f,
                    "the row has {found} cells, the header has {expected}: is a quotation mark or delimiter missing?"
                )
            }
            Self::OpenQuote { lines } => write!(
                f,
                "a quotation mark opens a cell here and is never closed, so that the {lines} lines to the end of the \
                 file were taken for that cell: close it, or write it twice if it belongs to the text"
            ),
            Self::Nul => {
                f.write_str("the row contains a NUL character: was the file cut or written in another encoding?")
            }
            Self::Encoding => f.write_str("the row contains bytes that are not UTF-8: save the file as UTF-8"),
            Self::NotAnObject(reason) => write!(f, "the line is not one JSON object: {reason}"),
        }
    }
}
