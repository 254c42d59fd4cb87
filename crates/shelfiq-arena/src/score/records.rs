//! The records of a shop, as columns of one value a day.

use chrono::NaiveDate;
use rayon::prelude::*;

use super::{HISTORY_DAYS_MIN, HORIZON_DAYS};
use crate::anomaly::PlantedKind;
use crate::catalogue::to_major;
use crate::shop::Shop;
use crate::simulate::SkuDay;

/// What a shop knows about its Skus.
pub(super) struct Records {
    pub(super) skus: Vec<SkuRecords>,
}

/// What a shop knows about one Sku: one value a day from `first_day` to the last day of records.
pub(super) struct SkuRecords {
    pub(super) sku_index: u32,
    pub(super) first_day: NaiveDate,
    pub(super) sold_units: Vec<f64>,
    /// Price paid, major units.
    pub(super) price: Vec<f64>,
    pub(super) promotion: Vec<f64>,
    /// Cheapest rival that can be bought from, major units; NaN where there is none.
    pub(super) rival_price: Vec<f64>,
    /// Whether the shelf was empty in the evening or the listing was hidden, so that sales may tell less than demand.
    pub(super) censored: Vec<bool>,
    /// Units counted in the evening minus what deliveries and sales since the last count leave.
    pub(super) stock_discrepancy: Vec<f64>,
    /// The truth of the same days, for scoring alone.
    pub(super) truth: Vec<SkuDay>,
}

impl Records {
    /// Lives all days of all Skus that are old enough to be scored.
    pub(super) fn of(shop: &Shop) -> Self {
        let skus = (0..shop.catalogue().len() as u32)
            .into_par_iter()
            .filter_map(|index| {
                let days = shop.truth().days(index)?;
                (days.len() >= HISTORY_DAYS_MIN + HORIZON_DAYS).then(|| SkuRecords::of(shop, index, days))
            })
            .collect();
        Self { skus }
    }
}

impl SkuRecords {
    fn of(shop: &Shop, sku_index: u32, truth: Vec<SkuDay>) -> Self {
        let currency = shop.config().currency;
        let planted = &shop.truths()[sku_index as usize].anomalies;
        // The listing's status is recorded; that shoppers could not find it is not hidden from anyone.
        let is_hidden = |day: NaiveDate| {
            planted.iter().any(|anomaly| anomaly.kind == PlantedKind::DemandDrop && anomaly.covers(day))
        };
        let cheapest = |day: &SkuDay| {
            let offers = day.rivals.iter().filter(|offer| offer.in_stock);
            offers.map(|offer| offer.price.minor()).min().map_or(f64::NAN, |minor| to_major(minor, currency))
        };
        let mut expected_count = None;
        let stock_discrepancy = truth
            .iter()
            .map(|day| {
                let moved = f64::from(day.delivered_units) - f64::from(day.sold_units);
                let counted = f64::from(day.counted_units);
                let discrepancy = expected_count.map_or(0.0, |before: f64| counted - (before + moved));
                expected_count = Some(counted);
                discrepancy
            })
            .collect();
        Self {
            sku_index,
            first_day: truth[0].day,
            sold_units: truth.iter().map(|day| f64::from(day.sold_units)).collect(),
            price: truth.iter().map(|day| to_major(day.price.minor(), currency)).collect(),
            promotion: truth.iter().map(|day| f64::from(u8::from(day.is_promotion))).collect(),
            rival_price: truth.iter().map(cheapest).collect(),
            censored: truth.iter().map(|day| day.closing_units == 0 || is_hidden(day.day)).collect(),
            stock_discrepancy,
            truth,
        }
    }

    /// Days that are known when the last `held_out` days have not happened yet; zero before the launch.
    pub(super) fn known_days(&self, held_out: usize) -> usize {
        self.truth.len().saturating_sub(held_out)
    }

    /// The last day before the last `held_out` ones.
    pub(super) fn eve(&self, held_out: usize) -> &SkuDay {
        &self.truth[self.known_days(held_out) - 1]
    }
}
