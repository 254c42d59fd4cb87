//! Simulated categories in which shoppers switch between products nearby in price.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

use std::f64::consts::TAU;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Poisson, StandardNormal};
use shelfiq_pricing::{Control, ControlScale, DemandObservation, DemandPanel, DemandSeries, TimeAxis};

/// Two years of weeks; prices that hold for about two months, recorded promotions with an effect of their own, season and weekly
/// shocks of the category, noise of its own.
#[derive(Clone, Copy)]
pub(crate) struct Market {
    pub(crate) categories: usize,
    pub(crate) skus_per_category: usize,
    /// Smallest and largest mean demand per week.
    pub(crate) units: (f64, f64),
    /// Mean and standard deviation over Skus of the log effect of all other prices of the category together.
    pub(crate) cross: (f64, f64),
    /// Log distance of prices within which most of it happens.
    pub(crate) reach: f64,
    /// Share of a price's movement that the whole category follows.
    pub(crate) prices_together: f64,
    /// How strongly prices follow the season and the shocks of the category.
    pub(crate) price_follows_season: f64,
}

pub(crate) const MARKET: Market = Market {
    categories: 4,
    skus_per_category: 12,
    units: (40.0, 400.0),
    cross: (0.4, 0.2),
    reach: 0.3,
    prices_together: 0.0,
    price_follows_season: 0.0,
};

const WEEKS: usize = 104;
const PRICE_DEVIATION: f64 = 0.12;
const NOISE: f64 = 0.2;

/// A market, and what each Sku's demand gains per log price of each other one.
pub(crate) struct Opened {
    pub(crate) panel: DemandPanel,
    pub(crate) own: Vec<f64>,
    effects: Vec<Vec<f64>>,
}

impl Opened {
    /// What these Skus, named as in the panel, do to a Sku when all their prices rise together.
    pub(crate) fn effect_of(&self, sku: usize, others: &[String]) -> f64 {
        let place = |name: &String| self.panel.series.iter().position(|series| series.id == *name).unwrap();
        others.iter().map(|name| self.effects[sku][place(name)]).sum()
    }
}

struct Prices {
    usual: f64,
    log: Vec<f64>,
    promotion: Vec<f64>,
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

fn common_shocks(rng: &mut ChaCha8Rng) -> Vec<f64> {
    let (phase, mut shock) = (TAU * rng.random::<f64>(), 0.0);
    let week = |week: usize| {
        shock = 0.8 * shock + 0.1 * normal(rng);
        0.4 * (TAU * 7.0 * week as f64 / 365.25 + phase).sin() + shock
    };
    (0..WEEKS).map(week).collect()
}

/// Log prices that hold for eight weeks on average.
fn held_prices(rng: &mut ChaCha8Rng) -> Vec<f64> {
    let mut price = PRICE_DEVIATION * normal(rng);
    let week = |_| {
        if rng.random::<f64>() < 0.125 {
            price = PRICE_DEVIATION * normal(rng);
        }
        price
    };
    (0..WEEKS).map(week).collect()
}

fn prices(market: Market, together: &[f64], shocks: &[f64], rng: &mut ChaCha8Rng) -> Prices {
    let usual = 10.0 * (0.5 * normal(rng)).exp();
    let own = held_prices(rng);
    let (mut left, mut cut) = (0, 0.0);
    let (mut log, mut promotion) = (Vec::new(), Vec::new());
    for week in 0..WEEKS {
        left = if left > 0 {
            left - 1
        } else if rng.random::<f64>() < 0.08 {
            cut = 0.15 + 0.05 * normal(rng);
            2
        } else {
            0
        };
        let on_offer = f64::from(u8::from(left > 0));
        let regular =
            (1.0 - market.prices_together).sqrt() * own[week] + market.prices_together.sqrt() * together[week];
        log.push(regular + market.price_follows_season * shocks[week] - on_offer * cut);
        promotion.push(on_offer);
    }
    Prices { usual, log, promotion }
}

/// Shares of switching between all pairs: most of it between neighbours in price.
fn switching(market: Market, all: &[Prices]) -> Vec<Vec<f64>> {
    let of_sku = |sku: usize| {
        let nearness = |other: usize| {
            let same = sku / market.skus_per_category == other / market.skus_per_category;
            let distance = (all[sku].usual / all[other].usual).ln().abs();
            if same && sku != other { (-distance / market.reach).exp() } else { 0.0 }
        };
        let shares: Vec<f64> = (0..all.len()).map(nearness).collect();
        let total: f64 = shares.iter().sum();
        shares.into_iter().map(|share| share / total).collect()
    };
    (0..all.len()).map(of_sku).collect()
}

pub(crate) fn open(market: Market, seed: u64) -> Opened {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let shocks: Vec<Vec<f64>> = (0..market.categories).map(|_| common_shocks(&mut rng)).collect();
    let together: Vec<Vec<f64>> = (0..market.categories).map(|_| held_prices(&mut rng)).collect();
    let skus = market.categories * market.skus_per_category;
    let category = |sku: usize| sku / market.skus_per_category;
    let all: Vec<Prices> =
        (0..skus).map(|sku| prices(market, &together[category(sku)], &shocks[category(sku)], &mut rng)).collect();
    let mut effects = switching(market, &all);
    for row in &mut effects {
        let cross = market.cross.0 + market.cross.1 * normal(&mut rng);
        row.iter_mut().for_each(|share| *share *= cross);
    }
    let own: Vec<f64> = (0..skus).map(|_| -2.0 + 0.6 * normal(&mut rng)).collect();
    let series = (0..skus)
        .map(|sku| {
            let (smallest, largest) = market.units;
            let level = smallest * (largest / smallest).powf(rng.random());
            let (strength, promoted) = (1.0 + 0.3 * normal(&mut rng), 0.4 + 0.2 * normal(&mut rng));
            let observations = (0..WEEKS).map(|week| {
                let switched: f64 = effects[sku].iter().zip(&all).map(|(effect, other)| effect * other.log[week]).sum();
                let log_demand = own[sku] * all[sku].log[week]
                    + switched
                    + strength * shocks[category(sku)][week]
                    + promoted * all[sku].promotion[week]
                    + NOISE * normal(&mut rng);
                DemandObservation {
                    day: 15_000 + 7 * week as i32,
                    price: (all[sku].usual * all[sku].log[week].exp() * 100.0).round() / 100.0,
                    quantity: Poisson::new(level * log_demand.exp()).unwrap().sample(&mut rng),
                    censored: false,
                }
            });
            DemandSeries {
                id: format!("sku {sku}"),
                groups: vec![category(sku).to_string()],
                observations: observations.collect(),
                controls: vec![all[sku].promotion.clone()],
                unit_cost: None,
            }
        })
        .collect();
    let panel = DemandPanel {
        time: TimeAxis::CalendarDays,
        group_names: vec!["category".to_owned()],
        controls: vec![Control { name: "promotion".to_owned(), scale: ControlScale::AsGiven }],
        series,
    };
    Opened { panel, own, effects }
}
