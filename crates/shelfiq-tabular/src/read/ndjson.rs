//! One JSON object on each line.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::input::Input;
use crate::limits::RowBudgetReader;
use crate::read::{Opened, RowSource};
use crate::{Format, Hints, Row, RowProblem, Shape, TabularError, TextEncoding};

/// Reads the file once for the names of all columns, since an object need not have every key, then again for its rows.
pub(crate) fn open(input: &Input, hints: &Hints) -> Result<Opened, TabularError> {
    let (sniffed, mark_length) = TextEncoding::sniff(&input.sample);
    let encoding = hints.encoding.unwrap_or(sniffed);
    let mut names = Names { columns: Vec::new(), index: HashMap::new() };
    let mut lines = Lines::open(input, encoding, mark_length)?;
    while lines.next()? {
        if let Ok(line) = std::str::from_utf8(&lines.buffer) {
            // A line that is no object gets its reason when its row is read.
            let _ = each_member(line, |name, _| {
                names.column(name);
            });
        }
        if names.columns.len() > input.limits.columns_max {
            return Err(TabularError::TooLarge {
                file: input.name.clone(),
                what: "the number of columns",
                limit: input.limits.columns_max as u64,
            });
        }
    }
    let shape = Shape {
        format: Format::Ndjson,
        is_compressed: input.is_compressed,
        encoding: Some(encoding),
        dialect: None,
        sheet: None,
        columns: names.columns.clone(),
        is_typed: true,
    };
    let cells = vec![String::new(); names.columns.len()];
    let lines = Lines::open(input, encoding, mark_length)?;
    Ok(Opened { shape, source: Box::new(NdjsonRows { lines, names, cells }) })
}

struct Names {
    columns: Vec<String>,
    index: HashMap<String, usize>,
}

impl Names {
    fn column(&mut self, name: &str) -> usize {
        if let Some(index) = self.index.get(name) {
            return *index;
        }
        let index = self.columns.len();
        self.columns.push(name.to_owned());
        self.index.insert(name.to_owned(), index);
        index
    }
}

struct NdjsonRows {
    lines: Lines,
    names: Names,
    /// Cells of the row in column order; refilled for each row.
    cells: Vec<String>,
}

impl RowSource for NdjsonRows {
    fn read(&mut self, row: &mut Row) -> Result<bool, TabularError> {
        if !self.lines.next()? {
            return Ok(false);
        }
        row.begin(0, self.lines.number);
        self.cells.iter_mut().for_each(String::clear);
        let Ok(line) = std::str::from_utf8(&self.lines.buffer) else {
            row.problem = Some(RowProblem::Encoding);
            row.push(&String::from_utf8_lossy(&self.lines.buffer));
            return Ok(true);
        };
        let result = each_member(line, |name, value| {
            if let Some(column) = self.names.index.get(name) {
                write_value(&mut self.cells[*column], value);
            }
        });
        match result {
            Ok(()) => self.cells.iter().for_each(|cell| row.push(cell)),
            Err(error) => {
                row.problem = Some(RowProblem::NotAnObject(error.to_string()));
                row.push(line);
            }
        }
        Ok(true)
    }
}

/// Text without its quotation marks; numbers, booleans, lists and objects as their JSON; null as nothing.
fn write_value(cell: &mut String, value: &RawValue) {
    let json = value.get();
    cell.clear();
    match json.as_bytes().first() {
        Some(b'"') => cell.push_str(&serde_json::from_str::<String>(json).unwrap_or_default()),
        Some(b'n') => {}
        _ => cell.push_str(json),
    }
}

/// Calls `visit` with the name and value of each member of one JSON object.
fn each_member(line: &str, visit: impl FnMut(&str, &RawValue)) -> Result<(), serde_json::Error> {
    struct Members<F>(F);
    impl<'de, F: FnMut(&str, &RawValue)> Visitor<'de> for Members<F> {
        type Value = ();

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
            while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                let value: &'de RawValue = map.next_value()?;
                self.0(&name, value);
            }
            Ok(())
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(line);
    deserializer.deserialize_map(Members(visit))?;
    deserializer.end()
}

struct Lines {
    file: String,
    reader: BufReader<Box<dyn Read + Send>>,
    row_bytes: Arc<AtomicU64>,
    buffer: Vec<u8>,
    number: u64,
}

impl Lines {
    fn open(input: &Input, encoding: TextEncoding, mark_length: usize) -> Result<Self, TabularError> {
        let mut content = input.content()?;
        let mut mark = [0; 3];
        content.read_exact(&mut mark[..mark_length]).map_err(TabularError::io("read", &input.name))?;
        let (budgeted, row_bytes) = RowBudgetReader::new(encoding.narrow(content), input.limits.row_bytes_max);
        let reader = BufReader::with_capacity(64 << 10, Box::new(budgeted) as Box<dyn Read + Send>);
        Ok(Self { file: input.name.clone(), reader, row_bytes, buffer: Vec::new(), number: 0 })
    }

    /// Moves to the next line that is not blank; `false` at the end.
    fn next(&mut self) -> Result<bool, TabularError> {
        loop {
            self.row_bytes.store(0, Ordering::Relaxed);
            self.buffer.clear();
            let read = self.reader.read_until(b'\n', &mut self.buffer).map_err(TabularError::io("read", &self.file))?;
            if read == 0 {
                return Ok(false);
            }
            self.number += 1;
            self.buffer.truncate(self.buffer.trim_ascii_end().len());
            if !self.buffer.is_empty() {
                return Ok(true);
            }
        }
    }
}
