//! What the shop sells: believable titles, costs, prices and suppliers.

mod category;
mod ending;
mod family;

use chrono::{Days, NaiveDate};
use rand::Rng;
use serde::Serialize;
use shelfiq_core::{CurrencyCode, DateRange, Money, Sku};

pub use category::Category;
pub(crate) use ending::{Ending, to_major, to_minor};
use family::{COLLECTION_PLACES, COLLECTIONS, FAMILIES, Family, suppliers};

use crate::demand::DemandTruth;
use crate::noise::{Noise, Stream, between, happens, normal, pick};

/// One Sku as the merchant knows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CatalogueEntry {
    /// Position in the catalogue, from zero.
    pub index: u32,
    /// The code, for example `MUG-0007-B`.
    pub sku: Sku,
    /// Code of the product whose variants differ in size and finish, for example `MUG-0007`.
    pub product: String,
    /// For example `Harbour stoneware mug, 350 ml, sage`.
    pub title: String,
    /// The shelf it stands on.
    pub category: Category,
    /// For example `stoneware mug`.
    pub family: &'static str,
    /// Who makes it.
    pub brand: &'static str,
    /// The price at which the Sku was launched.
    pub list_price: Money,
    /// What one unit cost at the launch.
    pub unit_cost: Money,
    /// First day on sale; before the first day of records for a Sku that was always there.
    pub launched_on: NaiveDate,
    /// Days between ordering from the supplier and the usual delivery.
    pub lead_time_days: u32,
    #[serde(skip)]
    pub(crate) ending: Ending,
}

impl CatalogueEntry {
    /// The launch price as a plain number of major units, for statistics.
    pub(crate) fn list_price_major(&self) -> f64 {
        to_major(self.list_price.minor(), self.list_price.currency())
    }
}

/// Draws the catalogue and, beside each entry, how its shoppers behave.
pub(crate) fn draw(
    sku_count: u32,
    days: DateRange,
    currency: CurrencyCode,
    noise: Noise,
) -> (Vec<CatalogueEntry>, Vec<DemandTruth>) {
    let mut entries = Vec::with_capacity(sku_count as usize);
    let mut demands = Vec::with_capacity(sku_count as usize);
    let mut product = 0;
    while (entries.len() as u32) < sku_count {
        let variants = Variants::draw(product, days, noise);
        for variant in 0..variants.count {
            let index = entries.len() as u32;
            if index < sku_count {
                let mut rng = noise.at(Stream::Sku, index, 0);
                let demand = DemandTruth::draw(variants.family.category, variants.popularity, &mut rng);
                entries.push(variants.entry(index, variant, &demand, currency, &mut rng));
                demands.push(demand);
            }
        }
        product += 1;
    }
    (entries, demands)
}

/// One product and what its variants share.
struct Variants {
    product: u32,
    family: &'static Family,
    collection: String,
    count: u32,
    /// Position of the product between the family's lowest and highest price.
    price_level: f64,
    /// Log factor of demand shared by the variants.
    popularity: f64,
    /// Name and lead time.
    supplier: (&'static str, u32),
    launched_on: NaiveDate,
    /// First size and finish.
    offset: usize,
}

impl Variants {
    fn draw(product: u32, days: DateRange, noise: Noise) -> Self {
        let mut rng = noise.at(Stream::Product, product, 0);
        let family_index = product as usize % FAMILIES.len();
        let round = product as usize / FAMILIES.len();
        let family = &FAMILIES[family_index];
        // Neighbouring families start at different collections, so that a small shop shows many of them.
        let first = COLLECTIONS[(round + family_index * 5) % COLLECTIONS.len()];
        let collection = match round / COLLECTIONS.len() {
            0 => first.to_owned(),
            lap => match lap - 1 {
                place if place < COLLECTION_PLACES.len() => format!("{first} {}", COLLECTION_PLACES[place]),
                place => format!("{first} {} No. {}", COLLECTION_PLACES[place % COLLECTION_PLACES.len()], place),
            },
        };
        // A third of the range is launched while we watch.
        let launched_on = if happens(&mut rng, 0.3) {
            let latest = (days.day_count().saturating_sub(45)).max(1);
            days.first() + Days::new(rng.random_range(0..u64::from(latest)))
        } else {
            days.first() - Days::new(rng.random_range(30..700))
        };
        let most = family.sizes.len() * family.finishes.len();
        Self {
            product,
            family,
            collection,
            count: rng.random_range(1..=6.min(most) as u32),
            price_level: rng.random(),
            popularity: 0.75 * normal(&mut rng),
            supplier: *pick(&mut rng, suppliers(family.category)),
            launched_on,
            offset: rng.random_range(0..most),
        }
    }

    fn entry(
        &self,
        index: u32,
        variant: u32,
        demand: &DemandTruth,
        currency: CurrencyCode,
        rng: &mut impl Rng,
    ) -> CatalogueEntry {
        let Family { category, code, title, price, sizes, finishes } = *self.family;
        // Step through finishes first: `offset + variant` visits each pair of size and finish once.
        let pair = (self.offset + variant as usize) % (sizes.len() * finishes.len());
        let (size, finish) = (pair / finishes.len(), pair % finishes.len());
        let (brand, lead_time_days) = self.supplier;

        let size_factor = 1.0 + 0.28 * size as f64;
        let currency_factor = if currency.exponent() == 0 { 150.0 } else { 1.0 };
        let wanted = (price.0 + (price.1 - price.0) * self.price_level) * size_factor * currency_factor;
        let ending = Ending::draw(rng);
        let list_price = Money::from_minor(ending.nearest(wanted, currency), currency);
        // The merchant marks up roughly as the shoppers allow, with errors that are worth finding.
        let slip = match rng.random_range(0..14) {
            0 => -between(rng, 0.18, 0.28),
            1 => between(rng, 0.18, 0.28),
            _ => 0.07 * normal(rng),
        };
        let markup = (demand.best_markup().clamp(1.5, 3.0) * slip.exp()).clamp(1.28, 3.4);
        let unit_cost = to_minor(to_major(list_price.minor(), currency) / markup, currency);

        let product = format!("{code}-{:04}", self.product);
        let letter = char::from(b'A' + variant as u8);
        CatalogueEntry {
            index,
            sku: Sku::new(&format!("{product}-{letter}")).expect("a code of this form is neither empty nor long"),
            title: format!("{} {title}, {}, {}", self.collection, sizes[size], finishes[finish]),
            product,
            category,
            family: title,
            brand,
            list_price,
            unit_cost: Money::from_minor(unit_cost, currency),
            launched_on: self.launched_on,
            lead_time_days,
            ending,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn catalogue(skus: u32) -> Vec<CatalogueEntry> {
        let days = DateRange::ending(NaiveDate::from_ymd_opt(2026, 10, 31).unwrap(), 731).unwrap();
        draw(skus, days, CurrencyCode::EUR, Noise::new(1)).0
    }

    #[test]
    fn codes_and_titles_are_distinct_in_a_large_shop() {
        let entries = catalogue(100_000);
        assert_eq!(entries.iter().map(|entry| entry.sku.as_str()).collect::<HashSet<_>>().len(), entries.len());
        assert_eq!(entries.iter().map(|entry| entry.title.as_str()).collect::<HashSet<_>>().len(), entries.len());
    }

    #[test]
    fn a_small_shop_fills_every_category() {
        let entries = catalogue(300);
        for category in Category::ALL {
            let share = entries.iter().filter(|entry| entry.category == category).count();
            assert!((15..=75).contains(&share), "{category}: {share}");
        }
    }

    #[test]
    fn margins_are_those_of_a_gift_shop() {
        let margins: Vec<f64> = catalogue(2_000)
            .iter()
            .map(|entry| 1.0 - entry.unit_cost.minor() as f64 / entry.list_price.minor() as f64)
            .collect();
        let mean = margins.iter().sum::<f64>() / margins.len() as f64;
        assert!((0.40..0.62).contains(&mean), "{mean}");
        assert!(margins.iter().all(|margin| (0.2..0.72).contains(margin)));
    }
}
