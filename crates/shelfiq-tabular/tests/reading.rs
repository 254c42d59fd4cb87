//! Files of every format and encoding, written here byte by byte, read back as the same rows.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use shelfiq_tabular::{
    ColumnKind, Columns, Hints, Limits, OutputColumn, OutputFormat, OutputValues, Row, Table, TabularError,
    write_table_to,
};

/// Reads bytes as a file and shows columns and rows; a row with a problem ends in its reason.
fn show(bytes: &[u8]) -> Result<String, TabularError> {
    show_within(bytes, &Limits::default())
}

fn show_within(bytes: &[u8], limits: &Limits) -> Result<String, TabularError> {
    let mut table = Table::from_reader(bytes, "file", &Hints::default(), limits)?;
    let mut shown = table.columns().join("|");
    let mut row = Row::new();
    while table.read_row(&mut row)? {
        let cells: Vec<_> = row.cells().collect();
        shown.push_str(&format!("\n{}/{}: {}", row.number(), row.line(), cells.join("|")));
        if let Some(problem) = row.problem() {
            shown.push_str(&format!(" !! {problem}"));
        }
    }
    Ok(shown)
}

fn check(bytes: &[u8], expected: &str) {
    assert_eq!(show(bytes).unwrap(), expected);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const TEXT: &str = "name,price\ncafé £,1.50\nmug,2\n";
const SHOWN: &str = "name|price\n1/2: café £|1.50\n2/3: mug|2";

#[test]
fn every_encoding_reads_as_the_same_text() {
    check(TEXT.as_bytes(), SHOWN);
    check(&[b"\xEF\xBB\xBF", TEXT.as_bytes()].concat(), SHOWN);
    let utf16 = |to_bytes: fn(u16) -> [u8; 2]| TEXT.encode_utf16().flat_map(to_bytes).collect::<Vec<_>>();
    check(&utf16(u16::to_le_bytes), SHOWN);
    check(&utf16(u16::to_be_bytes), SHOWN);
    check(&[&[0xFF, 0xFE], utf16(u16::to_le_bytes).as_slice()].concat(), SHOWN);
    check(&[&[0xFE, 0xFF], utf16(u16::to_be_bytes).as_slice()].concat(), SHOWN);
    check(b"name,price\ncaf\xE9 \xA3,1.50\nmug,2\n", SHOWN);
}

#[test]
fn an_accent_far_down_reveals_windows_1252() {
    let mut bytes = b"name,price\n".to_vec();
    bytes.extend(b"mug,2\n".repeat(60_000));
    bytes.extend(b"caf\xE9,3\n");
    let shown = show(&bytes).unwrap();
    assert!(shown.ends_with("60001/60002: café|3"), "{}", &shown[shown.len() - 40..]);
}

#[test]
fn line_ends_quotes_and_compression_do_not_matter() {
    check(&gzip(TEXT.as_bytes()), SHOWN);
    check(TEXT.replace('\n', "\r\n").as_bytes(), SHOWN);
    check(b"a,b\r\n\r\n1,\"x\r\ny\"\r\n3,4", "a|b\n1/3: 1|x\r\ny\n2/5: 3|4");
    check(b"a,b\n\"x\ny\",\"say \"\"hi\"\"\"\n3,4\n", "a|b\n1/2: x\ny|say \"hi\"\n2/4: 3|4");
}

#[test]
fn bad_rows_say_what_is_wrong_and_reading_goes_on() {
    let shown = show(b"a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,\n4,\0,6\n7,8,9\n").unwrap();
    let lines: Vec<_> = shown.lines().collect();
    assert!(lines[2].starts_with("2/3: 1|2 !! the row has 2 cells, the header has 3"), "{shown}");
    assert!(lines[3].contains("has 4 cells"), "{shown}");
    assert_eq!(lines[4], "4/5: 1|2|3");
    assert!(lines[5].contains("NUL"), "{shown}");
    assert_eq!(lines[6], "6/7: 7|8|9");
}

#[test]
fn a_quotation_mark_that_is_never_closed_takes_no_row_with_it_in_silence() {
    let shown = show(b"a,b\n1,2\n3,\"four\n5,6\n7,8\n").unwrap();
    let rows: Vec<_> = shown.splitn(3, '\n').collect();
    assert_eq!(rows[..2], ["a|b", "1/2: 1|2"]);
    assert!(rows[2].starts_with("2/3: 3|four\n5,6\n7,8 !! a quotation mark opens"), "{shown}");
    assert!(rows[2].contains("the 2 lines to the end"), "{shown}");
    check(b"a,b\n1,\"x\n\"", "a|b\n1/2: 1|x\n");
}

#[test]
fn rows_of_two_encodings_in_one_file_are_each_read_in_their_own() {
    check("a,b\ncaf\u{e9},1\n".as_bytes(), "a|b\n1/2: café|1");
    check(b"a,b\ncaf\xE9,1\ncaf\xC3\xA9,2\n", "a|b\n1/2: café|1\n2/3: café|2");
}

#[test]
fn a_compressed_file_that_was_cut_is_damaged_and_says_so() {
    let whole = gzip(&b"a,b\n1,2\n".repeat(100_000));
    let error = show(&whole[..whole.len() / 2]).unwrap_err();
    assert!(matches!(error, TabularError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().contains("cut short"), "{error}");
}

#[test]
fn repeated_and_missing_headers_get_names_of_their_own() {
    check(b"a,a,,a\n1,2,3,4\n", "a|a (2)|column 3|a (3)\n1/2: 1|2|3|4");
    check(b"1,2\n3,4\n", "column 1|column 2\n1/1: 1|2\n2/2: 3|4");
}

#[test]
fn ebay_padding_and_closing_lines_are_no_rows() {
    let file = b",,,\n\"Order Number\",\"Title\",\"Quantity\"\n\"\",\"\",\"\"\n\"1-2\",\"Mug\",\"1\"\n\n1,record(s) downloaded,\nSeller ID : somebody\n";
    check(file, "Order Number|Title|Quantity\n1/4: 1-2|Mug|1");
}

#[test]
fn ndjson_takes_its_columns_from_all_objects() {
    let file = b"{\"a\":1,\"b\":\"x\"}\n\n{\"b\":null,\"c\":[1,2]}\nnonsense\n{\"a\":1.50}\n";
    let shown = show(file).unwrap();
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(lines[..3], ["a|b|c", "1/1: 1|x|", "2/3: ||[1,2]"]);
    assert!(lines[3].contains("not one JSON object"), "{shown}");
    assert_eq!(lines[4], "4/5: 1.50||");
}

#[test]
fn hostile_json_is_a_bad_row_not_a_crash() {
    let deep = format!("{{\"a\":{}1{}}}\n{{\"a\":2}}\n", "[".repeat(100_000), "]".repeat(100_000));
    let shown = show(deep.as_bytes()).unwrap();
    assert!(shown.ends_with("2/2: 2"));
}

#[test]
fn what_is_no_table_is_refused_in_words() {
    for (bytes, word) in [
        (&b""[..], "empty"),
        (b"\n \n", "empty"),
        (b"\xEF\xBB\xBF", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\xD0\xCF\x11\xE0\xA1", "old Excel"),
        (b"[\n{\"a\":1}]", "JSON array"),
    ] {
        let error = show(bytes).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn bombs_are_refused_by_the_name_of_their_limit() {
    let limits = Limits {
        bytes_max: 1 << 20,
        ratio_free_bytes: 64 << 10,
        ratio_max: 50,
        row_bytes_max: 256 << 10,
        rows_max: 1_000,
        columns_max: 100,
        ..Limits::default()
    };
    let refused = |bytes: &[u8]| show_within(bytes, &limits).unwrap_err().to_string();
    assert!(refused(&gzip(&b"a,b\n".repeat(40_000))).contains("compression ratio"));
    assert!(refused(&b"a,b\n1,2\n".repeat(200_000)).contains("bytes"));
    assert!(refused(&b"a,b\n".repeat(2_000)).contains("number of rows"));
    assert!(refused(",a".repeat(200).as_bytes()).contains("number of columns"));
    let never_closed = [b"a,b\n1,\"".as_slice(), &b"x,\n".repeat(200_000)].concat();
    assert!(refused(&never_closed).contains("quotation mark"));
    assert!(refused(&never_closed).contains("begins on line 2"), "{}", refused(&never_closed));
}

#[test]
fn workbooks_are_measured_before_they_are_unpacked() {
    let texts = (0..20_000).map(|row| Some(format!("text {row}"))).collect();
    let mut workbook = Vec::new();
    write_table_to(&mut workbook, "out", OutputFormat::Xlsx, &[OutputColumn::new("a", OutputValues::Text(texts))])
        .unwrap();
    let refused = |limits: Limits| show_within(&workbook, &limits).unwrap_err().to_string();
    assert!(refused(Limits { bytes_max: 256 << 10, ..Limits::default() }).contains("content in bytes"));
    assert!(refused(Limits { ratio_free_bytes: 1, ratio_max: 2, ..Limits::default() }).contains("compression ratio"));
    assert!(refused(Limits { workbook_memory_bytes: 1 << 10, ..Limits::default() }).contains("shared texts"));
    assert!(refused(Limits { rows_max: 100, ..Limits::default() }).contains("number of rows"));
}

#[test]
fn damaged_binary_files_are_errors_not_crashes() {
    for format in [OutputFormat::Xlsx, OutputFormat::Parquet] {
        let mut whole = Vec::new();
        write_table_to(&mut whole, "out", format, &columns()).unwrap();
        for at in (4..whole.len()).step_by(whole.len() / 200 + 1) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x5A;
            let _ = show(&damaged);
            let _ = Columns::from_reader(damaged.as_slice(), "file", &Hints::default(), &Limits::default());
            let _ = show(&whole[..at]);
        }
    }
}

fn columns() -> Vec<OutputColumn> {
    use chrono::NaiveDate;
    let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    vec![
        OutputColumn::new("text", OutputValues::Text(vec![Some("=1+1, \"quoted\"".to_owned()), None])),
        OutputColumn::new("number", OutputValues::Number(vec![Some(0.1 + 0.2), Some(-2.0)])),
        OutputColumn::new("integer", OutputValues::Integer(vec![Some(7), None])),
        OutputColumn::new("decimal", OutputValues::Decimal(vec![Some("9.990".parse().unwrap()), None])),
        OutputColumn::new("flag", OutputValues::Boolean(vec![Some(true), Some(false)])),
        OutputColumn::new("date", OutputValues::Date(vec![Some(day), None])),
        OutputColumn::new("time", OutputValues::Timestamp(vec![day.and_hms_opt(8, 30, 0), None])),
    ]
}

#[test]
fn every_format_reads_back_what_was_written() {
    for format in
        [OutputFormat::Csv, OutputFormat::Tsv, OutputFormat::Ndjson, OutputFormat::Xlsx, OutputFormat::Parquet]
    {
        let mut bytes = Vec::new();
        write_table_to(&mut bytes, "out", format, &columns()).unwrap();
        for bytes in [gzip(&bytes), bytes] {
            let table = Columns::from_reader(bytes.as_slice(), "file", &Hints::default(), &Limits::default()).unwrap();
            assert_eq!(table.row_count(), 2, "{format:?}");
            let text = table.texts("text").unwrap()[0].clone().unwrap();
            assert_eq!(shelfiq_tabular::unprotect(&text), "=1+1, \"quoted\"", "{format:?}");
            assert_eq!(table.numbers("number").unwrap(), [Some(0.1 + 0.2), Some(-2.0)], "{format:?}");
            assert_eq!(table.integers("integer").unwrap(), [Some(7), None], "{format:?}");
            assert_eq!(table.decimals("decimal").unwrap()[0], Some("9.99".parse().unwrap()), "{format:?}");
            let moments = |name| format!("{:?}", table.moments(name).unwrap()[0].unwrap());
            assert_eq!(
                (moments("date"), moments("time")),
                ("Day(2026-11-21)".to_owned(), "Local(2026-11-21T08:30:00)".to_owned()),
                "{format:?}"
            );
            assert_eq!(table.kind("date").unwrap(), ColumnKind::Date, "{format:?}");
            assert_eq!(table.kind("flag").unwrap(), ColumnKind::Boolean, "{format:?}");
        }
    }
}

#[test]
fn a_bad_cell_is_named_by_file_row_and_column() {
    let table = Columns::from_reader(
        &b"ds,y\n2026-01-01,5\n2026-01-02,five\n"[..],
        "sales.csv",
        &Hints::default(),
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(table.numbers("y").unwrap_err().to_string(), "sales.csv, row 2, column `y`: `five` is not a number");
    assert_eq!(table.numbers("z").unwrap_err().to_string(), "sales.csv has no column `z`; it has: ds, y");
}

#[test]
fn numbers_as_programs_write_them_read_back_exactly() {
    let table = "n\n0.1234567890123456789\n-1.7e-300\n6.02214076E+23\n1e40\n\"12.5%\"\n-0\n";
    let table = Columns::from_reader(table.as_bytes(), "n.csv", &Hints::default(), &Limits::default()).unwrap();
    let expected = [0.123_456_789_012_345_68, -1.7e-300, 6.022_140_76e23, 1e40, 0.125, 0.0].map(Some);
    assert_eq!(table.numbers("n").unwrap(), expected);
    let endless =
        Columns::from_reader("n\n1e400\n".as_bytes(), "n.csv", &Hints::default(), &Limits::default()).unwrap();
    assert_eq!(endless.numbers("n").unwrap_err().to_string(), "n.csv, row 1, column `n`: `1e400` is not a number");
}

#[test]
fn codes_keep_their_zeros() {
    let table =
        Columns::from_reader(&b"code,n\n007,1\n1.10,2\n"[..], "file", &Hints::default(), &Limits::default()).unwrap();
    assert_eq!(table.texts("code").unwrap()[0].as_deref(), Some("007"));
    assert_eq!(table.texts("code").unwrap()[1].as_deref(), Some("1.10"));
    assert_eq!(table.kind("n").unwrap(), ColumnKind::Integer);
}
