//! Looks for outliers in a table held in memory, for `benches/outliers.py`.
//!
//! `outliers TABLE COLUMNS SCORES`
//!
//! `TABLE` holds little-endian doubles, column after column. The scores go to `SCORES` likewise; costs are printed as one
//! line of JSON: CPU seconds of all threads for fitting and judging the whole table, and microseconds for one row.

use std::time::Instant;

use shelfiq_anomaly::{OutlierConfig, OutlierModel, find_outliers};

/// Rows that are judged one by one.
const SINGLE_ROWS: usize = 2_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [table, columns, scores] = &arguments[..] else {
        return Err("see the first lines of this example".into());
    };
    let values: Vec<f64> =
        std::fs::read(table)?.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap_or_default())).collect();
    let rows = values.len() / columns.parse::<usize>()?;
    let columns = values.chunks_exact(rows).enumerate();
    let columns: Vec<(String, Vec<f64>)> = columns.map(|(place, part)| (place.to_string(), part.to_vec())).collect();
    let config = OutlierConfig::default();

    let before = cpu_seconds()?;
    let found = find_outliers(&columns, &config)?;
    let bulk_cpu_s = cpu_seconds()? - before;

    let model = OutlierModel::fit(&columns, &config)?;
    let row = |place: usize| columns.iter().map(|(_, part)| part[place]).collect::<Vec<f64>>();
    let singles: Vec<Vec<f64>> = (0..rows.min(SINGLE_ROWS)).map(row).collect();
    let began = Instant::now();
    for row in &singles {
        std::hint::black_box(model.judge(std::hint::black_box(row))?);
    }
    let single_row_us = began.elapsed().as_secs_f64() * 1e6 / singles.len() as f64;

    std::fs::write(scores, found.iter().flat_map(|verdict| verdict.score.to_le_bytes()).collect::<Vec<u8>>())?;
    #[expect(clippy::print_stdout, reason = "its answer")]
    {
        println!("{{\"bulk_cpu_s\": {bulk_cpu_s}, \"single_row_us\": {single_row_us}}}");
    }
    Ok(())
}

/// CPU time of this process so far, all threads, in hundredths.
fn cpu_seconds() -> Result<f64, Box<dyn std::error::Error>> {
    let line = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = line.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    Ok((fields[11].parse::<f64>()? + fields[12].parse::<f64>()?) / 100.0)
}
