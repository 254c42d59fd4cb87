//! The scorecard is reproducible, and the brains pass it with room to spare.

#![allow(clippy::unwrap_used)]

use chrono::NaiveDate;
use shelfiq_arena::score::{Scorecard, score};
use shelfiq_arena::{ArenaConfig, ShopSize};

fn scorecard(seed: u64, skus: u32) -> Scorecard {
    let last_day = NaiveDate::from_ymd_opt(2026, 9, 30).unwrap();
    score(&ArenaConfig { size: ShopSize::Custom { skus, days: 400 }, ..ArenaConfig::small(seed, last_day) }).unwrap()
}

#[test]
fn equal_shops_give_equal_scorecards_on_any_number_of_threads() {
    let with_threads = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| scorecard(7, 24))
    };
    let (one, three) = (with_threads(1), with_threads(3));
    assert_eq!(one.to_string(), three.to_string());
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&three).unwrap());
}

/// The bounds are far from what the brains reach, so that only something broken crosses them.
#[test]
fn the_brains_are_of_use() {
    let card = scorecard(8, 120);
    eprintln!("{card}");
    assert!(card.elasticity.coverage_95 > 0.8);
    assert!(card.elasticity_confounded.coverage_95 > 0.75);
    assert!(card.elasticity.unidentifiable_recognised > 0.9);
    assert!(card.forecast.wape_expected < 0.75 * card.forecast.wape_expected_naive);
    assert!((0.7..0.95).contains(&card.forecast.coverage_80) && card.forecast.coverage_95 > 0.85);
    assert!(card.anomaly.recall > 0.6 && card.anomaly.false_alarms_per_sku_year < 2.0);
    assert!(card.profit.expected_gain > -0.01 && card.profit.expected_gain < card.profit.expected_gain_of_truth);
}
