//! How often 95 % intervals of cross-price effects hold the truth, and how often an effect is claimed.
//!
//! `cargo run --release -p shelfiq-pricing --example cross_price_coverage -- 1..4 [words of the shape's name]`

#![allow(clippy::print_stdout, reason = "it prints a table")]
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on may panic anywhere")]

#[path = "../tests/market/mod.rs"]
mod market;

use market::{MARKET, Market, open};
use rayon::prelude::*;
use shelfiq_pricing::{ElasticityOptions, estimate_elasticities};

fn shapes() -> Vec<(&'static str, Market)> {
    let none = Market { cross: (0.0, 0.0), ..MARKET };
    let small = Market { categories: 12, skus_per_category: 4, ..MARKET };
    vec![
        ("switching", MARKET),
        ("switching, far in price", Market { reach: 3.0, ..MARKET }),
        ("switching, categories of 4", small),
        ("switching, slow sellers", Market { units: (1.0, 15.0), ..MARKET }),
        ("switching, prices move together", Market { prices_together: 0.5, ..MARKET }),
        ("none", none),
        ("none, categories of 4", Market { cross: (0.0, 0.0), ..small }),
        ("none, slow sellers", Market { units: (1.0, 15.0), ..none }),
        ("none, prices move together", Market { prices_together: 0.5, ..none }),
        ("none, prices follow the season", Market { price_follows_season: 0.3, ..none }),
        ("none, categories of 4 follow the season", Market { cross: (0.0, 0.0), price_follows_season: 0.3, ..small }),
    ]
}

struct Case {
    truth: f64,
    mean: f64,
    ends: (f64, f64),
    identified: bool,
    own_error: f64,
    own_held: bool,
}

fn cases(market: Market, seed: u64) -> Vec<Case> {
    let opened = open(market, seed);
    let report = estimate_elasticities(&opened.panel, &ElasticityOptions::default());
    let case = |(sku, row): (usize, &shelfiq_pricing::ElasticityRow)| {
        let cross = row.cross_price.as_ref()?;
        Some(Case {
            truth: opened.effect_of(sku, &cross.substitutes),
            mean: cross.belief.mean,
            ends: (cross.lo_95, cross.hi_95),
            identified: cross.identified,
            own_error: row.belief.mean - opened.own[sku],
            own_held: (row.lo_95..=row.hi_95).contains(&opened.own[sku]),
        })
    };
    report.rows.iter().enumerate().filter_map(case).collect()
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let seeds = arguments.next().map_or(1..4, |range| {
        let (from, to) = range.split_once("..").unwrap();
        from.parse().unwrap()..to.parse().unwrap()
    });
    let words: Vec<String> = arguments.collect();
    println!(
        "{:<42} {:>6} {:>6} {:>7} {:>7} {:>8} {:>6} {:>6} {:>7} {:>9} {:>9}",
        "shape", "Skus", "truth", "held", "sure of", "claimed", "bias", "error", "± 95 %", "own held", "own error"
    );
    for (name, market) in shapes().into_iter().filter(|(name, _)| words.iter().all(|word| name.contains(word.as_str())))
    {
        let seeds: Vec<u64> = seeds.clone().flat_map(|seed| (0..4).map(move |round| 1_000 * seed + round)).collect();
        let all: Vec<Case> = seeds.into_par_iter().flat_map_iter(|seed| cases(market, seed)).collect();
        let mean = |value: &dyn Fn(&Case) -> f64| all.iter().map(value).sum::<f64>() / all.len() as f64;
        let share = |is: &dyn Fn(&Case) -> bool| 100.0 * mean(&|case| f64::from(u8::from(is(case))));
        println!(
            "{name:<42} {:>6} {:>6.2} {:>5.1} % {:>5.1} % {:>6.1} % {:>6.2} {:>6.3} {:>7.2} {:>7.1} % {:>9.3}",
            all.len(),
            mean(&|case| case.truth),
            share(&|case| (case.ends.0..=case.ends.1).contains(&case.truth)),
            share(&|case| case.identified),
            share(&|case| case.ends.0 > 0.0 || case.ends.1 < 0.0),
            mean(&|case| case.mean - case.truth),
            mean(&|case| (case.mean - case.truth).abs()),
            mean(&|case| 0.5 * (case.ends.1 - case.ends.0)),
            share(&|case| case.own_held),
            mean(&|case| case.own_error.abs()),
        );
    }
}
