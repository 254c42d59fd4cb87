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
    // The end is marked: a last row without line end would be counted one line short, and a mark that turns up inside a
    // cell tells that a quotation mark was never closed.
    let ended = budgeted.chain(line_end.bytes()).chain(END);
    let mut rows = DelimitedRows {
        file: input.name.clone(),
        reader: dialect.reader(Box::new(ended) as Box<dyn Read + Send>),
        line_end,
        record: ByteRecord::new(),
        row_bytes,
        next_line: 1,
        decoding: Decoding::of(encoding, hints.encoding.is_some()),
        may_mix: hints.encoding.is_none(),
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

/// Stands on a line of its own behind the content. No table holds a NUL on purpose.
const END: &[u8] = b"\0end of content\0";

struct DelimitedRows {
    file: String,
    line_end: LineEnd,
    reader: csv::Reader<Box<dyn Read + Send>>,
    record: ByteRecord,
    row_bytes: Arc<AtomicU64>,
    /// Line on which the next row begins, blank lines aside.
    next_line: u64,
    decoding: Decoding,
    /// Whether rows in UTF-8 may stand among rows in Windows-1252: nobody told the encoding.
    may_mix: bool,
}

impl RowSource for DelimitedRows {
    fn read(&mut self, row: &mut Row) -> Result<bool, TabularError> {
        self.row_bytes.store(0, Ordering::Relaxed);
        let has_record = self.reader.read_byte_record(&mut self.record).map_err(|error| self.error(error))?;
        if !has_record || (self.record.len() == 1 && &self.record[0] == END) {
            return Ok(false);
        }
        let is_open = self.record.iter().next_back().is_some_and(|cell| cell.ends_with(END));
        if is_open {
            row.begin(0, self.line_of_the_last());
            self.take_off_end();
        } else {
            row.begin(0, self.line());
        }
        self.next_line = self.reader.position().line() + u64::from(self.line_end == LineEnd::CarriageReturn);
        self.decode(row);
        if is_open {
            row.problem = Some(RowProblem::OpenQuote { lines: self.line_ends() });
        }
        Ok(true)
    }
}

impl DelimitedRows {
    /// Line ends inside the cells of the row that was just read.
    fn line_ends(&self) -> u64 {
        self.record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64
    }

    /// Line on which the row that was just read begins. Counted back from its end: the parser's own mark of its beginning
    /// stands before blank lines that it passed over.
    fn line(&self) -> u64 {
        let behind = self.line_ends() + u64::from(self.line_end == LineEnd::Plain);
        self.reader.position().line().saturating_sub(behind).max(1)
    }

    /// As [`line`](Self::line), of a row that reaches to the very end, where no line end is left to close it.
    fn line_of_the_last(&self) -> u64 {
        self.reader.position().line().saturating_sub(self.line_ends()).max(1)
    }

    /// Takes the end mark out of the last cell, with the line ends before it: the one that was added, and the file's own.
    fn take_off_end(&mut self) {
        let last = self.record.len() - 1;
        let without = |cell: &[u8], end: &[u8]| cell.strip_suffix(end).unwrap_or(cell).to_owned();
        let mut cell = without(&self.record[last], END);
        for _ in 0..2 {
            cell = without(&cell, self.line_end.bytes());
        }
        self.record.truncate(last);
        self.record.push_field(&cell);
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
                // Accents of Windows-1252 make UTF-8 by accident hardly ever: such a row comes from a file put together
                // of two.
                Decoding::Windows1252 if !(is_utf8 && self.may_mix) => row.push(&decode_windows_1252(cell)),
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
            csv::ErrorKind::Io(source) => {
                let place = format!("{} (in the row that begins on line {})", self.file, self.next_line);
                TabularError::io("read", &place)(source)
            }
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
