//! Simulated shops whose elasticities are known.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

use std::f64::consts::TAU;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Poisson, StandardNormal};
use shelfiq_pricing::{Control, ControlScale, DemandObservation, DemandPanel, DemandSeries, TimeAxis};

/// A shop of 60 Skus in 4 categories, two years of weeks, prices that hold for about two months, promotions with an effect of
/// their own, a season and weekly shocks shared within a category, noise of its own.
#[derive(Clone, Copy)]
pub(crate) struct Shop {
    pub(crate) series: usize,
    pub(crate) periods: usize,
    pub(crate) days_per_period: i32,
    /// Smallest and largest mean demand per period.
    pub(crate) units: (f64, f64),
    /// Standard deviation of the log of what nothing explains, and how much of it lasts into the next period.
    pub(crate) noise: (f64, f64),
    /// Counts scatter more than a Poisson distribution.
    pub(crate) overdispersed: bool,
    /// How strongly the price follows the season.
    pub(crate) price_follows_season: f64,
    pub(crate) periods_per_price: f64,
    /// Standard deviation of the log of the prices the merchant tries; 0 leaves only what follows the season.
    pub(crate) price_deviation: f64,
    pub(crate) has_groups: bool,
    /// Whether the shop writes down when something was promoted.
    pub(crate) records_promotions: bool,
    /// Mean and standard deviation over Skus of the log effect of being promoted, beyond the price.
    pub(crate) promotion_effect: (f64, f64),
    /// Cut of the price in a promotion: mean of the log, and standard deviation of it from one promotion to the next.
    pub(crate) cut: (f64, f64),
    /// Standard deviation of elasticities between categories and between the Skus of one.
    pub(crate) spread: (f64, f64),
    /// Noise that is a sum of parts which last 1, 4, 16, 64 … periods: it forgets slowly, as no single memory does.
    pub(crate) long_memory: bool,
}

pub(crate) const SHOP: Shop = Shop {
    series: 60,
    periods: 104,
    days_per_period: 7,
    units: (40.0, 400.0),
    noise: (0.2, 0.0),
    overdispersed: false,
    price_follows_season: 0.0,
    periods_per_price: 8.0,
    price_deviation: 0.12,
    has_groups: true,
    records_promotions: true,
    promotion_effect: (0.4, 0.2),
    cut: (0.15, 0.048),
    spread: (0.5, 0.4),
    long_memory: false,
};

const CATEGORIES: usize = 4;
/// Promotions of two weeks begin this often: some four a year.
const PROMOTIONS_PER_DAY: f64 = 0.012;

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

fn count(shop: Shop, mean: f64, rng: &mut ChaCha8Rng) -> f64 {
    let mean = if shop.overdispersed { Gamma::new(2.0, mean / 2.0).unwrap().sample(rng) } else { mean };
    Poisson::new(mean.max(1e-9)).unwrap().sample(rng)
}

/// Season and weekly shocks of a category: log demand by period.
fn season(shop: Shop, rng: &mut ChaCha8Rng) -> Vec<f64> {
    let phase = TAU * rng.random::<f64>();
    let mut shock = 0.0;
    (0..shop.periods)
        .map(|period| {
            shock = 0.8 * shock + 0.1 * normal(rng);
            0.4 * (TAU * f64::from(shop.days_per_period) * period as f64 / 365.25 + phase).sin() + shock
        })
        .collect()
}

pub(crate) fn open(shop: Shop, seed: u64) -> (DemandPanel, Vec<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let categories: Vec<(f64, Vec<f64>)> =
        (0..CATEGORIES).map(|_| (-2.0 + shop.spread.0 * normal(&mut rng), season(shop, &mut rng))).collect();
    let (series, truth) = (0..shop.series)
        .map(|index| {
            let (category_elasticity, season) = &categories[index % CATEGORIES];
            let elasticity = category_elasticity + shop.spread.1 * normal(&mut rng);
            (live(shop, index, elasticity, season, &mut rng), elasticity)
        })
        .unzip();
    let panel = DemandPanel {
        time: TimeAxis::CalendarDays,
        group_names: if shop.has_groups { vec!["category".to_owned()] } else { Vec::new() },
        controls: if shop.records_promotions {
            vec![Control { name: "promotion".to_owned(), scale: ControlScale::AsGiven }]
        } else {
            Vec::new()
        },
        series,
    };
    (panel, truth)
}

/// A part of the noise that lasts about so many periods; variance one.
struct Lasting {
    value: f64,
    periods: f64,
}

impl Lasting {
    fn next(&mut self, rng: &mut ChaCha8Rng) -> f64 {
        let memory = (-1.0 / self.periods).exp();
        self.value = memory * self.value + (1.0 - memory * memory).sqrt() * normal(rng);
        self.value
    }
}

fn live(shop: Shop, index: usize, elasticity: f64, season: &[f64], rng: &mut ChaCha8Rng) -> DemandSeries {
    let (smallest, largest) = shop.units;
    let level = smallest * (largest / smallest).powf(rng.random());
    let usual_price = 2.0 * (3.0 * rng.random::<f64>()).exp();
    let (trend, season_strength, promotion_effect) =
        (0.3 * normal(rng), 1.0 + 0.3 * normal(rng), shop.promotion_effect.0 + shop.promotion_effect.1 * normal(rng));
    let (deviation, memory) = shop.noise;
    let (mut unexplained, mut regular, mut promoted, mut cut) = (0.0, shop.price_deviation * normal(rng), 0, 0.0);
    let slow_parts = 5;
    let mut slow: Vec<Lasting> = (0..if shop.long_memory { slow_parts } else { 0 })
        .map(|part| Lasting { value: normal(rng), periods: 4_f64.powi(part) })
        .collect();
    let mut promotion = Vec::new();
    let observations = (0..shop.periods)
        .map(|period| {
            unexplained = if shop.long_memory {
                deviation * slow.iter_mut().map(|part| part.next(rng)).sum::<f64>() / (slow_parts as f64).sqrt()
            } else {
                memory * unexplained + (1.0 - memory * memory).sqrt() * deviation * normal(rng)
            };
            if rng.random::<f64>() < 1.0 / shop.periods_per_price {
                regular = shop.price_deviation * normal(rng);
            }
            promoted = if promoted > 0 {
                promoted - 1
            } else if rng.random::<f64>() < PROMOTIONS_PER_DAY * f64::from(shop.days_per_period) {
                cut = shop.cut.0 + shop.cut.1 * normal(rng);
                14 / shop.days_per_period
            } else {
                0
            };
            let is_promoted = f64::from(u8::from(promoted > 0));
            let shared = season_strength * season[period];
            let log_price = regular + shop.price_follows_season * shared - is_promoted * cut;
            let price = (usual_price * log_price.exp() * 100.0).round() / 100.0;
            let growth = trend * (period as f64 / shop.periods as f64 - 0.5);
            let log_demand = elasticity * (price / usual_price).ln()
                + shared
                + growth
                + promotion_effect * is_promoted
                + unexplained;
            promotion.push(is_promoted);
            DemandObservation {
                day: 15_000 + shop.days_per_period * period as i32,
                price,
                quantity: count(shop, level * log_demand.exp(), rng),
                censored: false,
            }
        })
        .collect();
    let groups = if shop.has_groups { vec![(index % CATEGORIES).to_string()] } else { Vec::new() };
    let controls = if shop.records_promotions { vec![promotion] } else { Vec::new() };
    DemandSeries { id: format!("sku {index}"), groups, observations, controls, unit_cost: None }
}
