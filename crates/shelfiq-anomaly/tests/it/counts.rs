//! Small counts: what one day cannot tell, several can.

use shelfiq_anomaly::{AnomalyKind, Cadence, Detector, DetectorConfig, Direction, Verdict};

use crate::dice::Dice;

const DAILY: Cadence = Cadence::Seconds(86_400);

fn judge(values: &[f64]) -> Vec<Verdict> {
    let mut detector = Detector::new(&DetectorConfig::default(), DAILY).unwrap();
    values.iter().zip(0..).map(|(value, day)| detector.observe(day, *value)).collect()
}

fn units(seed: u64, mean: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut dice = Dice::new(seed);
    (0..400).map(|day| dice.poisson(mean(day))).collect()
}

/// Of 40 series, those with an alarm to this side among these days.
fn told(values: impl Fn(u64) -> Vec<f64>, days: std::ops::Range<usize>, side: Direction) -> usize {
    let is_told = |seed: &u64| {
        judge(&values(*seed))[days.clone()]
            .iter()
            .any(|verdict| verdict.is_anomaly() && verdict.direction == Some(side))
    };
    (0..40).filter(is_told).count()
}

#[test]
fn ten_days_of_nothing_where_two_a_day_sold_are_told() {
    let values = |seed| units(seed, |day| if (250..260).contains(&day) { 0.0 } else { 2.0 });
    let found = told(values, 250..260, Direction::Below);
    assert!(found >= 38, "{found} of 40");
}

#[test]
fn three_complaints_a_day_where_one_a_month_is_usual_are_told_within_two_days() {
    let values = |seed| units(seed, |day| if (250..252).contains(&day) { 3.0 } else { 0.03 });
    let found = told(values, 250..252, Direction::Above);
    assert!(found >= 36, "{found} of 40");
}

#[test]
fn a_product_that_fades_over_three_months_is_told_on_the_way() {
    let values = |seed| units(seed, |day| 5.0 * 0.1_f64.powf(((day as f64 - 200.0) / 90.0).clamp(0.0, 1.0)));
    let found = told(values, 200..305, Direction::Below);
    assert!(found >= 36, "{found} of 40");
}

#[test]
fn the_way_back_to_the_usual_level_is_no_second_alarm() {
    let alarms: usize = (0..40)
        .map(|seed| {
            let values = units(seed, |day| if (250..262).contains(&day) { 0.0 } else { 3.0 });
            judge(&values)[263..290].iter().filter(|verdict| verdict.is_anomaly()).count()
        })
        .sum();
    assert!(alarms <= 6, "{alarms} in 40 series");
}

#[test]
fn demand_that_drops_a_month_after_an_empty_shelf_is_told() {
    let is_gone = |day: usize| (200..215).contains(&day) || (245..255).contains(&day);
    let values = |seed| units(seed, |day| if is_gone(day) { 0.0 } else { 5.0 });
    let found = told(values, 245..255, Direction::Below);
    assert!(found >= 38, "{found} of 40");
}

#[test]
fn numbers_that_somebody_sets_are_no_counts() {
    let mut values = vec![12.0; 300];
    values[200..].fill(40.0);
    let verdicts = judge(&values);
    let alarms: Vec<usize> = (0..300).filter(|day| verdicts[*day].is_anomaly()).collect();
    assert_eq!(alarms, [200]);
}

#[test]
fn the_band_of_a_count_holds_what_rings_no_alarm() {
    for seed in 0..10 {
        let mut values = units(seed, |day| if day % 7 == 6 { 9.0 } else { 4.0 });
        values[300] = 30.0;
        for (value, verdict) in values.iter().zip(judge(&values)) {
            let Some(band) = verdict.band else { continue };
            let is_outside = *value < band.lo || *value > band.hi;
            let is_single = matches!(verdict.kind, Some(AnomalyKind::Spike | AnomalyKind::Drop));
            assert!(!is_single || is_outside, "{value} {verdict:?}");
            assert!(!is_outside || verdict.is_anomaly(), "{value} {verdict:?}");
        }
    }
}

#[test]
fn missing_values_are_told_as_rows_without_a_value_and_as_rows_that_are_not_there() {
    let values = units(3, |_| 20.0);
    let mut holes = values.clone();
    holes[200..206].fill(f64::NAN);
    let verdicts = judge(&holes);
    let told: Vec<usize> = (0..400).filter(|day| verdicts[*day].kind == Some(AnomalyKind::Missing)).collect();
    assert_eq!(told, [201, 202, 203, 204, 205]);
    assert_eq!(verdicts[205].run_length, 6);

    let mut detector = Detector::new(&DetectorConfig::default(), DAILY).unwrap();
    let days = (0..400).filter(|day| !(200..206).contains(day));
    let gap: Vec<(i64, Verdict)> = days.map(|day| (day, detector.observe(day, values[day as usize]))).collect();
    let told: Vec<_> = gap.iter().filter(|(_, verdict)| verdict.kind == Some(AnomalyKind::Missing)).collect();
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].0, told[0].1.run_length), (206, 6));
}
