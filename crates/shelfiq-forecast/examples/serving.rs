//! What it takes to learn from a made-up shop, and then to forecast its Skus one by one: `serving [SKUS] [DAYS]`; or to
//! train and forecast all of them at once: `serving SKUS DAYS batch`. CPU seconds and memory are those that Linux tells.
//!
//! Skus sell daily in units, from rarely to steadily, with a price and promotions; 56 days are forecast.

#![allow(clippy::print_stdout, reason = "figures are what it is for")]

use std::time::Instant;

use rayon::prelude::*;
use shelfiq_forecast::{Calendar, Forecast, ForecastOptions, Frequency, Regressor, Series, Stamp, learn, train};

const HORIZON: usize = 56;
/// Prices of a grid.
const PRICES: usize = 16;

/// A repeatable scatter between 0 and 1.
fn noise(seed: u64) -> f64 {
    let mut x = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn sku(sku: u64, days: usize) -> Result<Series, Box<dyn std::error::Error>> {
    let rate = 0.05 * 600_f64.powf(noise(sku));
    let promotion = |day: usize| f64::from(noise(sku * 977 + day as u64 / 10) < 0.1);
    let price = |day: usize| {
        let usual = 10.0 + (noise(sku * 31 + day as u64 / 200) * 4.0).round();
        if promotion(day) > 0.0 { 0.8 * usual } else { usual }
    };
    let sold = |day: usize| {
        let season = 1.0 + 0.3 * (day as f64 / 365.25 * std::f64::consts::TAU).sin();
        let mean = rate * season * if day % 7 > 4 { 1.6 } else { 0.8 } * (12.0 / price(day)).powi(2);
        (mean * -(1.0 - noise(sku * 10_007 + day as u64)).ln()).round()
    };
    let column = |name: &str, value: &dyn Fn(usize) -> f64| Regressor {
        name: name.to_owned(),
        values: (0..days + HORIZON).map(value).collect(),
    };
    let calendar = Calendar::new(Stamp::parse("2023-01-01").ok_or("no date")?, Frequency::DAY);
    let series = Series::new(format!("sku-{sku}"), calendar, (0..days).map(sold).collect())?;
    let series = series.with_regressor(column("price", &price))?;
    Ok(series.with_regressor(column("promotion", &promotion))?.with_category("category", format!("{}", sku % 12)))
}

/// Prints how long one call takes at the median and at the 95th percentile, and what a call for each series takes.
fn measure(what: &str, series: &[Series], forecast: impl Fn(usize) -> Forecast + Sync) {
    let mut milliseconds: Vec<f64> = (0..series.len().min(500))
        .map(|place| {
            let began = Instant::now();
            std::hint::black_box(forecast(place));
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    milliseconds.sort_by(f64::total_cmp);
    let at = |share: f64| milliseconds[((milliseconds.len() - 1) as f64 * share) as usize];
    println!("{what}: {:.2} ms at the median, {:.2} ms p95", at(0.5), at(0.95));
    timed(&format!("  {} such calls on all threads", series.len()), || {
        (0..series.len()).into_par_iter().for_each(|place| drop(std::hint::black_box(forecast(place))));
    });
}

/// Seconds of all processors that this process took so far.
fn cpu_seconds() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/self/stat").ok()?;
    // In hundredths, the 14th and 15th word; the second, a name in brackets, may have blanks.
    let words = told.rsplit(')').next()?.split_whitespace();
    let ticks: Vec<f64> = words.skip(11).take(2).map_while(|word| word.parse().ok()).collect();
    Some(ticks.iter().sum::<f64>() / 100.0)
}

/// The most memory that this process held at once, as Linux writes it.
fn peak_memory() -> String {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    told.lines().find_map(|line| line.strip_prefix("VmHWM:")).map_or("unknown", str::trim).to_owned()
}

/// What one step took.
fn timed<T>(what: &str, step: impl FnOnce() -> T) -> T {
    let (began, cpu) = (Instant::now(), cpu_seconds());
    let answer = step();
    let cpu = cpu_seconds().zip(cpu).map_or(f64::NAN, |(now, then)| now - then);
    println!("{what}: {:.2} s, {cpu:.2} CPU s", began.elapsed().as_secs_f64());
    answer
}

/// All Skus at once: trained on what is known, forecast the day after.
fn batch(then: &[Series], now: &[Series], options: &ForecastOptions) {
    let (experience, fitted) = timed("training", || train(then, options));
    let forecasts: Vec<Forecast> = timed("forecasting by fits, a day later", || {
        now.par_iter().zip(&fitted).map(|(series, fitted)| experience.forecast_fitted(fitted, series)).collect()
    });
    let units: f64 = forecasts.iter().flat_map(|forecast| &forecast.steps).map(|step| step.mean).sum();
    println!("{units:.3} units are expected; peak memory {}", peak_memory());
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let is_batch = words.pop_if(|word| word == "batch").is_some();
    let arguments: Vec<usize> = words.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    let (skus, days) = (arguments.first().copied().unwrap_or(1000), arguments.get(1).copied().unwrap_or(1095));
    let shop = |days: usize| (0..skus as u64).map(|index| sku(index, days)).collect::<Result<Vec<_>, _>>();
    let (then, now) = (shop(days)?, shop(days + 1)?);
    let options = ForecastOptions::for_demand(HORIZON);

    if is_batch {
        batch(&then, &now, &options);
        return Ok(());
    }
    let experience = timed(&format!("learning from {skus} Skus of {days} days"), || learn(&then, &options));
    let fitted = timed("fitting them", || experience.fit(&then));
    let bytes = |text: String| text.len() as f64 / 1024.0;
    let (whole, one) = (bytes(serde_json::to_string(&experience)?), bytes(serde_json::to_string(&fitted[0])?));
    println!("as JSON: experience {whole:.0} KiB, one fit {one:.1} KiB");
    measure("forecast from scratch", &then, |place| experience.forecast(&then[place..=place]).swap_remove(0));
    measure("forecast by a fit, a day later", &now, |place| experience.forecast_fitted(&fitted[place], &now[place]));
    let prices: Vec<Vec<f64>> = (0..PRICES).map(|step| vec![8.0 + step as f64 / 4.0; HORIZON]).collect();
    let futures = |series: &Series| -> Vec<Series> {
        prices.iter().filter_map(|path| series.with_coming("price", path).ok()).collect()
    };
    measure(&format!("{PRICES} prices by a fit"), &now, |place| {
        experience.forecast_grid(&fitted[place], &futures(&now[place])).swap_remove(0)
    });
    Ok(())
}
