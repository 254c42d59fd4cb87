//! Injected drift is flagged, stable data are not.

use shelfiq_anomaly::{
    Change, ColumnCounts, Direction, ErrorWatch, QualityChange, change_points, quality_drift, same_distribution,
    stability, trend,
};

use crate::dice::Dice;

fn normals(seed: u64, count: usize, mean: f64, deviation: f64) -> Vec<f64> {
    let mut dice = Dice::new(seed);
    (0..count).map(|_| mean + deviation * dice.normal()).collect()
}

#[test]
fn a_feature_that_moved_is_flagged_and_one_that_did_not_is_not() {
    for seed in 0..200 {
        let before = normals(seed, 2_000, 0.0, 1.0);
        for size in [30, 300] {
            let still = normals(seed + 1_000, size, 0.0, 1.0);
            assert!(!stability(&before, &still).unwrap().is_drift(), "seed {seed}, {size} values");
        }
        let moved = normals(seed + 1_000, 300, 0.9, 1.0);
        assert!(stability(&before, &moved).unwrap().is_drift(), "seed {seed}");
        assert!(same_distribution(&before, &moved).unwrap().p_value < 1e-6);
    }
}

#[test]
fn counts_with_many_equal_values_are_compared_as_well() {
    let counts = |seed, mean| {
        let mut dice = Dice::new(seed);
        (0..1_000).map(|_| dice.poisson(mean)).collect::<Vec<f64>>()
    };
    let before = counts(1, 0.3);
    assert!(!stability(&before, &counts(2, 0.3)).unwrap().is_drift());
    assert!(stability(&before, &counts(3, 1.2)).unwrap().is_drift());
    assert!(stability(&[], &before).is_none() && stability(&before, &[f64::NAN]).is_none());
}

#[test]
fn equal_distributions_are_told_apart_no_more_often_than_promised() {
    let p_value = |seed| same_distribution(&normals(seed, 80, 0.0, 1.0), &normals(seed + 9_999, 60, 0.0, 1.0)).unwrap();
    let told = (0..1_000).filter(|seed| p_value(*seed).p_value < 0.05).count();
    // 50 expected, 7 standard deviation.
    assert!((25..=75).contains(&told), "{told}");
    let same = [1.0, 2.0, 3.0];
    assert_eq!(same_distribution(&same, &same).unwrap().p_value, 1.0);
}

#[test]
fn forecasts_that_begin_to_miss_are_told_within_six_weeks() {
    let mut false_alarms = 0;
    for seed in 0..100 {
        let mut watch = ErrorWatch::default();
        false_alarms += normals(seed, 200, 0.0, 1.0).iter().filter(|error| watch.observe(**error).is_some()).count();
        let mut watch = ErrorWatch::default();
        let found = normals(seed + 500, 42, -1.0, 1.0).iter().find_map(|error| watch.observe(*error));
        assert_eq!(found, Some(Direction::Below), "seed {seed}");
    }
    assert!(false_alarms <= 6, "{false_alarms} in 20,000 values");
    let mut watch = ErrorWatch::default();
    assert_eq!((watch.observe(f64::NAN), watch.observe(1e9)), (None, None));
}

#[test]
fn a_column_that_turns_empty_zero_or_foreign_is_flagged() {
    let before = ColumnCounts { rows: 5_000, missing: 50, zeros: 1_000, new_categories: 0 };
    let now = |missing, zeros, new_categories| ColumnCounts { rows: 400, missing, zeros, new_categories };
    assert!(quality_drift(&before, &now(8, 90, 3)).is_empty());
    assert_eq!(quality_drift(&before, &now(80, 80, 0)), [QualityChange::MoreMissing]);
    assert_eq!(quality_drift(&before, &now(4, 0, 0)), [QualityChange::OtherZeros]);
    assert_eq!(quality_drift(&before, &now(4, 80, 60)), [QualityChange::NewCategories]);
    assert!(quality_drift(&before, &ColumnCounts::default()).is_empty());
    // Three rows prove nothing.
    assert!(quality_drift(&before, &ColumnCounts { rows: 3, missing: 1, ..ColumnCounts::default() }).is_empty());
}

#[test]
fn changes_are_found_where_they_are_and_nowhere_else() {
    let (mut near, mut extra, mut clean) = (0, 0, 0);
    for seed in 0..100 {
        let mut values = normals(seed, 300, 10.0, 1.0);
        clean += change_points(&values, Change::Level, None).len();
        values[120..].iter_mut().for_each(|value| *value += 2.0);
        values[220..].iter_mut().for_each(|value| *value -= 3.0);
        let found = change_points(&values, Change::Level, None);
        near += [120, 220].iter().filter(|at| found.iter().any(|seen| seen.abs_diff(**at) <= 4)).count();
        extra += found.len().saturating_sub(2);
    }
    assert!(near >= 195 && extra <= 3 && clean <= 3, "{near} of 200 found, {extra} extra, {clean} in clean series");
}

#[test]
fn a_spread_that_grows_is_a_change_as_well() {
    let found = (0..50).filter(|seed| {
        let mut values = normals(*seed, 200, 0.0, 1.0);
        values.extend(normals(seed + 100, 100, 0.0, 4.0));
        let found = change_points(&values, Change::LevelOrSpread, None);
        found.iter().any(|at| at.abs_diff(200) <= 10) && found.len() <= 2
    });
    assert!(found.count() >= 45);
}

#[test]
fn next_to_nothing_has_no_change() {
    for values in [vec![], vec![1.0], vec![f64::NAN; 20], vec![3.0; 500], vec![1e300, -1e300, 1e300]] {
        assert!(change_points(&values, Change::LevelOrSpread, None).is_empty(), "{values:?}");
    }
    assert!(change_points(&[3.0; 500], Change::Level, None).is_empty());
}

#[test]
fn a_trend_is_found_with_its_slope() {
    let values: Vec<f64> =
        normals(1, 60, 0.0, 1.0).iter().zip(0..).map(|(noise, at)| noise + 0.1 * f64::from(at)).collect();
    let found = trend(&values).unwrap();
    assert!(found.p_value < 1e-6 && found.tau > 0.5 && (found.slope - 0.1).abs() < 0.02, "{found:?}");
}

#[test]
fn noise_is_no_trend_with_ties_or_with_memory() {
    let told = |series: &dyn Fn(u64) -> Vec<f64>| {
        (0..400).filter(|seed| trend(&series(*seed)).unwrap().p_value < 0.05).count() as f64 / 400.0
    };
    let ties = told(&|seed| {
        let mut dice = Dice::new(seed);
        (0..80).map(|_| dice.poisson(0.7)).collect()
    });
    let memory = told(&|seed| {
        let mut last = 0.0;
        normals(seed, 150, 0.0, 1.0)
            .into_iter()
            .map(|noise| {
                last = 0.5 * last + noise;
                last
            })
            .collect()
    });
    assert!(ties < 0.08, "{ties}");
    // Without the correction every fourth such series has a "trend".
    assert!(memory < 0.13, "{memory}");
    assert!(trend(&[1.0; 7]).is_none());
    assert_eq!(trend(&[1.0; 30]).unwrap().p_value, 1.0);
}
