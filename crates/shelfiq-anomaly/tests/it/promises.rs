//! False alarms, recall, causality.

use chrono::{Days, NaiveDate, TimeDelta};
use shelfiq_anomaly::{
    AnomalyKind, Cadence, Detector, DetectorConfig, Direction, Series, Stamps, Verdict, Wording, detect, detect_all,
    readable_stamp,
};

use crate::dice::Dice;

const WEEK: [f64; 7] = [0.8, 0.85, 0.9, 1.0, 1.2, 1.4, 0.85];
const YEAR: usize = 365;

fn daily(values: &[f64]) -> Series {
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let stamps = (0..values.len()).map(|day| (first + Days::new(day as u64)).and_hms_opt(0, 0, 0).unwrap());
    Series { id: "test".to_owned(), stamps: Stamps::Times(stamps.collect()), values: values.to_vec() }
}

fn judge(values: &[f64]) -> Vec<Verdict> {
    detect(&daily(values), &DetectorConfig::default()).unwrap()
}

fn alarms(verdicts: &[Verdict]) -> Vec<usize> {
    (0..verdicts.len()).filter(|day| verdicts[*day].is_anomaly()).collect()
}

fn units_sold(seed: u64, mean: f64) -> Vec<f64> {
    let mut dice = Dice::new(seed);
    (0..YEAR).map(|day| dice.poisson(mean * WEEK[day % 7])).collect()
}

fn revenue(seed: u64) -> Vec<f64> {
    let mut dice = Dice::new(seed);
    (0..YEAR).map(|day| 100.0 * WEEK[day % 7] + 10.0 * dice.normal()).collect()
}

/// The first days of a series are spent on learning.
const JUDGED: usize = YEAR - 20;

#[test]
fn false_alarms_stay_within_the_promised_rate() {
    let promised = Cadence::Seconds(86_400).false_alarm_rate();
    let rate = |series: Vec<Vec<f64>>| {
        let count = series.len() * JUDGED;
        series.iter().map(|values| alarms(&judge(values)).len()).sum::<usize>() as f64 / count as f64
    };
    // The tolerance is three standard errors of a rate over that many values.
    let tolerance = 3.0 * (promised / (60 * JUDGED) as f64).sqrt();
    for (name, series) in [
        ("revenue with a week", (0..60).map(revenue).collect()),
        ("40 units a day", (0..60).map(|seed| units_sold(seed, 40.0)).collect()),
        ("3 units a day", (0..60).map(|seed| units_sold(seed, 3.0)).collect()),
        ("a unit in five days", (0..60).map(|seed| units_sold(seed, 0.2)).collect::<Vec<_>>()),
    ] {
        let found = rate(series);
        assert!(found <= promised + tolerance, "{name}: {found} of values, {promised} promised");
    }
}

#[test]
fn nine_of_ten_planted_spikes_are_found() {
    let (mut found, mut planted) = (0, 0);
    for seed in 0..40 {
        let mut values = revenue(seed);
        for day in [120, 200, 280, 350] {
            values[day] += if day % 40 == 0 { 60.0 } else { -60.0 };
            planted += 1;
        }
        let verdicts = judge(&values);
        found += [120, 200, 280, 350].iter().filter(|day| verdicts[**day].is_anomaly()).count();
    }
    assert!(found * 10 >= planted * 9, "{found} of {planted}");
}

#[test]
fn half_the_demand_gone_is_found_within_two_weeks_and_then_becomes_usual() {
    let (mut found, mut late_alarms) = (0, 0);
    for seed in 0..40 {
        let mut values = units_sold(seed, 20.0);
        for value in &mut values[200..] {
            *value = (*value / 2.0).round();
        }
        let days = alarms(&judge(&values));
        found += usize::from(days.iter().any(|day| (200..214).contains(day)));
        late_alarms += days.iter().filter(|day| **day >= 240).count();
    }
    assert!(found >= 36, "{found} of 40");
    assert!(late_alarms <= 40, "{late_alarms} alarms after the new level was known");
}

#[test]
fn a_level_shift_says_its_direction() {
    let mut values = revenue(3);
    for value in &mut values[200..] {
        *value += 150.0;
    }
    let verdicts = judge(&values);
    let shift = verdicts.iter().find(|verdict| verdict.kind == Some(AnomalyKind::LevelShift)).unwrap();
    assert_eq!(shift.direction, Some(Direction::Above));
}

#[test]
fn a_verdict_never_depends_on_later_values() {
    let mut values = units_sold(5, 8.0);
    values[150] = 60.0;
    values[300] = f64::NAN;
    let all = judge(&values);
    for length in [1, 19, 20, 21, 40, 41, 151, 200, 301] {
        assert_eq!(all[..length], judge(&values[..length]), "the first {length} days");
    }
}

#[test]
fn the_stream_gives_the_verdicts_of_the_batch_also_after_a_restart() {
    let values = units_sold(6, 8.0);
    let series = daily(&values);
    let cadence = Cadence::of(&series.stamps);
    let positions = cadence.positions(&series.stamps);
    let mut detector = Detector::new(&DetectorConfig::default(), cadence).unwrap();
    let mut streamed = Vec::new();
    for (day, value) in values.iter().enumerate() {
        if day == 100 {
            detector = detector.clone();
        }
        streamed.push(detector.observe(positions[day], *value));
    }
    assert_eq!(streamed, judge(&values));
}

#[test]
fn many_series_give_the_verdicts_of_each() {
    let many: Vec<Series> = (0..8).map(|seed| daily(&units_sold(seed, 5.0))).collect();
    let all = detect_all(&many, &DetectorConfig::default()).unwrap();
    for (series, verdicts) in many.iter().zip(all) {
        assert_eq!(detect(series, &DetectorConfig::default()).unwrap(), verdicts);
    }
}

#[test]
fn rows_may_come_in_any_order() {
    let series = daily(&units_sold(7, 12.0));
    let Stamps::Times(times) = &series.stamps else { unreachable!() };
    let turned = Series {
        stamps: Stamps::Times(times.iter().rev().copied().collect()),
        values: series.values.iter().rev().copied().collect(),
        ..series.clone()
    };
    let mut verdicts = detect(&turned, &DetectorConfig::default()).unwrap();
    verdicts.reverse();
    assert_eq!(verdicts, judge(&series.values));
}

#[test]
fn a_product_that_stops_selling_is_told_once() {
    let mut values = units_sold(8, 1.0);
    for value in &mut values[250..] {
        *value = 0.0;
    }
    let days = alarms(&judge(&values));
    let later: Vec<_> = days.iter().filter(|day| **day >= 250).collect();
    assert!((1..=2).contains(&later.len()), "{later:?}");
    assert!(*later[0] < 270, "{later:?}");
}

#[test]
fn a_price_that_changes_and_stays_is_told_once() {
    let mut values = vec![19.90; 120];
    values.extend([29.90; 60]);
    let verdicts = judge(&values);
    assert_eq!(alarms(&verdicts), [120]);
    assert_eq!(verdicts[120].kind, Some(AnomalyKind::NewExtreme));
}

#[test]
fn the_end_of_a_shift_is_no_second_alarm() {
    let mut values = revenue(9);
    for value in &mut values[200..212] {
        *value -= 90.0;
    }
    let days = alarms(&judge(&values));
    assert!(days.iter().any(|day| (200..206).contains(day)), "{days:?}");
    assert!(!days.iter().any(|day| (212..226).contains(day)), "{days:?}");
}

#[test]
fn a_series_without_a_calendar_shows_its_own_season() {
    let mut dice = Dice::new(10);
    let mut values: Vec<f64> =
        (0..240).map(|step| if step % 12 == 5 { 90.0 } else { 20.0 } + 2.0 * dice.normal()).collect();
    values[200] = 90.0;
    let steps = Stamps::Steps((0..240).collect());
    let verdicts =
        detect(&Series { id: "steps".to_owned(), stamps: steps, values }, &DetectorConfig::default()).unwrap();
    let late: Vec<usize> = alarms(&verdicts).into_iter().filter(|step| *step >= 120).collect();
    assert_eq!(late, [200]);
}

#[test]
fn the_sentence_has_the_numbers_and_the_weekday() {
    let mut values = units_sold(11, 14.0);
    values[214] = 60.0;
    let series = daily(&values);
    let verdict = judge(&values)[214];
    let Stamps::Times(times) = &series.stamps else { unreachable!() };
    let wording = Wording {
        after_value: "sold",
        when: &readable_stamp(times[214]),
        season: Cadence::of(&series.stamps).season_name(times[214]),
        decimals: 0,
    };
    let sentence = wording.sentence(60.0, &verdict);
    let shape =
        sentence.strip_prefix("60 sold on 2024-08-02; ").and_then(|rest| rest.strip_suffix(" expected on a Friday"));
    let (lo, hi) = shape.and_then(|band| band.split_once('–')).unwrap_or_else(|| panic!("{sentence}"));
    let (lo, hi): (f64, f64) = (lo.parse().unwrap(), hi.parse().unwrap());
    assert!(lo < 17.0 && hi > 17.0 && hi < 45.0, "{sentence}");
}

#[test]
fn monthly_hourly_and_weekly_stamps_get_their_calendar() {
    let month = |index: u32| NaiveDate::from_ymd_opt(2020 + index as i32 / 12, index % 12 + 1, 1).unwrap();
    let months = Stamps::Times((0..30).map(|index| month(index).and_hms_opt(0, 0, 0).unwrap()).collect());
    assert_eq!((Cadence::of(&months), Cadence::of(&months).seasons()), (Cadence::Months(1), vec![12]));
    let start = month(0).and_hms_opt(0, 0, 0).unwrap();
    let every = |step: TimeDelta| Stamps::Times((0..30).map(|index| start + step * index).collect());
    assert_eq!(Cadence::of(&every(TimeDelta::hours(1))).seasons(), [24, 168]);
    assert_eq!(Cadence::of(&every(TimeDelta::weeks(1))).seasons(), [52]);
    assert_eq!(Cadence::of(&every(TimeDelta::days(1))).positions(&every(TimeDelta::days(1)))[29] - 29, {
        Cadence::of(&every(TimeDelta::days(1))).positions(&every(TimeDelta::days(1)))[0]
    });
}

#[test]
fn an_incident_among_minutes_is_told_once_an_hour_and_among_days_every_day() {
    let told = |cadence: Cadence| {
        let mut dice = Dice::new(12);
        let mut detector =
            Detector::new(&DetectorConfig { seasons: Some(vec![]), ..DetectorConfig::default() }, cadence).unwrap();
        let mut alarms = Vec::new();
        for step in 0..3_000 {
            let value = 100.0 + 5.0 * dice.normal() + if step == 2_900 || step == 2_905 { 400.0 } else { 0.0 };
            if detector.observe(step, value).is_anomaly() && step >= 2_900 {
                alarms.push(step);
            }
        }
        alarms
    };
    assert_eq!(told(Cadence::Seconds(300)), [2_900]);
    assert_eq!(told(Cadence::Seconds(86_400)), [2_900, 2_905]);
}

#[test]
fn months_that_drift_are_told_and_months_that_do_not_are_not() {
    let (mut found, mut alarms) = (0, 0);
    for seed in 0..40 {
        let mut dice = Dice::new(seed);
        let mut detector = Detector::new(&DetectorConfig::default(), Cadence::Months(1)).unwrap();
        let mut is_told = false;
        for month in 0..132_i64 {
            let season = 1.0 + 0.2 * (std::f64::consts::TAU * month as f64 / 12.0).sin();
            let level = 0.4_f64.powf(((month as f64 - 90.0) / 18.0).clamp(0.0, 1.0));
            let verdict = detector.observe(month, 5_000.5 * season * level * (0.04 * dice.normal()).exp());
            is_told |= month >= 90 && verdict.is_anomaly() && verdict.direction == Some(Direction::Below);
            alarms += usize::from(month < 90 && verdict.is_anomaly());
        }
        found += usize::from(is_told);
    }
    assert!(found >= 34 && alarms <= 20, "{found} of 40 found, {alarms} false alarms in 2,640 months");
}
