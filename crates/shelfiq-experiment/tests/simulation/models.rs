//! Two models or variants side by side: false alarms are rare, real differences are found in the time foretold.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use shelfiq_core::Ratio;
use shelfiq_experiment::{Canary, CanaryVerdict, CountComparison, Looks, LossPair};

use crate::shop::{count, normal, rng};

/// Daily losses with days that are hard for both, heavy tails and now and then a day on which one of them goes astray.
fn losses(worse_by: f64, rng: &mut ChaCha8Rng) -> LossPair {
    let day = (0.5 * normal(rng)).exp();
    let mut own = || {
        let astray = if rng.random::<f64>() < 0.03 { 10.0 * rng.random::<f64>() } else { 0.0 };
        (0.2 * normal(rng)).exp() + astray
    };
    let (champion, challenger) = (day * own(), day * own() * (1.0 + worse_by));
    LossPair { champion, challenger }
}

/// Shares of runs over a year that end in rolling back and in promoting, and the mean day of the verdict.
fn canaries(worse_by: f64, seeds: std::ops::Range<u64>) -> [f64; 3] {
    let runs = (seeds.end - seeds.start) as f64;
    let mut sums = [0.0; 3];
    for seed in seeds {
        let mut rng = rng(seed);
        let mut canary = Canary::new(0.05).unwrap();
        let ended = (1..=365).find(|_| canary.observe(losses(worse_by, &mut rng)) != CanaryVerdict::Watch);
        match canary.verdict() {
            CanaryVerdict::RollBack => sums[0] += 1.0,
            CanaryVerdict::Promote => sums[1] += 1.0,
            CanaryVerdict::Watch => {}
        }
        sums[2] += f64::from(ended.unwrap_or(365));
    }
    sums.map(|sum| sum / runs)
}

#[test]
fn an_equal_challenger_is_rolled_back_in_at_most_five_percent_of_years() {
    let [rolled_back, promoted, _] = canaries(0.0, 300_000..302_000);
    println!("equal: rolled back {rolled_back:.4}, promoted {promoted:.4}");
    assert!(rolled_back <= 0.05 && promoted <= 0.05, "rolled back {rolled_back:.4}, promoted {promoted:.4}");
}

#[test]
fn a_worse_challenger_is_rolled_back_and_a_better_one_promoted() {
    let [rolled_back, promoted, days] = canaries(0.2, 310_000..310_300);
    println!("20 % worse: rolled back {rolled_back:.3} after {days:.0} days");
    assert!(rolled_back > 0.95 && promoted < 0.02 && days < 60.0, "{rolled_back:.3} after {days:.0} days");
    let [rolled_back, promoted, days] = canaries(-0.15, 320_000..320_300);
    println!("15 % better: promoted {promoted:.3} after {days:.0} days");
    assert!(promoted > 0.95 && rolled_back < 0.02, "{promoted:.3} after {days:.0} days");
}

#[test]
fn an_effect_as_large_as_assumed_is_found_with_the_probability_asked_for() {
    let comparison = CountComparison {
        units_per_day: 80.0,
        dispersion: 2.0,
        new_share: Ratio::from_percent(30),
        error_probability: 0.05,
        power: 0.8,
        looks: Looks::Once,
    };
    let effect = 0.12;
    let days = comparison.days_needed(effect).unwrap();
    let mut rng = rng(42);
    let mut share_found = |effect: f64| {
        let runs = 4_000;
        let found = (0..runs).filter(|_| {
            let mut sum = |mean: f64| (0..days).map(|_| count(mean, 2.0, &mut rng)).sum::<i64>() as f64;
            let (new, old) = (sum(80.0 * 0.3 * (1.0 + effect)), sum(80.0 * 0.7));
            let log_ratio = (new / old / (0.3 / 0.7)).ln();
            log_ratio.abs() > 1.96 * (2.0 * (1.0 / new + 1.0 / old)).sqrt()
        });
        found.count() as f64 / f64::from(runs)
    };
    let (power, error) = (share_found(effect), share_found(0.0));
    println!("{days} days: found in {power:.3}, without effect in {error:.3}");
    assert!((power - 0.8).abs() < 0.03 && error < 0.06, "found in {power:.3}, without effect in {error:.3}");
}
