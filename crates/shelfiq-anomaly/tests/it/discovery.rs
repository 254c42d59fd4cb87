//! Rates over many series are what they say.

use shelfiq_anomaly::{
    AnomalyKind, Answers, Cadence, Detector, DetectorConfig, Feedback, conformal_p_values, discoveries,
};

use crate::dice::Dice;

/// P-values of `count` tests, each `every`-th of them of something real.
fn p_values(seed: u64, count: usize, every: usize) -> Vec<(f64, bool)> {
    let mut dice = Dice::new(seed);
    (0..count)
        .map(|index| {
            let is_real = index % every == 0;
            let p = dice.unit();
            (if is_real { p * 1e-5 } else { p }, is_real)
        })
        .collect()
}

/// Mean share of false discoveries, and share of what is real that was discovered.
fn judge(decide: impl Fn(&[f64]) -> Vec<bool>) -> (f64, f64) {
    let (mut false_share, mut power) = (0.0, 0.0);
    for seed in 0..100 {
        let tests = p_values(seed, 1_000, 20);
        let told = decide(&tests.iter().map(|test| test.0).collect::<Vec<_>>());
        let count = |is_real: bool| tests.iter().zip(&told).filter(|(test, told)| **told && test.1 == is_real).count();
        false_share += count(false) as f64 / (count(false) + count(true)).max(1) as f64 / 100.0;
        power += count(true) as f64 / 50.0 / 100.0;
    }
    (false_share, power)
}

#[test]
fn of_what_a_day_tells_the_promised_share_is_false() {
    let (false_share, power) = judge(|p_values| discoveries(p_values, 0.1));
    assert!(false_share < 0.115 && power > 0.95, "{false_share} {power}");
}

#[test]
fn where_nothing_is_real_hardly_a_day_tells_anything() {
    let days = (0..200).filter(|seed| {
        let mut dice = Dice::new(*seed);
        let p_values: Vec<f64> = (0..500).map(|_| dice.unit()).collect();
        discoveries(&p_values, 0.05).contains(&true)
    });
    // 10 expected, 3.1 standard deviation.
    assert!(days.count() <= 20);
}

#[test]
fn nothing_is_discovered_in_nothing() {
    assert!(discoveries(&[], 0.1).is_empty());
    assert_eq!(discoveries(&[f64::NAN, 0.9, 1e-9], 0.1), [false, false, true]);
    assert_eq!(conformal_p_values(&[], &[3.0, f64::NAN]), [1.0, 1.0]);
}

#[test]
fn conformal_p_values_hold_their_rate_whatever_the_distribution() {
    let mut dice = Dice::new(1);
    let mut heavy = || (3.0 * dice.normal()).exp();
    let mut told = 0;
    for _ in 0..200 {
        let calm: Vec<f64> = (0..200).map(|_| heavy()).collect();
        let scores: Vec<f64> = (0..50).map(|_| heavy()).collect();
        told += conformal_p_values(&calm, &scores).iter().filter(|p| **p <= 0.05).count();
    }
    let rate = f64::from(told as u32) / 10_000.0;
    assert!((0.035..0.06).contains(&rate), "{rate}");
}

#[test]
fn at_a_rate_of_five_per_cent_no_more_of_a_clean_series_rings() {
    let config = DetectorConfig { false_alarm_rate: Some(0.05), ..DetectorConfig::default() };
    for mean in [0.2, 2.0, 12.0, 300.0] {
        let (mut alarms, mut values) = (0, 0);
        for seed in 0..30 {
            let mut dice = Dice::new(seed);
            let mut detector = Detector::new(&config, Cadence::Seconds(86_400)).unwrap();
            for day in 0..500 {
                let verdict = detector.observe(day, dice.poisson(mean));
                values += usize::from(verdict.band.is_some());
                alarms += usize::from(verdict.is_anomaly());
            }
        }
        let rate = alarms as f64 / values as f64;
        assert!(rate < 0.05, "mean {mean}: {rate}");
    }
}

#[test]
fn few_answers_change_little_and_confirmations_undo_it() {
    let factor = |dismissed, confirmed| Answers { confirmed, dismissed }.factor();
    assert_eq!([factor(0, 0), factor(1, 0), factor(0, 50), factor(10, 10)], [1.0; 4]);
    assert!(factor(2, 0) > 0.6 && factor(5, 0) < 0.15 && factor(10, 0) < 0.1, "{}", factor(2, 0));
    assert!(factor(10, 5) > factor(10, 0) && factor(1_000, 0) >= 0.02);
}

/// Twenty Skus of one merchant with large orders now and then that the merchant knows of, and a spike every half year
/// that is news.
#[test]
fn dismissed_alarms_come_less_often_and_real_ones_still_ring() {
    let rate = Cadence::Seconds(86_400).false_alarm_rate();
    let (mut repeats, mut repeats_told, mut news_told) = (0, 0, 0);
    let mut feedback = Feedback::default();
    for seed in 0..20 {
        let mut dice = Dice::new(seed);
        let mut detector = Detector::new(&DetectorConfig::default(), Cadence::Seconds(86_400)).unwrap();
        for day in 0..720 {
            let is_news = day > 300 && day % 180 == 0;
            // Large orders at odd times, which say nothing: noise with a heavy tail.
            let bulk = if dice.unit() < 0.03 { 9.0 + 3.0 * dice.unit() } else { 0.0 };
            let value = dice.poisson(6.0) + if is_news { 60.0 } else { bulk.round() };
            let verdict = detector.observe(day, value);
            if verdict.kind != Some(AnomalyKind::Spike) {
                continue;
            }
            let is_told = feedback.rings(&verdict, rate);
            let answers = feedback.0.entry(AnomalyKind::Spike).or_default();
            if is_news {
                news_told += usize::from(is_told);
                answers.confirmed += u32::from(is_told);
            } else {
                // What the first Skus teach serves the others.
                repeats += usize::from(seed >= 5);
                repeats_told += usize::from(seed >= 5 && is_told);
                answers.dismissed += u32::from(is_told);
            }
        }
    }
    assert!(repeats_told * 3 < repeats * 2, "{repeats_told} of {repeats}");
    assert!(news_told >= 38, "{news_told} of 40");
}
