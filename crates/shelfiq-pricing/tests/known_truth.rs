//! Shops whose elasticities are known: do the intervals hold them, and does the estimate say when it cannot know?

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

mod shop;

use std::ops::Range;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use shelfiq_pricing::{
    Control, ControlScale, DemandObservation, DemandPanel, DemandSeries, ElasticityOptions, ElasticityReport,
    ElasticityRow, Identification, TimeAxis, estimate_elasticities,
};
use shop::{SHOP, Shop, open};

fn estimate(panel: &DemandPanel) -> ElasticityReport {
    estimate_elasticities(panel, &ElasticityOptions::default())
}

/// Over three shops: 95 % intervals hold the truth at least this often, and the mean error stays below this.
fn check(shop: Shop, coverage_min: f64, bias_max: f64) {
    check_over(shop, 0..3, coverage_min, bias_max);
}

/// The same over other shops.
fn check_over(shop: Shop, seeds: Range<u64>, coverage_min: f64, bias_max: f64) {
    let (mut held, mut total, mut error) = (0, 0, 0.0);
    for seed in seeds {
        let (panel, truth) = open(shop, seed);
        for (row, truth) in estimate(&panel).rows.iter().zip(truth) {
            total += 1;
            held += usize::from(row.lo_95 <= truth && truth <= row.hi_95);
            error += row.belief.mean - truth;
        }
    }
    let (coverage, bias) = (held as f64 / total as f64, error / total as f64);
    assert!(coverage >= coverage_min, "only {coverage:.3} of the intervals hold the truth");
    assert!(bias.abs() <= bias_max, "biased by {bias:.3}");
}

#[test]
fn intervals_hold_the_truth_when_prices_move_on_their_own() {
    check(SHOP, 0.92, 0.08);
}

#[test]
fn a_price_that_follows_the_season_does_not_fool_the_estimate() {
    check(Shop { price_follows_season: -0.3, ..SHOP }, 0.90, 0.12);
    check(Shop { price_follows_season: 0.3, ..SHOP }, 0.90, 0.12);
}

#[test]
fn a_season_that_nobody_named_is_found_in_the_panel() {
    let ungrouped = Shop { has_groups: false, ..SHOP };
    check(Shop { price_follows_season: -0.4, ..ungrouped }, 0.90, 0.12);
    check(Shop { price_follows_season: 0.4, ..ungrouped }, 0.90, 0.12);
    let daily = Shop { periods: 300, days_per_period: 1, units: (5.0, 50.0), periods_per_price: 28.0, ..ungrouped };
    check(Shop { price_follows_season: 0.4, ..daily }, 0.90, 0.20);
}

#[test]
fn prices_that_do_nothing_but_follow_an_unnamed_season_identify_nothing() {
    let shop = Shop { has_groups: false, price_follows_season: 0.5, price_deviation: 0.0, cut: (0.0, 0.0), ..SHOP };
    let (panel, _) = open(shop, 11);
    let report = estimate(&panel);
    let seen = report.rows.iter().filter(|row| row.identification == Identification::ConfoundedWithTime).count();
    assert!(seen >= 57, "{seen} of 60");
}

#[test]
fn noise_that_lasts_does_not_narrow_the_intervals() {
    check(Shop { noise: (0.25, 0.9), periods_per_price: 20.0, ..SHOP }, 0.90, 0.12);
}

#[test]
fn one_sku_alone_knows_that_its_demand_wanders() {
    let alone =
        Shop { series: 1, periods: 365, days_per_period: 1, units: (5.0, 50.0), periods_per_price: 28.0, ..SHOP };
    // Correlation from one day to the next alone left 73 % and 84 % of the intervals right.
    check_over(alone, 0..200, 0.90, 0.15);
    check_over(Shop { noise: (0.3, 0.0), long_memory: true, ..alone }, 0..200, 0.88, 0.15);
}

const NOT_RECORDED: Shop = Shop { records_promotions: false, ..SHOP };

#[test]
fn promotions_that_nobody_recorded_do_not_pass_for_elasticity() {
    // Taken for price alone they bias the elasticity by −0.6 and leave 78 % of the intervals right.
    check(NOT_RECORDED, 0.88, 0.30);
}

#[test]
fn reductions_that_are_nothing_but_cheaper_still_tell_the_elasticity() {
    let price_only = Shop { promotion_effect: (0.0, 0.0), ..NOT_RECORDED };
    check(price_only, 0.92, 0.08);
    let (panel, _) = open(price_only, 5);
    assert!(estimate(&panel).rows.iter().all(ElasticityRow::identified));
}

#[test]
fn a_price_that_is_only_ever_cut_in_the_same_way_identifies_nothing_without_records() {
    for effect in [0.0, 0.4] {
        let cuts = Shop { price_deviation: 0.0, cut: (0.2, 0.0), promotion_effect: (effect, 0.0), ..NOT_RECORDED };
        let report = estimate(&open(cuts, 6).0);
        let seen = report.rows.iter().filter(|row| row.identification == Identification::PromotionsNotRecorded).count();
        assert!(seen >= 54, "{seen} of 60");
        assert!(report.rows[0].reason.contains("promotions nobody recorded"), "{}", report.rows[0].reason);
    }
}

#[test]
fn slow_sellers_with_mostly_zeros_are_counted_not_logged() {
    let slow = Shop {
        periods: 365,
        days_per_period: 1,
        units: (0.1, 3.0),
        noise: (0.0, 0.0),
        periods_per_price: 30.0,
        ..SHOP
    };
    check(slow, 0.92, 0.12);
    check(Shop { overdispersed: true, ..slow }, 0.90, 0.15);
}

#[test]
fn thirteen_weeks_are_enough_for_an_honest_interval() {
    check(Shop { periods: 13, periods_per_price: 3.0, ..SHOP }, 0.90, 0.20);
}

#[test]
fn pooling_beats_every_series_on_its_own() {
    let (panel, truth) = open(Shop { periods: 26, periods_per_price: 4.0, ..SHOP }, 5);
    let report = estimate(&panel);
    let error = |of: &dyn Fn(usize) -> Option<f64>| {
        let errors: Vec<f64> =
            (0..truth.len()).filter_map(|index| of(index).map(|mean| (mean - truth[index]).powi(2))).collect();
        (errors.iter().sum::<f64>() / errors.len() as f64).sqrt()
    };
    let alone = error(&|index| report.rows[index].own.map(|own| own.mean));
    let pooled = error(&|index| report.rows[index].own.map(|_| report.rows[index].belief.mean));
    assert!(pooled < 0.75 * alone, "pooled {pooled:.2}, alone {alone:.2}");
}

/// What the estimate says about the first Sku of a shop after something was done to it.
fn doubt_after(change: impl Fn(&mut DemandSeries)) -> (Identification, String) {
    let (mut panel, _) = open(SHOP, 3);
    change(&mut panel.series[0]);
    let row = estimate(&panel).rows.swap_remove(0);
    assert!(row.hi_95 - row.lo_95 > 0.8, "an elasticity that is not identified has a wide interval");
    (row.identification, row.reason)
}

#[test]
fn a_row_tells_what_it_rests_on() {
    let (mut panel, _) = open(SHOP, 3);
    panel.series[0].observations[..26].iter_mut().for_each(|o| o.censored = true);
    panel.series[1].observations.iter_mut().for_each(|o| o.price = 7.5);
    let rows = estimate(&panel).rows;
    let known = rows[0].diagnostics;
    assert!((known.censored_share - 0.25).abs() < 1e-12, "{known:?}");
    assert!(known.effective_price_changes > 2.0 && known.effective_price_changes < 78.0, "{known:?}");
    assert!(known.pooled_weight < 0.9 && known.residual_autocorrelation.abs() < 0.9, "{known:?}");
    let silent = rows[1].diagnostics;
    assert_eq!((silent.effective_price_changes, silent.pooled_weight), (0.0, 1.0));
}

#[test]
fn a_price_that_never_moved_identifies_nothing() {
    let (doubt, reason) = doubt_after(|series| series.observations.iter_mut().for_each(|o| o.price = 7.5));
    assert_eq!(doubt, Identification::NoPriceVariation);
    assert_eq!(
        reason,
        "The price did not move (always 7.50 in 104 periods); the figure is what similar products suggest."
    );
}

#[test]
fn a_price_that_moves_only_in_promotions_identifies_nothing() {
    let (doubt, _) = doubt_after(|series| {
        for (observation, promotion) in series.observations.iter_mut().zip(&series.controls[0]) {
            observation.price = if *promotion > 0.0 { 8.0 } else { 10.0 };
        }
    });
    assert_eq!(doubt, Identification::ConfoundedWith { control: "promotion".to_owned() });
}

#[test]
fn a_price_that_only_drifts_upwards_identifies_nothing() {
    let (doubt, _) = doubt_after(|series| {
        for (period, observation) in series.observations.iter_mut().enumerate() {
            observation.price = 10.0 * (0.003 * period as f64).exp();
        }
    });
    assert_eq!(doubt, Identification::ConfoundedWithTime);
}

#[test]
fn a_few_periods_or_a_few_sales_identify_nothing() {
    assert_eq!(doubt_after(|series| series.observations.truncate(5)).0, Identification::TooFewObservations);
    let (doubt, _) = doubt_after(|series| {
        for (period, observation) in series.observations.iter_mut().enumerate() {
            observation.quantity = f64::from(u8::from(period % 20 == 0));
        }
    });
    assert_eq!(doubt, Identification::TooFewSales);
}

#[test]
fn mostly_sold_out_identifies_nothing() {
    let (doubt, _) = doubt_after(|series| series.observations[..99].iter_mut().for_each(|o| o.censored = true));
    assert_eq!(doubt, Identification::StockOuts);
}

#[test]
fn empty_shelves_are_not_taken_for_lost_interest() {
    let (mut panel, truth) = open(SHOP, 4);
    // Sells out whenever it is cheap.
    for series in &mut panel.series {
        let mut prices: Vec<f64> = series.observations.iter().map(|o| o.price).collect();
        prices.sort_by(f64::total_cmp);
        for observation in series.observations.iter_mut().filter(|o| o.price < prices[20]) {
            observation.quantity *= 0.3;
            observation.censored = true;
        }
    }
    let marked = estimate(&panel).population.average.mean;
    panel.series.iter_mut().flat_map(|series| &mut series.observations).for_each(|o| o.censored = false);
    let unmarked = estimate(&panel).population.average.mean;
    let average = truth.iter().sum::<f64>() / truth.len() as f64;
    assert!((marked - average).abs() < 0.25, "{marked:.2} for {average:.2}");
    assert!((unmarked - average).abs() > 0.5, "the marks matter: {unmarked:.2} for {average:.2}");
}

#[test]
fn one_slip_in_the_price_list_does_not_decide_the_slope() {
    let (mut panel, _) = open(SHOP, 6);
    let before = estimate(&panel).rows[0].belief.mean;
    panel.series[0].observations[50].price *= 10.0;
    let after = estimate(&panel).rows[0].belief.mean;
    assert!((before - after).abs() < 0.15, "{before:.2} became {after:.2}");
}

#[test]
fn the_unit_of_money_and_the_order_of_rows_do_not_matter() {
    let (panel, _) = open(SHOP, 7);
    let mut other = panel.clone();
    for series in &mut other.series {
        series.observations.iter_mut().for_each(|o| o.price *= 100.0);
        series.observations.reverse();
        series.controls[0].reverse();
    }
    for (one, two) in estimate(&panel).rows.iter().zip(&estimate(&other).rows) {
        assert!((one.belief.mean - two.belief.mean).abs() < 1e-6, "{} {}", one.belief.mean, two.belief.mean);
        assert_eq!(one.identification, two.identification);
    }
}

#[test]
fn the_same_panel_gives_the_same_report_every_time() {
    let (panel, _) = open(SHOP, 8);
    assert_eq!(estimate(&panel), estimate(&panel));
}

#[test]
fn slow_sellers_alone_are_sure_only_of_what_they_know() {
    let alone = Shop {
        series: 1,
        periods: 365,
        days_per_period: 1,
        units: (0.1, 3.0),
        noise: (0.0, 0.0),
        periods_per_price: 30.0,
        ..SHOP
    };
    let (mut identified, mut held) = (0, 0);
    for seed in 61_000..61_180 {
        let (panel, truth) = open(alone, seed);
        let row = &estimate(&panel).rows[0];
        if row.identified() {
            identified += 1;
            held += usize::from((row.lo_95..=row.hi_95).contains(&truth[0]));
        }
    }
    assert!(identified >= 90 && held as f64 >= 0.94 * f64::from(identified), "{held} of {identified}");
}

#[test]
fn an_empty_panel_gives_an_empty_report() {
    let report = estimate(&DemandPanel {
        time: TimeAxis::Steps,
        group_names: Vec::new(),
        controls: Vec::new(),
        series: Vec::new(),
    });
    assert!(report.rows.is_empty() && !report.population.identified);
    assert!(report.population.lo_95.is_finite() && report.population.hi_95.is_finite());
}

#[test]
fn any_history_gives_finite_answers() {
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let wild = |rng: &mut ChaCha8Rng, kind: usize| match kind {
        0 => 0.0,
        1 => f64::NAN,
        2 => 1e12 * rng.random::<f64>(),
        3 => 1e-9,
        4 => -5.0,
        _ => (10.0 * rng.random::<f64>()).round(),
    };
    for _ in 0..300 {
        let periods = rng.random_range(0..60);
        let (price_kind, quantity_kind) = (rng.random_range(0..9), rng.random_range(0..9));
        let series = (0..rng.random_range(1..5))
            .map(|index| DemandSeries {
                id: format!("{index}"),
                groups: Vec::new(),
                observations: (0..periods)
                    .map(|period| DemandObservation {
                        day: period / 2,
                        price: wild(&mut rng, price_kind),
                        quantity: wild(&mut rng, quantity_kind),
                        censored: rng.random_bool(0.1),
                    })
                    .collect(),
                controls: vec![(0..periods).map(|_| wild(&mut rng, price_kind.min(1) * 5)).collect()],
                unit_cost: Some(wild(&mut rng, price_kind)),
            })
            .collect();
        let report = estimate(&DemandPanel {
            time: TimeAxis::CalendarDays,
            group_names: Vec::new(),
            controls: vec![Control { name: "x".to_owned(), scale: ControlScale::AsGiven }],
            series,
        });
        for row in &report.rows {
            let numbers = [row.belief.mean, row.belief.sd, row.lo_95, row.hi_95];
            assert!(numbers.iter().all(|number| number.is_finite()), "{row:?}");
            assert!(row.lo_95 <= row.belief.mean && row.belief.mean <= row.hi_95, "{row:?}");
        }
        assert!(report.population.average.mean.is_finite());
    }
}
