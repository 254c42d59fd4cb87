//! CSV and its relatives.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::ByteRecord;

use crate::encoding::decode_windows_1252;
use crate::error::Place;
use crate::input::Input;
use crate::limits::RowBudgetReader;
use crate::read::{Opened, RowSource};
use crate::{Dialect, Format, Hints, Row, RowProblem, Shape, TabularError, TextEncoding};

pub(crate) fn open(input: &Input, hints: &Hints) -> Result<Opened, TabularError> {
    let (sniffed, mark_length) = TextEncoding::sniff(&input.sample);
    let encoding = hints.encoding.unwrap_or(sniffed);
    let sample = encoding.decode_sample(&input.sample[mark_length..]);
    let dialect = dialect(&sample, input.is_whole, hints);
    let line_end = if sample.contains("\r\n") { LineEnd::CarriageReturn } else { LineEnd::Plain };

    let mut content = input.content()?;
    let mut mark = [0; 3];
    content.read_exact(&mut mark[..mark_length]).map_err(TabularError::io("read", &input.name))?;
    let (budgeted, row_bytes) = RowBudgetReader::new(encoding.narrow(content), input.limits.row_bytes_max);
    // A last row without line end would be counted one line short; a blank line more is no row.
    let ended = budgeted.chain(line_end.bytes());
    let mut rows = DelimitedRows {
        file: input.name.clone(),
        reader: dialect.reader(Box::new(ended) as Box<dyn Read + Send>),
        line_end,
        record: ByteRecord::new(),
        row_bytes,
        decoding: Decoding::of(encoding, hints.encoding.is_some()),
    };

    let mut first = Row::new();
    for _ in 0..dialect.preamble_records {
        rows.read(&mut first)?;
    }
    let mut shape = Shape {
        format: Format::Delimited,
        is_compressed: input.is_compressed,
        encoding: Some(encoding),
        dialect: Some(dialect.clone()),
        sheet: None,
        columns: Vec::new(),
        is_typed: false,
    };
    let has_first = rows.read(&mut first)?;
    if dialect.has_header {
        shape.columns = first.cells().map(str::to_owned).collect();
        return Ok(Opened { shape, source: Box::new(rows) });
    }
    shape.columns = vec![String::new(); first.len()];
    Ok(Opened { shape, source: Box::new(Pending { first: has_first.then_some(first), rows }) })
}

fn dialect(sample: &str, is_whole: bool, hints: &Hints) -> Dialect {
    let mut dialect = Dialect::sniff(sample, is_whole, hints.delimiter);
    dialect.has_header = hints.has_header.unwrap_or(dialect.has_header);
    dialect
}

/// How rows become text. A file that began as plain ASCII may turn out to be Windows-1252 at its first accent: both read
/// ASCII alike, so nothing read before was wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decoding {
    /// Nothing but ASCII so far.
    Undecided,
    Utf8,
    Windows1252,
}

impl Decoding {
    const fn of(encoding: TextEncoding, is_told: bool) -> Self {
        match encoding {
            TextEncoding::Windows1252 => Self::Windows1252,
            TextEncoding::Utf8 if is_told => Self::Utf8,
            TextEncoding::Utf8 => Self::Undecided,
            // Narrowed to UTF-8 before it gets here.
            TextEncoding::Utf16Le | TextEncoding::Utf16Be => Self::Utf8,
        }
    }
}

/// What stands at the end of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineEnd {
    /// `\n`
    Plain,
    /// `\r\n`: the parser ends a row at the first of the two and counts the line at the second.
    CarriageReturn,
}

impl LineEnd {
    const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Plain => b"\n",
            Self::CarriageReturn => b"\r\n",
        }
    }
}

struct DelimitedRows {
    file: String,
    line_end: LineEnd,
    reader: csv::Reader<Box<dyn Read + Send>>,
    record: ByteRecord,
    row_bytes: Arc<AtomicU64>,
    decoding: Decoding,
}

impl RowSource for DelimitedRows {
    fn read(&mut self, row: &mut Row) -> Result<bool, TabularError> {
        self.row_bytes.store(0, Ordering::Relaxed);
        let has_record = self.reader.read_byte_record(&mut self.record).map_err(|error| self.error(error))?;
        if !has_record {
            return Ok(false);
        }
        row.begin(0, self.line());
        self.decode(row);
        Ok(true)
    }
}

impl DelimitedRows {
    /// Line on which the row that was just read begins. Counted back from its end: the parser's own mark of its beginning
    /// stands before blank lines that it passed over.
    fn line(&self) -> u64 {
        let inside = self.record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
        let behind = inside + u64::from(self.line_end == LineEnd::Plain);
        self.reader.position().line().saturating_sub(behind).max(1)
    }

    fn decode(&mut self, row: &mut Row) {
        let is_ascii = self.record.as_slice().is_ascii();
        if is_ascii {
            for cell in &self.record {
                row.push(std::str::from_utf8(cell).expect("ASCII is UTF-8"));
            }
            return;
        }
        let is_utf8 = self.record.iter().all(|cell| std::str::from_utf8(cell).is_ok());
        self.decoding = match self.decoding {
            Decoding::Undecided if is_utf8 => Decoding::Utf8,
            Decoding::Undecided => Decoding::Windows1252,
            decided => decided,
        };
        for cell in &self.record {
            match self.decoding {
                Decoding::Windows1252 => row.push(&decode_windows_1252(cell)),
                _ => row.push(&String::from_utf8_lossy(cell)),
            }
        }
        if self.decoding == Decoding::Utf8 && !is_utf8 {
            row.problem = Some(RowProblem::Encoding);
        }
    }

    fn error(&self, error: csv::Error) -> TabularError {
        let line = error.position().map_or(self.reader.position().line(), csv::Position::line);
        match error.into_kind() {
            csv::ErrorKind::Io(source) => TabularError::io("read", &self.file)(source),
            other => TabularError::damaged(Place { line: Some(line), ..Place::file(&self.file) }, format!("{other:?}")),
        }
    }
}

/// The first row of a file without header was read to count its cells; it is still to be delivered.
struct Pending {
    first: Option<Row>,
    rows: DelimitedRows,
}

impl RowSource for Pending {
    fn read(&mut self, row: &mut Row) -> Result<bool, TabularError> {
        match self.first.take() {
            Some(first) => {
                *row = first;
                Ok(true)
            }
            None => self.rows.read(row),
        }
    }
}
