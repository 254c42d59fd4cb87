//! The reference page of tables is printed from their declarations, so that the two cannot drift apart.

use std::fmt::Write;
use std::path::Path;

use shelfiq_lake::Table;
use shelfiq_lake::arrow::datatypes::DataType;

const INTRODUCTION: &str = "\
# Tables

What `shelfiq sql` shows: one merchant's curated tables. The same rows lie as Delta tables under `lake/<merchant>/curated/<table>` in the data
directory, where any Delta or Parquet reader can open them.

Amounts are exact decimals in major units beside a `currency` column. Timestamps are UTC. Days are calendar days in the merchant's time zone.
A column marked with `?` may be null: unknown, never zero. The tables `recommendations` and `alerts` show the present state of the inboxes,
`model_versions` and `model_accuracy` what [models.md](models.md) describes: versions, and sums of forecast errors per version, origin, kind of demand and distance.
";

#[test]
fn the_reference_page_says_what_the_tables_declare() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/tables.md");
    let expected = page();
    #[expect(clippy::disallowed_methods, reason = "asks whether to write the page")]
    let write_it = std::env::var_os("SHELFIQ_WRITE_REFERENCE").is_some();
    if write_it {
        std::fs::write(&file, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(found == expected, "docs/reference/tables.md is out of date: run this test with SHELFIQ_WRITE_REFERENCE=1");
}

fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for table in Table::ALL.iter().filter(|table| **table != Table::Events) {
        write!(page, "\n## `{table}`\n\n{}\n\n| column | type | meaning |\n|---|---|---|\n", table.meaning().trim())
            .unwrap();
        for (field, meaning) in table.schema().fields().iter().zip(table.meanings()) {
            let null = if field.is_nullable() { "?" } else { "" };
            writeln!(page, "| `{}` | {}{null} | {} |", field.name(), type_name(field.data_type()), meaning.trim())
                .unwrap();
        }
    }
    page
}

fn type_name(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Utf8 => "text",
        DataType::Int64 => "integer",
        DataType::Float64 => "number",
        DataType::Boolean => "boolean",
        DataType::Date32 => "date",
        DataType::Timestamp(..) => "timestamp",
        DataType::Decimal128(..) => "decimal",
        other => panic!("a column of type {other} has no name for people yet"),
    }
}
