//! Which format a file has, told from its content.

use serde::{Deserialize, Serialize};

use crate::TextEncoding;

/// Format of a table in a file, after decompression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Cells separated by a delimiter: CSV, TSV and their relatives.
    Delimited,
    /// One JSON object on each line.
    Ndjson,
    /// Excel workbook (Office Open XML).
    Xlsx,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// The name to show.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delimited => "CSV",
            Self::Ndjson => "NDJSON",
            Self::Xlsx => "XLSX",
            Self::Parquet => "Parquet",
        }
    }

    /// Tells the format from the first bytes of the content. `Err` holds what was seen instead of a table.
    pub(crate) fn sniff(sample: &[u8]) -> Result<Self, String> {
        match sample {
            [b'P', b'A', b'R', b'1', ..] => return Ok(Self::Parquet),
            [b'P', b'K', 3, 4, ..] => return Ok(Self::Xlsx),
            [0xD0, 0xCF, 0x11, 0xE0, ..] => {
                return Err("it is an old Excel file (.xls); save it as .xlsx or .csv".to_owned());
            }
            [b'%', b'P', b'D', b'F', ..] => return Err("it is a PDF".to_owned()),
            [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] => return Err("it is an image".to_owned()),
            _ => {}
        }
        let (encoding, mark_length) = TextEncoding::sniff(sample);
        let text = encoding.decode_sample(&sample[mark_length..]);
        let beginning = text.trim_start();
        if beginning.starts_with('{') {
            return Ok(Self::Ndjson);
        }
        if beginning.starts_with("[{") || beginning.starts_with("[\n") || beginning == "[" {
            return Err("it is one JSON array; write one object on each line (NDJSON)".to_owned());
        }
        if beginning.starts_with("<!DOCTYPE") || beginning.starts_with("<html") || beginning.starts_with("<?xml") {
            return Err("it is a web page or XML; was the download blocked by a sign-in page?".to_owned());
        }
        let controls =
            text.chars().filter(|character| character.is_control() && !matches!(character, '\n' | '\r' | '\t')).count();
        if controls * 20 > text.chars().count() {
            return Err("it holds binary content of an unknown kind".to_owned());
        }
        Ok(Self::Delimited)
    }
}
