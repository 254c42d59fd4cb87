//! How often 95 % intervals of elasticities hold the truth, in many shapes of shops.
//!
//! `cargo run --release -p shelfiq-pricing --example elasticity_coverage -- 1..4 [words of the shape's name]`

#![allow(clippy::print_stdout, reason = "it prints a table")]
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on may panic anywhere")]

#[path = "../tests/shop/mod.rs"]
mod shop;

use std::ops::Range;

use rayon::prelude::*;
use shelfiq_pricing::{ElasticityOptions, estimate_elasticities};
use shop::{SHOP, Shop, open};

/// Series over which each row is measured, at least.
const SERIES_MIN: usize = 180;

fn shapes() -> Vec<(&'static str, Shop)> {
    let hidden = Shop { records_promotions: false, ..SHOP };
    let price_only = Shop { promotion_effect: (0.0, 0.0), ..hidden };
    let cuts_alone = Shop { price_deviation: 0.0, ..hidden };
    let equal_cuts = Shop { cut: (0.2, 0.0), ..cuts_alone };
    let daily = Shop { periods: 365, days_per_period: 1, units: (5.0, 50.0), periods_per_price: 28.0, ..SHOP };
    let alone = Shop { series: 1, ..SHOP };
    let alone_daily = Shop { series: 1, ..daily };
    let slow = Shop {
        periods: 365,
        days_per_period: 1,
        units: (0.1, 3.0),
        noise: (0.0, 0.0),
        periods_per_price: 30.0,
        ..SHOP
    };
    let no_groups = Shop { has_groups: false, ..SHOP };
    vec![
        ("weekly", SHOP),
        ("weekly, with the season", Shop { price_follows_season: 0.4, ..no_groups }),
        ("weekly, against the season", Shop { price_follows_season: -0.4, ..no_groups }),
        ("weekly, 13 weeks", Shop { periods: 13, periods_per_price: 3.0, ..SHOP }),
        ("daily", daily),
        ("daily, with the season", Shop { price_follows_season: 0.4, has_groups: false, ..daily }),
        ("slow", slow),
        ("slow, overdispersed", Shop { overdispersed: true, ..slow }),
        ("memory 0.9", Shop { noise: (0.25, 0.9), periods_per_price: 20.0, ..SHOP }),
        ("memory long", Shop { noise: (0.3, 0.0), long_memory: true, ..SHOP }),
        ("memory long, daily", Shop { noise: (0.3, 0.0), long_memory: true, ..daily }),
        ("alone, weekly", alone),
        ("alone, daily", alone_daily),
        ("alone, daily, memory 0.9", Shop { noise: (0.3, 0.9), ..alone_daily }),
        ("alone, daily, memory long", Shop { noise: (0.3, 0.0), long_memory: true, ..alone_daily }),
        ("alone, weekly, memory long", Shop { noise: (0.3, 0.0), long_memory: true, ..alone }),
        ("alone, slow", Shop { series: 1, ..slow }),
        ("hidden promotions", hidden),
        ("hidden promotions, price only", price_only),
        ("hidden promotions, cuts alone", cuts_alone),
        ("hidden promotions, cuts alone, price only", Shop { promotion_effect: (0.0, 0.0), ..cuts_alone }),
        ("hidden promotions, equal cuts", equal_cuts),
        ("hidden promotions, equal cuts, price only", Shop { promotion_effect: (0.0, 0.0), ..equal_cuts }),
        ("hidden promotions, daily", Shop { records_promotions: false, ..daily }),
        (
            "hidden promotions, daily, price only",
            Shop { records_promotions: false, promotion_effect: (0.0, 0.0), ..daily },
        ),
        ("hidden promotions, alone", Shop { series: 1, ..hidden }),
        ("hidden promotions, alone, price only", Shop { series: 1, ..price_only }),
        ("no spread", Shop { spread: (0.0, 0.0), ..SHOP }),
        ("little spread", Shop { spread: (0.1, 0.1), ..SHOP }),
        ("wide spread", Shop { spread: (0.8, 0.8), ..SHOP }),
        ("12 Skus", Shop { series: 12, ..SHOP }),
    ]
}

/// One series: what was believed and what is true.
struct Case {
    error: f64,
    half_width: f64,
    identified: bool,
}

fn cases(shop: Shop, seeds: Range<u64>) -> Vec<Case> {
    let rounds = (SERIES_MIN / shop.series).max(1) as u64;
    let one = |seed: u64| -> Vec<Case> {
        let (panel, truth) = open(shop, seed);
        let report = estimate_elasticities(&panel, &ElasticityOptions::default());
        let case = |(row, truth): (&shelfiq_pricing::ElasticityRow, f64)| Case {
            error: row.belief.mean - truth,
            half_width: 0.5 * (row.hi_95 - row.lo_95),
            identified: row.identified(),
        };
        report.rows.iter().zip(truth).map(case).collect()
    };
    let seeds: Vec<u64> = seeds.flat_map(|seed| (0..rounds).map(move |round| 1_000 * seed + round)).collect();
    seeds.into_par_iter().map(one).flatten().collect()
}

/// CPU time is what one thread takes: `RAYON_NUM_THREADS=1`.
fn speed() {
    let (panel, _) = open(Shop { series: 5_000, ..SHOP }, 1);
    let start = std::time::Instant::now();
    let report = estimate_elasticities(&panel, &ElasticityOptions::default());
    println!("{} Skus, 104 weeks: {:.1} s", report.rows.len(), start.elapsed().as_secs_f64());
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    if std::env::args().nth(1).as_deref() == Some("speed") {
        return speed();
    }
    let seeds = arguments.next().map_or(1..4, |range| {
        let (from, to) = range.split_once("..").unwrap();
        from.parse().unwrap()..to.parse().unwrap()
    });
    let words: Vec<String> = arguments.collect();
    println!(
        "{:<44} {:>6} {:>8} {:>10} {:>7} {:>6} {:>7} {:>7}",
        "shape", "series", "held", "held, if", "sure of", "bias", "error", "± 95 %"
    );
    for (name, shop) in shapes() {
        if !words.iter().all(|word| name.contains(word.as_str())) {
            continue;
        }
        let all = cases(shop, seeds.clone());
        let identified: Vec<&Case> = all.iter().filter(|case| case.identified).collect();
        let held = |case: &Case| f64::from(u8::from(case.error.abs() <= case.half_width));
        let mean = |value: &dyn Fn(&Case) -> f64| {
            identified.iter().map(|case| value(case)).sum::<f64>() / identified.len() as f64
        };
        println!(
            "{name:<44} {:>6} {:>6.1} % {:>8.1} % {:>5.1} % {:>6.2} {:>7.3} {:>7.2}",
            all.len(),
            100.0 * all.iter().map(held).sum::<f64>() / all.len() as f64,
            100.0 * mean(&held),
            100.0 * identified.len() as f64 / all.len() as f64,
            mean(&|case| case.error),
            mean(&|case| case.error.abs()),
            mean(&|case| case.half_width),
        );
    }
}
