//! Our tables under Delta readers that are not ours.

use std::path::{Path, PathBuf};
use std::process::Command;

use shelfiq_lake::{Lake, RowMatch, Table, Zone};

use crate::sample::{append, import_id, merchant};

const SCRIPT: &str = r#"
import sys
from deltalake import DeltaTable
table = DeltaTable(sys.argv[1])
lines = table.to_pyarrow_table().sort_by("order_id")
print(lines.schema.field("unit_price").type, lines.schema.field("ordered_at").type, table.version())
for line in lines.to_pylist():
    print(line["order_id"], line["quantity"], line["unit_price"], line["currency"], line["ordered_at"].isoformat(), line["customer_id"])
import duckdb
files = [sys.argv[1] + "/" + file for file in (uri.rsplit("/", 1)[1] for uri in table.file_uris())]
print(duckdb.sql(f"select count(*), sum(quantity * unit_price) from read_parquet({files!r})").fetchall())
"#;

#[tokio::test]
async fn python_deltalake_and_duckdb_read_our_tables_with_no_shelfiq_running() {
    let Some(python) = python_with_delta_readers() else {
        eprintln!(
            "SKIPPED python_deltalake_and_duckdb_read_our_tables: set SHELFIQ_PYTHON to a Python that has deltalake, pyarrow and duckdb"
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path()).unwrap();
    append(&lake, &[("536365", 6, 1), ("536366", 2, 2)]).await;
    append(&lake, &[("536367", -11, 1)]).await;
    let mut writer = lake.writer(merchant(), Zone::Curated, Table::OrderLines).await.unwrap();
    writer.delete(RowMatch::Import(import_id(2)));
    writer.commit().await.unwrap();
    drop(lake);

    let table = folder.path().join(format!("{}/curated/order_lines", merchant()));
    #[expect(clippy::disallowed_methods, reason = "the other reader is a program of its own")]
    let output = Command::new(python).arg("-c").arg(SCRIPT).arg(&table).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "decimal128(24, 6) timestamp[us, tz=UTC] 3\n\
         536365 6 0.001000 GBP 2011-03-27T00:30:00+00:00 None\n\
         536367 -11 0.001000 GBP 2011-03-27T00:30:00+00:00 None\n\
         [(2, Decimal('-0.005000'))]\n"
    );
}

/// The interpreter named by `SHELFIQ_PYTHON`, else that of the development environment, if it has the readers.
fn python_with_delta_readers() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tests find their tools in the environment")]
    let (named, home) = (std::env::var_os("SHELFIQ_PYTHON"), std::env::var_os("HOME"));
    let python = named.map(PathBuf::from).or_else(|| Some(Path::new(&home?).join(".cache/shelfiq/venv/bin/python")))?;
    #[expect(clippy::disallowed_methods, reason = "the other reader is a program of its own")]
    let found = Command::new(&python).args(["-c", "import deltalake, duckdb, pyarrow"]).output().ok()?;
    found.status.success().then_some(python)
}
