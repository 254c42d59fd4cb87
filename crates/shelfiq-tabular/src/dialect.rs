//! How a delimited file separates, quotes and heads its cells.

use csv::{ByteRecord, ReaderBuilder};
use serde::{Deserialize, Serialize};

use crate::amount::looks_like_number;
use crate::moment::looks_like_moment;

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delimiter {
    /// `,`
    Comma,
    /// A tab.
    Tab,
    /// `;`
    Semicolon,
    /// `|`
    Pipe,
}

impl Delimiter {
    /// The delimiters that are looked for.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Tab, Self::Semicolon, Self::Pipe];

    /// The delimiter as a byte.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Tab => b'\t',
            Self::Semicolon => b';',
            Self::Pipe => b'|',
        }
    }
}

/// Form of a delimited file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// What separates cells.
    pub delimiter: Delimiter,
    /// Whether `"` encloses cells. Marketplaces' tab-separated reports do without, and hold inch marks.
    pub is_quoted: bool,
    /// Records before the header: titles, `#INFO` lines, lines of nothing but delimiters.
    pub preamble_records: usize,
    /// Whether the first record after the preamble names the columns.
    pub has_header: bool,
}

/// Records of the sample that are looked at.
const RECORDS_MAX: usize = 400;
/// Records that may stand before the header.
const PREAMBLE_MAX: usize = 60;

impl Dialect {
    /// Tells the dialect from the beginning of a file. `is_whole` says whether the sample is the whole file; a delimiter
    /// that the caller has `told` is not doubted.
    pub(crate) fn sniff(sample: &str, is_whole: bool, told: Option<Delimiter>) -> Self {
        let sample = if is_whole { sample } else { sample.rfind('\n').map_or(sample, |end| &sample[..end]) };
        let trial = |delimiter| Trial::run(sample, delimiter);
        let better = |best: Trial, next: Trial| if next.score > best.score { next } else { best };
        let Trial { delimiter, is_quoted, records, width, .. } = match told {
            Some(delimiter) => trial(delimiter),
            None => Delimiter::ALL.into_iter().map(trial).reduce(better).expect("there is at least one delimiter"),
        };

        let is_header = |record: &Vec<String>| {
            let filled = record.iter().filter(|cell| !cell.trim().is_empty()).count();
            filled * 2 >= width && filled > 0 && !record[0].starts_with('#')
        };
        let preamble_records = records.iter().take(PREAMBLE_MAX).position(is_header).unwrap_or(0);
        let has_header = records.get(preamble_records).is_some_and(|record| names_columns(record));
        Self { delimiter, is_quoted, preamble_records, has_header }
    }

    pub(crate) fn reader<R: std::io::Read>(&self, input: R) -> csv::Reader<R> {
        reader(self.delimiter, self.is_quoted, input)
    }
}

fn reader<R: std::io::Read>(delimiter: Delimiter, is_quoted: bool, input: R) -> csv::Reader<R> {
    ReaderBuilder::new()
        .delimiter(delimiter.byte())
        .quoting(is_quoted)
        .flexible(true)
        .has_headers(false)
        .buffer_capacity(64 << 10)
        .from_reader(input)
}

/// A row of names holds no number and no date.
pub(crate) fn names_columns(record: &[String]) -> bool {
    !record.iter().any(|cell| looks_like_number(cell) || looks_like_moment(cell))
}

struct Trial {
    delimiter: Delimiter,
    is_quoted: bool,
    records: Vec<Vec<String>>,
    /// Cells of the typical record: of all widths the one that covers most cells.
    width: usize,
    score: f64,
}

impl Trial {
    fn run(sample: &str, delimiter: Delimiter) -> Self {
        let is_quoted = is_quoted(sample, delimiter);
        let mut records = Vec::new();
        let mut record = ByteRecord::new();
        let mut reader = reader(delimiter, is_quoted, sample.as_bytes());
        while records.len() < RECORDS_MAX && reader.read_byte_record(&mut record).unwrap_or(false) {
            records.push(record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect::<Vec<_>>());
        }
        let cells_of_width = |width: usize| records.iter().filter(|record| record.len() == width).count() * width;
        let width = records.iter().map(Vec::len).max_by_key(|width| cells_of_width(*width)).unwrap_or(1);
        let cells: usize = records.iter().map(Vec::len).sum();
        // A delimiter that never occurs scores nothing; the more cells agree on one width, and the wider it is, the better.
        let score =
            if width < 2 { 0.0 } else { cells_of_width(width) as f64 / cells as f64 * (1.0 - 1.0 / width as f64) };
        Self { delimiter, is_quoted, records, width, score }
    }
}

/// In tab-separated files a quotation mark is mostly an inch mark: it encloses only if every cell that begins with one
/// also ends with one.
fn is_quoted(sample: &str, delimiter: Delimiter) -> bool {
    if delimiter != Delimiter::Tab {
        return true;
    }
    let mut opened = sample.lines().flat_map(|line| line.split('\t')).filter(|cell| cell.starts_with('"')).peekable();
    opened.peek().is_some() && opened.all(|cell| cell.len() > 1 && cell.ends_with('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sample: &str, delimiter: Delimiter, preamble_records: usize, has_header: bool) {
        let dialect = Dialect::sniff(sample, true, None);
        assert_eq!(
            (dialect.delimiter, dialect.preamble_records, dialect.has_header),
            (delimiter, preamble_records, has_header),
            "{sample}"
        );
    }

    #[test]
    fn the_delimiter_is_the_one_on_which_the_records_agree() {
        check("a,b,c\n1,\"x;y\",3\n2,z,4\n", Delimiter::Comma, 0, true);
        check("name;price;units\nmug;1,50;3\ncup;2,75;4\n", Delimiter::Semicolon, 0, true);
        check("sku\tprice\nA-1\t1,50\n", Delimiter::Tab, 0, true);
        check("sku|price\nA-1|1.50\n", Delimiter::Pipe, 0, true);
    }

    #[test]
    fn titles_and_padding_before_the_header_are_a_preamble() {
        check(
            "\"Includes shop sales\"\nAll amounts in USD\ndate,sku,total\n2026-01-02,A,1.50\n",
            Delimiter::Comma,
            2,
            true,
        );
        check(",,,,\na,b,c,d\n\"\",\"\",\"\",\"\"\n1,2,3,4\n", Delimiter::Comma, 1, true);
        check("#INFO,Version=0.0.2,,\nAction,Title,Price,Quantity\nAdd,Mug,3.50,1\n", Delimiter::Comma, 1, true);
    }

    #[test]
    fn a_first_row_with_a_number_is_no_header() {
        check("A-1,3,2026-01-02\nA-2,4,2026-01-03\n", Delimiter::Comma, 0, false);
    }

    #[test]
    fn one_column_is_a_table_too() {
        check("text\nlovely mug\nbroken on arrival\n", Delimiter::Comma, 0, true);
    }

    #[test]
    fn inch_marks_in_tab_separated_files_are_not_quotation_marks() {
        assert!(!Dialect::sniff("name\tprice\n\"7 inch\" frame\t2\n", true, None).is_quoted);
        assert!(Dialect::sniff("name\tprice\n\"7 inch frame\"\t2\n", true, None).is_quoted);
    }
}
