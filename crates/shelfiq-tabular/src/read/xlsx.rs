//! Workbooks, streamed sheet row by sheet row.
//!
//! The workbook lends itself to the reader of its cells, so the two live together on a thread of their own, which hands
//! over rows through a short queue and ends when nobody listens any more.

use std::fs::File;
use std::io::BufReader;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, Reader, Xlsx, XlsxError};

use crate::dialect::names_columns;
use crate::input::Input;
use crate::read::{Opened, RowSource};
use crate::{Format, Hints, Place, Row, Shape, TabularError, zip_check};

/// Rows handed over at once.
const BATCH_ROWS: usize = 256;
/// Rows before the header that are searched for it.
const PREAMBLE_MAX: usize = 60;

type Batch = Result<Vec<Row>, TabularError>;

pub(crate) fn open(input: &Input, hints: &Hints) -> Result<Opened, TabularError> {
    let mut file = input.seekable()?;
    zip_check::check(&mut file, &input.name, &input.limits)?;
    let damaged = |error: XlsxError| TabularError::damaged(Place::file(&input.name), error);
    let workbook = Xlsx::new(BufReader::new(file)).map_err(damaged)?;
    let sheet = choose_sheet(&workbook, hints, &input.name)?;

    let (sender, receiver) = sync_channel(4);
    let reading = Reading { file: input.name.clone(), sheet: sheet.clone(), columns_max: input.limits.columns_max };
    std::thread::Builder::new()
        .name("workbook-reader".to_owned())
        .spawn(move || reading.run(workbook, &sender))
        .map_err(TabularError::io("read", &input.name))?;
    let mut rows = XlsxRows { receiver, batch: Vec::new().into_iter() };

    // The header is the first row that is at least half as wide as the widest of the rows around it.
    let mut beginning = Vec::new();
    while beginning.len() < PREAMBLE_MAX
        && let Some(row) = rows.next_row()?
    {
        beginning.push(row);
    }
    let filled = |row: &Row| row.cells().filter(|cell| !cell.is_empty()).count();
    let width = beginning.iter().map(Row::len).max().unwrap_or(0);
    let header = beginning.iter().position(|row| filled(row) > 0 && filled(row) * 2 >= width).unwrap_or(0);
    let header_cells: Vec<String> =
        beginning.get(header).map(|row| row.cells().map(str::to_owned).collect()).unwrap_or_default();
    let has_header = hints.has_header.unwrap_or_else(|| names_columns(&header_cells));
    let mut columns = if has_header { header_cells } else { Vec::new() };
    columns.resize(width.max(columns.len()), String::new());
    let pending = beginning.into_iter().skip(header + usize::from(has_header)).collect::<Vec<_>>().into_iter();
    let shape = Shape {
        format: Format::Xlsx,
        is_compressed: input.is_compressed,
        encoding: None,
        dialect: None,
        sheet: Some(sheet),
        columns,
        is_typed: true,
    };
    let width = shape.columns.len();
    Ok(Opened { shape, source: Box::new(Pending { pending, rows, width }) })
}

fn choose_sheet<R: std::io::Read + std::io::Seek>(
    workbook: &Xlsx<R>,
    hints: &Hints,
    file: &str,
) -> Result<String, TabularError> {
    let names = workbook.sheet_names();
    match &hints.sheet {
        Some(wanted) if names.contains(wanted) => Ok(wanted.clone()),
        Some(wanted) => {
            let reason = format!("there is no sheet `{wanted}`; there are: {}", names.join(", "));
            Err(TabularError::NotATable { file: file.to_owned(), reason })
        }
        None => names.into_iter().next().ok_or_else(|| TabularError::NotATable {
            file: file.to_owned(),
            reason: "the workbook has no sheet".to_owned(),
        }),
    }
}

struct Reading {
    file: String,
    sheet: String,
    columns_max: usize,
}

impl Reading {
    fn run(&self, mut workbook: Xlsx<BufReader<File>>, sender: &SyncSender<Batch>) {
        if let Err(error) = self.send_rows(&mut workbook, sender) {
            // Nobody listens any more if this fails: nothing is lost.
            let _ = sender.send(Err(error));
        }
    }

    fn send_rows(&self, workbook: &mut Xlsx<BufReader<File>>, sender: &SyncSender<Batch>) -> Result<(), TabularError> {
        let damaged = |row: u64, error: &dyn std::fmt::Display| {
            TabularError::damaged(Place { line: Some(row), ..Place::file(&self.file) }, error)
        };
        let mut cells = workbook.worksheet_cells_reader(&self.sheet).map_err(|error| damaged(0, &error))?;
        let mut batch = Vec::with_capacity(BATCH_ROWS);
        let mut row = Row::new();
        row.begin(0, 1);
        while let Some(cell) = cells.next_cell().map_err(|error| damaged(row.line, &error))? {
            let (row_index, column) = cell.get_position();
            let (line, column) = (u64::from(row_index) + 1, column as usize);
            if line < row.line || (line == row.line && column < row.len()) {
                return Err(damaged(line, &"its cells stand out of order"));
            }
            if column >= self.columns_max {
                return Err(TabularError::TooLarge {
                    file: self.file.clone(),
                    what: "the number of columns",
                    limit: self.columns_max as u64,
                });
            }
            if line > row.line {
                batch.push(std::mem::take(&mut row));
                row.begin(0, line);
                if batch.len() == BATCH_ROWS && sender.send(Ok(std::mem::take(&mut batch))).is_err() {
                    return Ok(());
                }
            }
            while row.len() < column {
                row.push("");
            }
            push_cell(&mut row, cell.get_value());
        }
        batch.push(row);
        let _ = sender.send(Ok(batch));
        Ok(())
    }
}

fn push_cell(row: &mut Row, value: &DataRef<'_>) {
    match value {
        DataRef::Int(number) => row.push_display(number),
        DataRef::Float(number) => row.push_display(number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => row.push(text),
        DataRef::SharedString(text) => row.push(text),
        DataRef::Bool(flag) => row.push_display(flag),
        DataRef::DateTime(serial) => match serial.as_datetime().filter(|_| serial.is_datetime()) {
            Some(local) if serial.as_f64().fract() == 0.0 => row.push_display(local.date()),
            Some(local) => row.push_display(local.format("%Y-%m-%dT%H:%M:%S")),
            None => row.push_display(serial.as_f64()),
        },
        // `#N/A`, `#DIV/0!`: there is no value.
        DataRef::Error(_) | DataRef::Empty => row.push(""),
    }
}

struct XlsxRows {
    receiver: Receiver<Batch>,
    batch: std::vec::IntoIter<Row>,
}

impl XlsxRows {
    fn next_row(&mut self) -> Result<Option<Row>, TabularError> {
        loop {
            if let Some(row) = self.batch.next() {
                return Ok(Some(row));
            }
            match self.receiver.recv() {
                Ok(batch) => self.batch = batch?.into_iter(),
                Err(_) => return Ok(None),
            }
        }
    }
}

/// Rows that were read to find the header, then the rest. Trailing cells that a sheet leaves out are empty.
struct Pending {
    pending: std::vec::IntoIter<Row>,
    rows: XlsxRows,
    width: usize,
}

impl RowSource for Pending {
    fn read(&mut self, row: &mut Row) -> Result<bool, TabularError> {
        let next = match self.pending.next() {
            Some(next) => Some(next),
            None => self.rows.next_row()?,
        };
        let Some(next) = next else { return Ok(false) };
        *row = next;
        while row.len() < self.width {
            row.push("");
        }
        Ok(true)
    }
}
