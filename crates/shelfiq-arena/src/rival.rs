//! Rivals: they sell the same kind of thing, move prices, undercut, leave, come back and run out of stock.

use rand::Rng;
use serde::Serialize;
use shelfiq_core::Money;

use crate::catalogue::{CatalogueEntry, Ending, to_major};
use crate::noise::{Noise, Stream, between, happens, normal};

const RIVALS: [&str; 12] = [
    "Fern & Fable",
    "Kiln Lane",
    "The Paper Otter",
    "Nordic Nook",
    "Copper Finch",
    "Little Lantern Co",
    "Moss & Twine",
    "Saltbox Studio",
    "Bright Thistle",
    "Wild Goose Goods",
    "Tiny Harbour",
    "Pine & Pearl",
];

/// A rival's offer as anyone could see it on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RivalOffer {
    /// Name under which the rival sells.
    pub rival: &'static str,
    /// Price of one unit.
    pub price: Money,
    /// Whether it could be bought.
    pub in_stock: bool,
}

/// All rivals of one Sku, up to three.
#[derive(Debug, Clone)]
pub(crate) struct Rivals {
    rivals: Vec<Rival>,
    /// Usual log level of the cheapest offer against our launch price.
    usual_log_level: f64,
}

#[derive(Debug, Clone)]
struct Rival {
    name: &'static str,
    ending: Ending,
    /// Usual log distance from our launch price.
    log_level: f64,
    price_minor: i64,
    is_listed: bool,
    in_stock: bool,
    campaign_until_day: u32,
}

impl Rivals {
    pub(crate) fn draw(entry: &CatalogueEntry, noise: Noise) -> Self {
        let mut rng = noise.at(Stream::Rival, entry.index, 0);
        let count = if happens(&mut rng, 0.5) { rng.random_range(2..=3) } else { 0 };
        let first = rng.random_range(0..RIVALS.len());
        let rivals: Vec<Rival> = (0..count)
            .map(|position| {
                let log_level = (0.02 + 0.09 * normal(&mut rng)).clamp(-0.2, 0.3);
                let ending = Ending::draw(&mut rng);
                Rival {
                    name: RIVALS[(first + position * 5) % RIVALS.len()],
                    ending,
                    log_level,
                    price_minor: ending
                        .nearest(entry.list_price_major() * log_level.exp(), entry.list_price.currency()),
                    is_listed: true,
                    in_stock: true,
                    campaign_until_day: 0,
                }
            })
            .collect();
        let usual_log_level = rivals.iter().map(|rival| rival.log_level).fold(f64::INFINITY, f64::min);
        Self { rivals, usual_log_level }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rivals.is_empty()
    }

    /// Lives one day. `our_price_minor` is yesterday's: rivals see it no earlier than anyone.
    pub(crate) fn live(&mut self, entry: &CatalogueEntry, our_price_minor: i64, day: u32, noise: Noise) {
        let mut rng = noise.at(Stream::Rival, entry.index, day + 1);
        for rival in &mut self.rivals {
            rival.live(entry, our_price_minor, day, &mut rng);
        }
    }

    /// Lets the first rival sell for well less than us, whatever it did before.
    pub(crate) fn undercut(&mut self, entry: &CatalogueEntry, our_price_minor: i64, day: u32) {
        if let Some(rival) = self.rivals.first_mut() {
            let currency = entry.list_price.currency();
            rival.price_minor = rival.ending.nearest(to_major(our_price_minor, currency) * 0.82, currency);
            rival.is_listed = true;
            rival.in_stock = true;
            rival.campaign_until_day = day + 1;
        }
    }

    /// Log distance of the cheapest offer from its usual level; zero without rivals, a little above when all are gone.
    pub(crate) fn pressure(&self, entry: &CatalogueEntry) -> f64 {
        const ALONE: f64 = 0.12;
        if self.rivals.is_empty() {
            return 0.0;
        }
        let cheapest =
            self.rivals.iter().filter(|rival| rival.is_listed && rival.in_stock).map(|rival| rival.price_minor).min();
        cheapest.map_or(ALONE, |minor| (minor as f64 / entry.list_price.minor() as f64).ln() - self.usual_log_level)
    }

    /// Offers that stand on the market.
    pub(crate) fn offers(&self, entry: &CatalogueEntry) -> Vec<RivalOffer> {
        let listed = self.rivals.iter().filter(|rival| rival.is_listed);
        listed
            .map(|rival| RivalOffer {
                rival: rival.name,
                price: Money::from_minor(rival.price_minor, entry.list_price.currency()),
                in_stock: rival.in_stock,
            })
            .collect()
    }
}

impl Rival {
    fn live(&mut self, entry: &CatalogueEntry, our_price_minor: i64, day: u32, rng: &mut impl Rng) {
        let currency = entry.list_price.currency();
        // Draw every chance every day, so that one rival's choice never shifts another's luck.
        let [leave, run_dry, reprice, campaign]: [f64; 4] = rng.random();
        let wobble = 0.05 * normal(rng);
        let cut = between(rng, 0.92, 0.97);
        let campaign_days = rng.random_range(8..22);

        self.is_listed = if self.is_listed { leave > 1.0 / 300.0 } else { leave < 1.0 / 45.0 };
        self.in_stock = if self.in_stock { run_dry > 1.0 / 110.0 } else { run_dry < 1.0 / 9.0 };
        if day < self.campaign_until_day {
            return;
        }
        let was_cutting = self.campaign_until_day > 0;
        self.campaign_until_day = 0;
        if campaign < 1.0 / 160.0 {
            self.campaign_until_day = day + campaign_days;
            self.price_minor = self.ending.nearest(to_major(our_price_minor, currency) * cut, currency);
        } else if was_cutting || reprice < 1.0 / 18.0 {
            let wanted = entry.list_price_major() * (self.log_level + wobble).exp();
            self.price_minor = self.ending.nearest(wanted, currency);
        }
    }
}
