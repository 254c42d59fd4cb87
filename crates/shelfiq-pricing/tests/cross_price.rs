//! Categories in which shoppers switch between products nearby in price: what is told of it, and of the own price beside it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

mod market;

use market::{MARKET, Market, open};
use shelfiq_pricing::{ElasticityOptions, estimate_elasticities};

const SHOPS: u64 = 4;

/// Over some shops: shares of Skus and means over them.
struct Told {
    held: f64,
    claimed: f64,
    mean: f64,
    identified: f64,
    own_error: f64,
    own_held: f64,
}

fn told(market: Market) -> Told {
    let mut told = Told { held: 0.0, claimed: 0.0, mean: 0.0, identified: 0.0, own_error: 0.0, own_held: 0.0 };
    let mut count = 0.0;
    for seed in 0..SHOPS {
        let opened = open(market, seed);
        let report = estimate_elasticities(&opened.panel, &ElasticityOptions::default());
        for (sku, row) in report.rows.iter().enumerate() {
            let cross = row.cross_price.as_ref().unwrap();
            let truth = opened.effect_of(sku, &cross.substitutes);
            told.held += f64::from(u8::from((cross.lo_95..=cross.hi_95).contains(&truth)));
            told.claimed += f64::from(u8::from(cross.lo_95 > 0.0 || cross.hi_95 < 0.0));
            told.identified += f64::from(u8::from(cross.identified));
            told.mean += cross.belief.mean;
            told.own_error += (row.belief.mean - opened.own[sku]).abs();
            told.own_held += f64::from(u8::from((row.lo_95..=row.hi_95).contains(&opened.own[sku])));
            count += 1.0;
        }
    }
    let Told { held, claimed, mean, identified, own_error, own_held } = &mut told;
    for sum in [held, claimed, mean, identified, own_error, own_held] {
        *sum /= count;
    }
    told
}

#[test]
fn where_shoppers_do_not_switch_nothing_is_claimed() {
    let none = told(Market { cross: (0.0, 0.0), ..MARKET });
    assert!(none.claimed <= 0.05 && none.held >= 0.93, "{} {}", none.claimed, none.held);
    assert!(none.mean.abs() < 0.15, "{}", none.mean);
}

#[test]
fn where_they_switch_the_effect_is_inside_the_intervals() {
    let switching = told(Market { cross: (0.8, 0.3), ..MARKET });
    assert!(switching.held >= 0.9, "{}", switching.held);
    assert!(switching.mean > 0.2, "{}", switching.mean);
    assert!(switching.identified > 0.2, "{}", switching.identified);
}

#[test]
fn a_small_category_whose_season_stays_in_demand_is_not_identified() {
    let small = told(Market { categories: 6, skus_per_category: 4, price_follows_season: 0.3, ..MARKET });
    assert!(small.identified == 0.0 && small.claimed == 0.0, "{} {}", small.identified, small.claimed);
}

#[test]
fn prices_that_move_together_do_not_spoil_the_own_elasticity() {
    let together = told(Market { prices_together: 0.5, cross: (0.0, 0.0), ..MARKET });
    assert!(together.own_error < 0.28, "{}", together.own_error);
}

#[test]
fn without_a_category_there_are_no_substitutes() {
    let mut panel = open(MARKET, 1).panel;
    panel.group_names.clear();
    panel.series.iter_mut().for_each(|series| series.groups.clear());
    let report = estimate_elasticities(&panel, &ElasticityOptions::default());
    assert!(report.rows.iter().all(|row| row.cross_price.is_none()));
}

/// Categories of four whose prices follow, or go against, what demand in the category has in common; the last sell slowly.
#[test]
fn a_small_category_that_follows_its_season_keeps_the_promise_of_its_intervals() {
    let small = Market { categories: 12, skus_per_category: 4, cross: (0.0, 0.0), ..MARKET };
    let markets = [
        (Market { price_follows_season: 0.3, ..small }, 0.9, 0.3),
        (Market { price_follows_season: -0.3, ..small }, 0.9, 0.3),
        (Market { price_follows_season: 0.3, units: (1.0, 15.0), ..small }, 0.88, 0.5),
    ];
    for (market, held_min, error_max) in markets {
        let told = told(market);
        assert!(told.own_held >= held_min, "{}", told.own_held);
        assert!(told.own_error < error_max, "{}", told.own_error);
    }
}
