//! Elasticities and price advice in small shops, one line a seed and their means.
//!
//! `cargo run --release -p shelfiq-arena --example price_scores -- 1 2 101 102`

#![allow(clippy::print_stdout, reason = "it prints a table")]
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on may panic anywhere")]

use chrono::NaiveDate;
use shelfiq_arena::ArenaConfig;
use shelfiq_arena::score::{AdviceScore, PriceScore, score_prices};

fn main() {
    let last_day = NaiveDate::from_ymd_opt(2026, 6, 30).unwrap();
    println!(
        "seed | covered, twin | error, twin | recognised, twin | cuts right of, stated | raises right of, stated | gain of | promotions covered, error | rivals covered, error"
    );
    let mut scores = Vec::new();
    for seed in std::env::args().skip(1) {
        let score = score_prices(&ArenaConfig::small(seed.parse().unwrap(), last_day)).unwrap();
        line(&seed, &[score]);
        scores.push(score);
    }
    line("all", &scores);
}

fn line(name: &str, scores: &[PriceScore]) {
    let mean = |value: &dyn Fn(&PriceScore) -> f64| scores.iter().map(value).sum::<f64>() / scores.len() as f64;
    println!(
        "{name:>4} | {:.1} {:.1} % | {:.3} {:.3} | {:.0} {:.0} % | {} | {} | {:+.2} of {:+.2} % | {:.1} % {:.3} | {:.1} % {:.3}",
        100.0 * mean(&|score| score.elasticity.coverage_95),
        100.0 * mean(&|score| score.elasticity_confounded.coverage_95),
        mean(&|score| score.elasticity.error_identified),
        mean(&|score| score.elasticity_confounded.error_identified),
        100.0 * mean(&|score| score.elasticity.unidentifiable_recognised),
        100.0 * mean(&|score| score.elasticity_confounded.unidentifiable_recognised),
        advice(scores, |score| score.profit.cuts),
        advice(scores, |score| score.profit.raises),
        100.0 * mean(&|score| score.profit.expected_gain),
        100.0 * mean(&|score| score.profit.expected_gain_of_truth),
        100.0 * mean(&|score| score.elasticity.promotion.coverage_95),
        mean(&|score| score.elasticity.promotion.error),
        100.0 * mean(&|score| score.elasticity.rival.coverage_95),
        mean(&|score| score.elasticity.rival.error),
    );
}

/// Over all recommendations of the shops: every one counts the same.
fn advice(scores: &[PriceScore], of: impl Fn(&PriceScore) -> AdviceScore) -> String {
    let given: Vec<AdviceScore> = scores.iter().map(of).filter(|advice| advice.given > 0).collect();
    let count: usize = given.iter().map(|advice| advice.given).sum();
    let share = |value: fn(&AdviceScore) -> f64| {
        100.0 * given.iter().map(|advice| advice.given as f64 * value(advice)).sum::<f64>() / count as f64
    };
    format!("{:.1} % of {count}, {:.1} %", share(|advice| advice.right), share(|advice| advice.stated))
}
