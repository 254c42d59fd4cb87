//! Public panels whose slopes are known from elsewhere.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;

use flate2::read::GzDecoder;
use shelfiq_pricing::{
    DemandTable, ElasticityOptions, ElasticityReport, TimeAxis, estimate_elasticities, panel_of_table,
};

type Rows = Vec<BTreeMap<String, String>>;

fn rows(name: &str) -> Option<Rows> {
    #[expect(clippy::disallowed_methods, reason = "a test finds its data by the environment")]
    let folder = std::env::var_os("SHELFIQ_DATA").map_or_else(|| PathBuf::from("../../../shared/data"), PathBuf::from);
    let path = folder.join(name);
    let Ok(file) = File::open(&path) else {
        eprintln!("SKIPPED {}: set SHELFIQ_DATA", path.display());
        return None;
    };
    Some(csv::Reader::from_reader(GzDecoder::new(file)).deserialize().map(Result::unwrap).collect())
}

fn numbers(rows: &Rows, value: impl Fn(&BTreeMap<String, String>) -> f64) -> Vec<Option<f64>> {
    rows.iter().map(|row| Some(value(row))).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap()
}

fn estimate(table: &DemandTable) -> ElasticityReport {
    estimate_elasticities(&panel_of_table(table).unwrap(), &ElasticityOptions::default())
}

/// Days since 1970 of a date like 2015-01-04, by the civil-from-days rule.
fn day(date: &str) -> i32 {
    let parts: Vec<i32> = date.split('-').map(|part| part.parse().unwrap()).collect();
    let (year, month) = if parts[1] > 2 { (parts[0], parts[1] - 3) } else { (parts[0] - 1, parts[1] + 9) };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + parts[2] - 719_469
}

#[test]
fn avocados_in_fifty_four_markets() {
    let Some(rows) = rows("avocado/avocado.csv.gz") else { return };
    let text = |of: fn(&BTreeMap<String, String>) -> String| rows.iter().map(of).collect();
    let report = estimate(&DemandTable {
        time: TimeAxis::CalendarDays,
        unique_id: text(|row| format!("{} {}", row["geography"], row["type"])),
        ds: rows.iter().map(|row| day(&row["date"])).collect(),
        price: numbers(&rows, |row| number(row, "average_price")),
        quantity: numbers(&rows, |row| number(row, "total_volume")),
        censored: Vec::new(),
        groups: vec![("type".to_owned(), text(|row| row["type"].clone()))],
        controls: Vec::new(),
    });
    // Within market and type, with effects of each week and type: −1.209. Comparing markets with each other gives −4.586.
    eprintln!("{:?}", report.population);
    let average = report.population.average.mean;
    assert!((-1.45..=-1.05).contains(&average), "{average}");
    assert!(report.rows.iter().filter(|row| row.identified()).count() >= 100);
    assert!(report.rows.iter().all(|row| row.belief.mean < 0.0));
}

#[test]
fn sliced_cheese_at_eighty_eight_retailers() {
    let Some(rows) = rows("cheese/cheese.csv.gz") else { return };
    let report = estimate(&DemandTable {
        time: TimeAxis::Steps,
        unique_id: rows.iter().map(|row| row["RETAILER"].clone()).collect(),
        ds: (0..rows.len() as i32).collect(),
        price: numbers(&rows, |row| number(row, "PRICE")),
        quantity: numbers(&rows, |row| number(row, "VOLUME")),
        censored: Vec::new(),
        groups: Vec::new(),
        controls: vec![("DISP".to_owned(), numbers(&rows, |row| number(row, "DISP")))],
    });
    // Within retailers, with DISP: −2.388. Comparing retailers with each other gives −1.258.
    eprintln!("{:?}", report.population);
    let average = report.population.average.mean;
    assert!((-2.6..=-2.1).contains(&average), "{average}");
}

#[test]
fn cigarettes_in_forty_eight_states() {
    let Some(rows) = rows("cigarettes_sw/CigarettesSW.csv.gz") else { return };
    let rows: Rows = rows.into_iter().filter(|row| row["year"] == "1995").collect();
    let report = estimate(&DemandTable {
        time: TimeAxis::Steps,
        unique_id: vec!["cigarettes".to_owned(); rows.len()],
        ds: vec![1995; rows.len()],
        price: numbers(&rows, |row| number(row, "price") / number(row, "cpi")),
        quantity: numbers(&rows, |row| number(row, "packs")),
        censored: Vec::new(),
        groups: Vec::new(),
        controls: vec![(
            "log income".to_owned(),
            numbers(&rows, |row| (number(row, "income") / number(row, "population") / number(row, "cpi")).ln()),
        )],
    });
    // Least squares with the log of income per head: −1.407.
    let row = &report.rows[0];
    eprintln!("{row:?}");
    assert!((-1.6..=-1.2).contains(&row.belief.mean) && row.identified(), "{row:?}");
}
