//! Effects measured beside peers: planted ones are held by the interval, absent ones are rarely claimed.

use std::f64::consts::TAU;

use chrono::{Datelike, Days, NaiveDate};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use shelfiq_core::{CurrencyCode, Sku};
use shelfiq_experiment::{
    DecisionCase, EffectAnswer, EffectVerdict, MeasureOptions, MeasuredEffect, SalesHistory, measure_by_peers,
};

use crate::shop::{count, date, normal, rng, sales_day};

/// A category in which everybody has season and weather in common, each in a measure of its own, and moves by itself too.
#[derive(Clone, Copy)]
struct Category {
    peers: usize,
    /// Smallest and largest units a day.
    units: (f64, f64),
    dispersion: f64,
    /// Standard deviation of what moves a single Sku from week to week, and how much of it lasts into the next.
    own: (f64, f64),
    /// Effect on the units of the decided Sku: 0.05 for 5 % more.
    effect: f64,
}

const CATEGORY: Category = Category { peers: 20, units: (5.0, 60.0), dispersion: 1.5, own: (0.06, 0.5), effect: 0.0 };

const WEEKS: usize = 26 + 4;

fn first_day() -> NaiveDate {
    date("2024-07-03")
}

impl Category {
    fn case(&self, seed: u64) -> DecisionCase {
        let mut rng = rng(seed);
        let phase = TAU * rng.random::<f64>();
        let common: Vec<f64> =
            (0..WEEKS).map(|week| 0.15 * (TAU * week as f64 / 52.0 + phase).sin() + 0.08 * normal(&mut rng)).collect();
        let mut skus: Vec<SalesHistory> =
            (0..=self.peers).map(|index| self.history(index, &common, &mut rng)).collect();
        let decided = skus.remove(0);
        DecisionCase {
            currency: CurrencyCode::EUR,
            first_day: first_day(),
            through: first_day() + Days::new(27),
            decided,
            peers: skus,
        }
    }

    fn history(&self, index: usize, common: &[f64], rng: &mut ChaCha8Rng) -> SalesHistory {
        let level = self.units.0 * (self.units.1 / self.units.0).powf(rng.random::<f64>());
        let loading = 0.5 + rng.random::<f64>();
        let (sd, lasting) = self.own;
        let mut own = sd * normal(rng);
        let start = first_day() - Days::new(26 * 7);
        let mut days = Vec::new();
        for (week, shock) in common.iter().enumerate() {
            own = lasting * own + sd * (1.0 - lasting * lasting).sqrt() * normal(rng);
            for day in 0..7 {
                let date = start + Days::new((7 * week + day) as u64);
                let weekday = 1.0 + 0.2 * (f64::from(date.weekday().num_days_from_monday()) - 3.0) / 3.0;
                let decided = if index == 0 && date >= first_day() { 1.0 + self.effect } else { 1.0 };
                let mean = level * weekday * (loading * shock + own).exp() * decided;
                days.push(sales_day(date, count(mean, self.dispersion, rng)));
            }
        }
        SalesHistory { sku: Sku::new(&format!("SKU-{index}")).unwrap(), days }
    }
}

fn measured(case: &DecisionCase) -> MeasuredEffect {
    match measure_by_peers(case, &MeasureOptions::default()).unwrap() {
        EffectAnswer::Measured { effect } => *effect,
        other => panic!("{other:?}"),
    }
}

/// Shares of the runs: intervals that hold the truth (80 %, 95 %), and claims of an effect.
#[allow(clippy::print_stdout, reason = "with --nocapture the figures can be read")]
fn rates(category: Category, seeds: std::ops::Range<u64>) -> [f64; 3] {
    let runs = (seeds.end - seeds.start) as f64;
    let (mut in_80, mut in_95, mut claimed, mut width) = (0.0, 0.0, 0.0, 0.0);
    for seed in seeds {
        let effect = measured(&category.case(seed));
        let would_be = effect.units.expected / effect.units.expected_ratio;
        // Units that the decision brought, had the rest gone as it did: actual units less actual over 1 + effect.
        let [lo, hi] = effect.units.ratio_interval_95;
        let holds = |lo: f64, hi: f64| f64::from(u8::from(lo <= category.effect && category.effect <= hi));
        in_95 += holds(lo, hi);
        in_80 += holds(effect.units.interval_80[0] / would_be, effect.units.interval_80[1] / would_be);
        claimed += f64::from(u8::from(effect.verdict != EffectVerdict::Unclear));
        width += (hi - lo) / 2.0;
    }
    println!(
        "effect {:+.2}, {} peers, own {:?}, {:?} units, dispersion {}: 80 % held {:.3}, 95 % held {:.3}, claimed {:.3}, half width {:.3}",
        category.effect,
        category.peers,
        category.own,
        category.units,
        category.dispersion,
        in_80 / runs,
        in_95 / runs,
        claimed / runs,
        width / runs
    );
    [in_80, in_95, claimed].map(|sum| sum / runs)
}

#[test]
fn an_absent_effect_is_claimed_in_at_most_five_percent() {
    let [_, _, claimed] = rates(CATEGORY, 100_000..101_000);
    assert!(claimed <= 0.05, "claimed in {claimed:.3}");
}

#[test]
fn a_planted_effect_of_five_percent_lies_in_nine_intervals_of_ten() {
    let [in_80, in_95, _] = rates(Category { effect: 0.05, ..CATEGORY }, 103_000..103_200);
    assert!(in_95 >= 0.9, "95 % interval held it in {in_95:.3}");
    assert!(in_80 >= 0.72, "80 % interval held it in {in_80:.3}");
}

#[test]
fn intervals_hold_for_few_peers_slow_sellers_and_lasting_ups_and_downs() {
    let hard = [
        Category { peers: 6, ..CATEGORY },
        Category { units: (0.7, 8.0), dispersion: 2.5, ..CATEGORY },
        Category { own: (0.15, 0.9), ..CATEGORY },
        Category { peers: 40, units: (20.0, 200.0), own: (0.03, 0.3), effect: -0.2, ..CATEGORY },
    ];
    for category in hard {
        let [_, in_95, _] = rates(category, 105_000..105_200);
        assert!(in_95 >= 0.9, "95 % interval held it in {in_95:.3}");
    }
}
