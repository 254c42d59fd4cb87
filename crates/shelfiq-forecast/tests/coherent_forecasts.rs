//! Forecasts of Skus, categories, stores and the total add up, and lose nothing by it.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use shelfiq_forecast::{
    Calendar, Forecast, ForecastOptions, Frequency, Hierarchy, HierarchyError, Reliability, Series, Stamp,
    forecast_all, reconcile, shown,
};

/// A repeatable scatter between 0 and 1.
fn noise(seed: u64) -> f64 {
    let mut x = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

const SKUS: u64 = 24;

fn hierarchy() -> Hierarchy {
    let skus: Vec<String> = (0..SKUS).map(|sku| format!("sku-{sku}")).collect();
    let label = |name: &str, count: u64| (name.to_owned(), (0..SKUS).map(|sku| (sku % count).to_string()).collect());
    Hierarchy::of_labels(&skus, &[label("category", 4), label("store", 3)]).unwrap()
}

/// Noisy Skus that share one wave, so that sums are easier to forecast than parts.
fn demand(sku: u64, week: u64, seed: u64) -> f64 {
    let wave = 1.0 + 0.4 * (week as f64 / 13.0 * std::f64::consts::TAU).sin();
    (20.0 * (0.2 + noise(sku + seed)) * wave * (0.3 + 1.4 * noise(seed + sku * 9973 + week))).round()
}

fn nodes(hierarchy: &Hierarchy, seed: u64, weeks: std::ops::Range<u64>) -> Vec<Vec<f64>> {
    let by_week: Vec<Vec<f64>> =
        weeks.map(|week| hierarchy.add_up(&(0..SKUS).map(|sku| demand(sku, week, seed)).collect::<Vec<_>>())).collect();
    (0..hierarchy.ids().len()).map(|node| by_week.iter().map(|week| week[node]).collect()).collect()
}

fn base(hierarchy: &Hierarchy, seed: u64) -> Vec<Forecast> {
    let calendar = Calendar::new(Stamp::parse("2022-01-03").unwrap(), Frequency::WEEK);
    let series: Vec<Series> = hierarchy
        .ids()
        .iter()
        .zip(nodes(hierarchy, seed, 0..60))
        .map(|(id, values)| Series::new(id, calendar, values).unwrap())
        .collect();
    forecast_all(&series, &ForecastOptions::for_demand(8))
}

const ALL: [Reliability<'static>; 3] = [Reliability::BottomUp, Reliability::Structural, Reliability::Spread];

#[test]
fn every_sum_is_exactly_the_sum_of_its_leaves() {
    let hierarchy = hierarchy();
    let base = base(&hierarchy, 5);
    let errors: Vec<Vec<f64>> =
        (0..base.len() as u64).map(|node| (0..20).map(|t| noise(node * 100 + t) - 0.5).collect()).collect();
    for reliability in ALL.into_iter().chain([Reliability::Errors(&errors)]) {
        let found = reconcile(&hierarchy, &base, reliability).unwrap();
        for step in 0..8 {
            let means: Vec<f64> = found.iter().map(|forecast| forecast.steps[step].mean).collect();
            assert_eq!(hierarchy.add_up(&means[..hierarchy.leaves()]), means, "{reliability:?}");
            for forecast in &found {
                let step = &forecast.steps[step];
                let [inner, outer] = [step.intervals[0], step.intervals[1]];
                let ends = [0.0, outer.lo, inner.lo, step.median, inner.hi, outer.hi];
                assert!(ends.is_sorted(), "{ends:?}");
                let sums = step.cumulative.intervals[1];
                assert!(sums.lo <= step.cumulative.mean && step.cumulative.mean <= sums.hi);
            }
        }
    }
}

#[test]
fn what_adds_up_already_stays() {
    let hierarchy = hierarchy();
    let summed = reconcile(&hierarchy, &base(&hierarchy, 6), Reliability::BottomUp).unwrap();
    for reliability in ALL {
        let again = reconcile(&hierarchy, &summed, reliability).unwrap();
        for (a, b) in again.iter().zip(&summed) {
            assert!(a.steps.iter().zip(&b.steps).all(|(a, b)| (a.mean - b.mean).abs() <= 1e-9 * b.mean.abs()));
        }
    }
}

#[test]
fn weighing_by_spread_beats_adding_up_noisy_skus() {
    let hierarchy = hierarchy();
    let mut errors = [0.0; 3];
    for seed in [11, 12, 13, 14, 15, 16] {
        let seed = seed * 1_000_003;
        let (base, actual) = (base(&hierarchy, seed), nodes(&hierarchy, seed, 60..68));
        for (error, reliability) in errors.iter_mut().zip(ALL) {
            let found = reconcile(&hierarchy, &base, reliability).unwrap();
            for (forecast, actual) in found.iter().zip(&actual) {
                *error += forecast.steps.iter().zip(actual).map(|(step, y)| (step.mean - y).abs()).sum::<f64>();
            }
        }
    }
    let [added, _, weighed] = errors;
    assert!(weighed < 1.01 * added, "{errors:?}");
}

#[test]
fn two_sums_of_known_reliability_meet_where_the_formula_says() {
    // Leaves 1 and 2 with variances 1 and 1, their sum said to be 6 with variance 2: the gap of 3 is shared 1 : 1 : 2.
    let hierarchy = Hierarchy::new(&["a".to_owned(), "b".to_owned()], vec![("s".to_owned(), vec![0, 1])]).unwrap();
    let mut base = base(&self::hierarchy(), 5)[..3].to_vec();
    for (forecast, (id, mean)) in base.iter_mut().zip([("a", 1.0), ("b", 2.0), ("s", 6.0)]) {
        forecast.id = id.to_owned();
        forecast.steps.truncate(1);
        forecast.steps[0].mean = mean;
    }
    let found = reconcile(&hierarchy, &base, Reliability::Structural).unwrap();
    let means: Vec<f64> = found.iter().map(|forecast| forecast.steps[0].mean).collect();
    assert!(means.iter().zip([1.75, 2.75, 4.5]).all(|(found, truth)| (found - truth).abs() < 1e-12), "{means:?}");
}

#[test]
fn forecasts_that_do_not_fit_are_refused() {
    let hierarchy = hierarchy();
    let mut base = base(&hierarchy, 5);
    let refused = |base: &[Forecast], reliability| reconcile(&hierarchy, base, reliability).unwrap_err();
    assert!(matches!(refused(&base[1..], Reliability::BottomUp), HierarchyError::WrongForecast { place: 0, .. }));
    assert!(matches!(refused(&base, Reliability::Errors(&[])), HierarchyError::WrongErrors { found: 0, .. }));
    base[3].steps.pop();
    assert_eq!(refused(&base, Reliability::Spread), HierarchyError::UnevenSteps("sku-3".to_owned()));
}

proptest! {
    #[test]
    fn shown_numbers_add_up_to_the_last_digit(
        leaves in prop::collection::vec(0.0..1e6_f64, SKUS as usize),
        decimals in 0_u32..4,
    ) {
        let hierarchy = hierarchy();
        let unit = 10_i64.pow(decimals) as f64;
        let whole = |value: f64| (value * unit).round() as i64;
        let shown = shown(&hierarchy, &leaves, decimals);
        for (sum, parts) in shown[hierarchy.leaves()..].iter().zip(hierarchy.parts()) {
            prop_assert_eq!(whole(*sum), parts.iter().map(|leaf| whole(shown[*leaf])).sum::<i64>());
        }
    }
}

/// Twenty Skus that sell once in a while, whose sum sells every day.
#[test]
fn bounds_of_counts_stay_whole_and_keep_the_days_without_a_sale() {
    let skus: Vec<String> = (0..20).map(|sku| format!("sku-{sku}")).collect();
    let hierarchy = Hierarchy::of_labels(&skus, &[]).unwrap();
    let sold = |sku: u64, day: u64| f64::from(u8::from(noise(sku * 7919 + day) < 0.15));
    let by_day: Vec<Vec<f64>> =
        (0..200).map(|day| hierarchy.add_up(&(0..20).map(|sku| sold(sku, day)).collect::<Vec<_>>())).collect();
    let calendar = Calendar::new(Stamp::parse("2022-01-03").unwrap(), Frequency::DAY);
    let series = hierarchy
        .ids()
        .iter()
        .enumerate()
        .map(|(node, id)| Series::new(id, calendar, by_day.iter().map(|day| day[node]).collect()).unwrap());
    let base = forecast_all(&series.collect::<Vec<_>>(), &ForecastOptions::for_demand(14));
    let found = reconcile(&hierarchy, &base, Reliability::Structural).unwrap();
    let (mut held, mut held_before, mut moved) = (0, 0, 0);
    for (found, base) in found.iter().zip(&base).take(20) {
        for (step, before) in found.steps.iter().zip(&base.steps) {
            let [first, ..] = &step.intervals[..] else { panic!("two levels were asked for") };
            assert!(step.median.fract() == 0.0 && first.lo.fract() == 0.0 && first.hi.fract() == 0.0, "{step:?}");
            held += u32::from(first.lo <= 0.0);
            held_before += u32::from(before.intervals[0].lo <= 0.0);
            moved += u32::from((step.mean - before.mean).abs() > 1e-9);
        }
    }
    assert!(moved > 200, "{moved} of 280 means moved");
    assert_eq!(held, held_before, "a small shift shuts no day without a sale out");
}
