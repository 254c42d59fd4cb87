//! The 541,909 invoice lines of the UCI "Online Retail" data, in their three forms. Source: Chen, D. (2015),
//! https://doi.org/10.24432/C5BW33, CC BY 4.0.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;

use shelfiq_tabular::{ColumnKind, Columns, Hints, Limits};

fn file(name: &str) -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "a test finds its data by the environment")]
    let folder = std::env::var_os("SHELFIQ_DATA").map_or_else(|| PathBuf::from("../../../shared/data"), PathBuf::from);
    let path = folder.join("uci_online_retail").join(name);
    if path.is_file() {
        return Some(path);
    }
    eprintln!("SKIPPED {}: set SHELFIQ_DATA", path.display());
    None
}

fn check(name: &str) {
    let Some(path) = file(name) else { return };
    let table = Columns::read(&path, &Hints::default(), &Limits::default()).unwrap();
    assert_eq!(table.row_count(), 541_909);
    let quantity = table.numbers("Quantity").unwrap();
    let price = table.numbers("UnitPrice").unwrap();
    let net: f64 = quantity.iter().zip(&price).map(|(quantity, price)| quantity.unwrap() * price.unwrap()).sum();
    assert!((net - 9_747_747.934).abs() < 1e-4, "{net}");
    let days = table.moments("InvoiceDate").unwrap();
    let day = |moment: &Option<shelfiq_tabular::Moment>| moment.unwrap().day().to_string();
    assert_eq!((day(&days[0]), day(&days[541_908])), ("2010-12-01".to_owned(), "2011-12-09".to_owned()));
    assert_eq!(table.kind("InvoiceNo").unwrap(), ColumnKind::Text);
    assert_eq!(table.kind("InvoiceDate").unwrap(), ColumnKind::Timestamp);
}

#[test]
fn the_compressed_csv_reads_exactly() {
    check("online_retail.csv.gz");
}

#[test]
fn the_parquet_file_reads_exactly() {
    check("online_retail.parquet");
}
