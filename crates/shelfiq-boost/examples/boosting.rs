//! Trains on a table and answers for its end, for `benches/boosting.py`.
//!
//! `boosting TABLE ANSWERS TRAIN_ROWS TEST_ROWS COLUMNS TREES LEAVES RATE OBJECTIVE [SHARE_OR_POWER]`
//!
//! `TABLE` holds little-endian doubles, column after column, the target last; training rows come first. The answers
//! for the test rows go to `ANSWERS`; costs are printed as one line of JSON.

use std::time::Instant;

use shelfiq_boost::{BoostOptions, Booster, Objective, Rows};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [table, answers, train_rows, test_rows, columns, trees, leaves, rate, objective, rest @ ..] = &arguments[..]
    else {
        return Err("see the first lines of this example".into());
    };
    let (train_rows, test_rows, columns) =
        (train_rows.parse::<usize>()?, test_rows.parse::<usize>()?, columns.parse()?);
    let number =
        || rest.first().ok_or("the objective wants a number")?.parse::<f64>().map_err(|error| error.to_string());
    let objective = match objective.as_str() {
        "squared" => Objective::Squared,
        "absolute" => Objective::Absolute,
        "poisson" => Objective::Poisson,
        "huber" => Objective::Huber { delta: number()? },
        "tweedie" => Objective::Tweedie { power: number()? },
        "quantile" => Objective::Quantile { share: number()? },
        other => return Err(format!("no objective is called {other}").into()),
    };
    let values: Vec<f64> =
        std::fs::read(table)?.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap_or_default())).collect();
    let whole: Vec<&[f64]> = values.chunks_exact(train_rows + test_rows).collect();
    let part: Vec<&[f64]> = whole.iter().map(|column| &column[..train_rows]).collect();
    let rows = Rows { columns: &part[..columns], target: part[columns], weights: None };
    let options = BoostOptions {
        trees: trees.parse()?,
        leaves_max: leaves.parse()?,
        learning_rate: rate.parse()?,
        ..BoostOptions::new(objective)
    };

    let (began, before) = (Instant::now(), cpu_seconds()?);
    let booster = Booster::train(&rows, None, &options)?;
    let (train_wall_s, train_cpu_s) = (began.elapsed().as_secs_f64(), cpu_seconds()? - before);

    let test: Vec<f64> = (train_rows..train_rows + test_rows)
        .flat_map(|row| whole[..columns].iter().map(move |column| column[row]))
        .collect();
    let began = Instant::now();
    let found = booster.predict_rows(&test);
    let batch_row_us = began.elapsed().as_secs_f64() * 1e6 / test_rows as f64;
    let began = Instant::now();
    let mut sum = 0.0;
    for row in test.chunks_exact(columns) {
        sum += booster.predict(std::hint::black_box(row));
    }
    let single_row_us = began.elapsed().as_secs_f64() * 1e6 / test_rows as f64;
    std::hint::black_box(sum);
    std::fs::write(answers, found.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>())?;
    #[expect(clippy::print_stdout, reason = "its answer")]
    {
        println!(
            "{{\"train_wall_s\": {train_wall_s}, \"train_cpu_s\": {train_cpu_s}, \"single_row_us\": {single_row_us}, \
             \"batch_row_us\": {batch_row_us}, \"trees\": {}}}",
            booster.trees()
        );
    }
    Ok(())
}

/// CPU time of this process so far, all threads, in hundredths.
fn cpu_seconds() -> Result<f64, Box<dyn std::error::Error>> {
    let line = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = line.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    Ok((fields[11].parse::<f64>()? + fields[12].parse::<f64>()?) / 100.0)
}
