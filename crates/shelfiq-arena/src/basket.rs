//! Shoppers: what goes into one basket, who buys it, from where, and at what time of day.

use rand::Rng;
use rand::seq::SliceRandom;
use shelfiq_core::{Channel, CountryCode, CustomerKey};

use crate::noise::{Noise, Stream, happens, pick_weighted};

/// Units of some Skus that one shopper buys at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Basket {
    /// Second of the day, local time.
    pub(crate) second: u32,
    /// Position in the catalogue and units; each Sku once.
    pub(crate) lines: Vec<(u32, u32)>,
}

/// What was sold of one Sku on a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sold {
    pub(crate) sku_index: u32,
    pub(crate) units: u32,
    /// Probability that a shopper takes one more.
    pub(crate) multiple: f64,
}

/// Orders by hour: quiet nights, a lunch break, a long evening.
const HOURS: [f64; 24] = [
    1.2, 0.6, 0.4, 0.3, 0.3, 0.5, 1.2, 2.4, 3.6, 4.6, 5.2, 5.6, 6.0, 5.6, 5.2, 5.0, 5.2, 5.6, 6.2, 7.4, 8.4, 8.2, 5.8,
    3.0,
];

/// Distributes the day's units over baskets of one to four lines, earliest first. Every unit lands in exactly one.
pub(crate) fn fill(sold: impl Iterator<Item = Sold>, rng: &mut impl Rng) -> Vec<Basket> {
    const SIZES: [f64; 4] = [0.54, 0.26, 0.13, 0.07];
    let mut lines = Vec::new();
    for Sold { sku_index, units, multiple } in sold {
        let mut left = units;
        while left > 0 {
            let mut taken = 1;
            while taken < left && taken < 12 && happens(rng, multiple) {
                taken += 1;
            }
            lines.push((sku_index, taken));
            left -= taken;
        }
    }
    lines.shuffle(rng);
    let mut baskets = Vec::with_capacity(lines.len() * 2 / 3 + 1);
    while !lines.is_empty() {
        let size = (pick_weighted(rng, &SIZES) + 1).min(lines.len());
        let mut basket: Vec<(u32, u32)> = Vec::with_capacity(size);
        for (sku_index, units) in lines.drain(lines.len() - size..) {
            match basket.iter_mut().find(|(known, _)| *known == sku_index) {
                Some((_, known_units)) => *known_units += units,
                None => basket.push((sku_index, units)),
            }
        }
        let second = pick_weighted(rng, &HOURS) as u32 * 3_600 + rng.random_range(0..3_600);
        baskets.push(Basket { second, lines: basket });
    }
    baskets.sort_by_key(|basket| basket.second);
    baskets
}

/// A shopper as the shop knows them.
#[derive(Debug, Clone)]
pub(crate) struct Shopper {
    /// Unknown for one order in twelve.
    pub(crate) key: Option<CustomerKey>,
    pub(crate) country: CountryCode,
    pub(crate) channel: Channel,
}

/// Everyone who ever bought here.
#[derive(Debug, Clone)]
pub(crate) struct Shoppers {
    known: u32,
    noise: Noise,
}

impl Shoppers {
    /// The records begin in the middle of the shop's life.
    const KNOWN_AT_START: u32 = 400;

    pub(crate) fn new(noise: Noise) -> Self {
        Self { known: Self::KNOWN_AT_START, noise }
    }

    /// The next shopper: two in three are new, the others bought here before, mostly not long ago.
    pub(crate) fn next(&mut self, rng: &mut impl Rng) -> Shopper {
        const RETURNING: f64 = 0.34;
        let number = if happens(rng, RETURNING) {
            let back = (f64::from(self.known) * 0.3 * -(1.0 - rng.random::<f64>()).ln()) as u32;
            self.known - 1 - back.min(self.known - 1)
        } else {
            self.known += 1;
            self.known - 1
        };
        let is_guest = happens(rng, 1.0 / 12.0);
        self.shopper(number, !is_guest)
    }

    /// Where a shopper lives and shops never changes, so it is computed and not remembered.
    fn shopper(&self, number: u32, is_known: bool) -> Shopper {
        const COUNTRIES: [(&str, f64); 10] = [
            ("DE", 44.0),
            ("FR", 11.0),
            ("AT", 9.0),
            ("NL", 9.0),
            ("GB", 7.0),
            ("CH", 5.0),
            ("US", 5.0),
            ("BE", 4.0),
            ("DK", 3.0),
            ("SE", 3.0),
        ];
        let mut rng = self.noise.at(Stream::Customer, number, 0);
        let (country, _) = COUNTRIES[pick_weighted(&mut rng, &COUNTRIES.map(|(_, weight)| weight))];
        // The own shop grows: early shoppers came over the marketplace.
        let etsy_share = 0.62 - 0.20 * (f64::from(number) / 40_000.0).min(1.0);
        let channel = if happens(&mut rng, etsy_share) { Channel::Etsy } else { Channel::Shopify };
        Shopper {
            key: is_known.then(|| CustomerKey::new(&format!("C{number:06}")).expect("a short, non-empty key")),
            country: CountryCode::new(country).expect("two letters"),
            channel,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn baskets_hold_every_unit_sold_and_no_sku_twice() {
        let noise = Noise::new(3);
        let sold = |index: u32| Sold { sku_index: index, units: index % 7, multiple: 0.3 };
        let baskets = fill((0..200).map(sold), &mut noise.at(Stream::Basket, 0, 0));
        let mut units = vec![0; 200];
        for basket in &baskets {
            assert!((1..=4).contains(&basket.lines.len()));
            for (position, &(index, count)) in basket.lines.iter().enumerate() {
                units[index as usize] += count;
                assert!(basket.lines[..position].iter().all(|&(earlier, _)| earlier != index));
            }
        }
        assert!(units.iter().enumerate().all(|(index, &count)| count == index as u32 % 7));
        assert!(baskets.is_sorted_by_key(|basket| basket.second));
    }

    #[test]
    fn a_returning_shopper_lives_where_they_lived() {
        let shoppers = Shoppers::new(Noise::new(3));
        let (first, again) = (shoppers.shopper(17, true), shoppers.shopper(17, true));
        assert_eq!((first.country, first.channel), (again.country, again.channel));
    }
}
