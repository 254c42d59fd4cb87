//! Planted anomalies found, by kind, and false alarms, one line a seed and their sum.
//!
//! `cargo run --release -p shelfiq-arena --example anomaly_scores -- 21 22 23`

#![allow(clippy::print_stdout, reason = "it prints a table")]
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on may panic anywhere")]

use chrono::NaiveDate;
use shelfiq_arena::ArenaConfig;
use shelfiq_arena::score::{AnomalyScore, KindScore, score_anomalies};

fn main() {
    let last_day = NaiveDate::from_ymd_opt(2026, 6, 30).unwrap();
    println!("seed | found of visible by kind | found | false, explained a Sku and year | told, false a Sku and year");
    let mut scores = Vec::new();
    for seed in std::env::args().skip(1) {
        let score = score_anomalies(&ArenaConfig::small(seed.parse().unwrap(), last_day)).unwrap();
        line(&seed, std::slice::from_ref(&score));
        scores.push(score);
    }
    line("all", &scores);
}

fn line(name: &str, scores: &[AnomalyScore]) {
    let sum = |count: &dyn Fn(&AnomalyScore) -> usize| scores.iter().map(count).sum::<usize>();
    let mean = |value: &dyn Fn(&AnomalyScore) -> f64| scores.iter().map(value).sum::<f64>() / scores.len() as f64;
    let all = |count: &dyn Fn(&KindScore) -> usize| sum(&|score| score.kinds.iter().map(count).sum());
    let kinds: Vec<String> = (0..scores[0].kinds.len())
        .map(|kind| {
            let of = |count: &dyn Fn(&KindScore) -> usize| sum(&|score| count(&score.kinds[kind]));
            format!("{:?} {}/{}", scores[0].kinds[kind].kind, of(&|kind| kind.found), of(&|kind| kind.visible))
        })
        .collect();
    let (found, visible) = (all(&|kind| kind.found), all(&|kind| kind.visible));
    println!(
        "{name:>4} | {} | {:.1} % | {:.3}, {:.3} | {} of {}, {:.3}",
        kinds.join(", "),
        100.0 * found as f64 / visible as f64,
        mean(&|score| score.false_alarms_per_sku_year),
        mean(&|score| score.explained_alarms_per_sku_year),
        sum(&|score| score.told.told),
        sum(&|score| score.told.visible),
        mean(&|score| score.told.false_episodes_told_per_sku_year),
    );
}
