//! Input that a stranger's file may hold.

use proptest::prelude::*;
use shelfiq_anomaly::{AnomalyError, Cadence, Detector, DetectorConfig, Series, Stamps, Verdict, detect};

const DAILY: Cadence = Cadence::Seconds(86_400);

fn judge(values: &[f64]) -> Vec<Verdict> {
    let mut detector = Detector::new(&DetectorConfig::default(), DAILY).unwrap();
    values.iter().zip(0..).map(|(value, day)| detector.observe(day, *value)).collect()
}

fn assert_sane(verdicts: &[Verdict]) {
    for verdict in verdicts {
        assert!((0.0..=1.0).contains(&verdict.score), "{verdict:?}");
        assert!((0.0..=1.0).contains(&verdict.p_value), "{verdict:?}");
        if let Some(band) = verdict.band {
            assert!(band.expected.is_finite() && band.lo.is_finite() && band.hi.is_finite(), "{verdict:?}");
            assert!(band.lo <= band.hi, "{verdict:?}");
        }
        assert_eq!(verdict.is_anomaly(), verdict.score > 0.5, "{verdict:?}");
    }
}

#[test]
fn nothing_and_next_to_nothing_raise_no_alarm() {
    for values in [
        vec![],
        vec![5.0],
        vec![5.0, 7.0],
        vec![f64::NAN; 50],
        vec![0.0; 400],
        vec![12.5; 400],
        vec![-3.0; 400],
        vec![f64::MAX; 60],
    ] {
        let verdicts = judge(&values);
        assert_sane(&verdicts);
        assert!(verdicts.iter().all(|verdict| !verdict.is_anomaly()));
    }
}

#[test]
fn no_verdict_comes_before_there_is_enough_to_know() {
    let verdicts = judge(&[[1.0, 2.0, 900.0].as_slice(), &[1.0; 40]].concat());
    assert!(verdicts[..20].iter().all(|verdict| verdict.band.is_none() && !verdict.is_anomaly()));
    assert!(verdicts[20].band.is_some());
}

#[test]
fn the_wait_covers_two_short_seasons_or_days_but_not_two_years() {
    let wait = |cadence, seasons| {
        let config = DetectorConfig { seasons, ..DetectorConfig::default() };
        Detector::new(&config, cadence).unwrap().warm_up()
    };
    let week = 7 * 86_400;
    assert_eq!([wait(DAILY, None), wait(Cadence::Months(1), None), wait(Cadence::Seconds(week), None)], [20, 24, 20]);
    assert_eq!(wait(Cadence::Seconds(300), None), 576);
    assert_eq!(wait(Cadence::Steps(1), Some(vec![24])), 48);
}

#[test]
fn a_first_sale_is_no_anomaly_but_a_flood_is() {
    let mut values = vec![0.0; 200];
    values[100] = 1.0;
    values[150] = 40.0;
    let verdicts = judge(&values);
    assert!(!verdicts[100].is_anomaly());
    assert!(verdicts[150].is_anomaly());
}

#[test]
fn one_missing_value_in_a_long_full_series_is_an_anomaly_and_many_are_not() {
    let mut full: Vec<f64> = (0..4_000).map(|day| f64::from(day % 7) + 20.0).collect();
    full[3_900] = f64::NAN;
    assert!(judge(&full)[3_900].is_anomaly());
    let holes: Vec<f64> = (0..400).map(|day| if day % 5 == 0 { f64::NAN } else { f64::from(day % 7) }).collect();
    assert!(judge(&holes).iter().step_by(5).all(|verdict| !verdict.is_anomaly()));
}

#[test]
fn errors_name_the_place() {
    let series = |values: Vec<f64>| Series { id: "mug".to_owned(), stamps: Stamps::Steps(vec![1, 2, 3]), values };
    let error = |values, config: &DetectorConfig| detect(&series(values), config).unwrap_err().to_string();
    let usual = DetectorConfig::default();
    assert_eq!(error(vec![1.0, f64::INFINITY, 3.0], &usual), "row 2, column `y`: the value is infinite");
    assert_eq!(error(vec![1.0], &usual), "series `mug` has 3 stamps and 1 values");
    let bad = DetectorConfig { seasons: Some(vec![1]), ..DetectorConfig::default() };
    assert!(matches!(detect(&series(vec![1.0; 3]), &bad), Err(AnomalyError::BadSeason { period: 1, .. })));
    let bad = DetectorConfig { false_alarm_rate: Some(0.9), ..DetectorConfig::default() };
    assert!(matches!(detect(&series(vec![1.0; 3]), &bad), Err(AnomalyError::BadRate { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_finite_values_give_sane_verdicts(values in prop::collection::vec(any::<f64>(), 0..120)) {
        assert_sane(&judge(&values));
    }

    #[test]
    fn any_counts_at_any_positions_give_sane_verdicts(
        rows in prop::collection::vec((0_i64..200, 0_u32..50), 0..150),
        season in 2_usize..40,
    ) {
        let config = DetectorConfig { seasons: Some(vec![season]), ..DetectorConfig::default() };
        let (steps, values): (Vec<i64>, Vec<f64>) = rows.into_iter().map(|(step, value)| (step, f64::from(value))).unzip();
        let series = Series { id: "any".to_owned(), stamps: Stamps::Steps(steps), values };
        assert_sane(&detect(&series, &config).unwrap());
    }
}
