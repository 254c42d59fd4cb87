//! Planted anomalies: days on which something is wrong, with the truth about what and when.

use chrono::NaiveDate;
use rand::Rng;
use serde::Serialize;
use shelfiq_core::DateRange;

use crate::catalogue::CatalogueEntry;
use crate::demand::DemandTruth;
use crate::noise::{Noise, Stream, between, happens};

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlantedKind {
    /// Our own price was mistyped by a factor of ten. Magnitude: the factor.
    PriceTypo,
    /// A post went viral. Magnitude: demand on the first day as a multiple of the usual.
    DemandSpike,
    /// The listing could not be found. Magnitude: demand as a multiple of the usual.
    DemandDrop,
    /// Many bad reviews in a few days. Magnitude: extra reviews per day.
    ReviewSurge,
    /// The count of stock was reported wrongly. Magnitude: reported over true units.
    StockCountError,
}

/// One planted anomaly.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PlantedAnomaly {
    /// Position of the Sku in the catalogue.
    pub sku_index: u32,
    /// What went wrong.
    pub kind: PlantedKind,
    /// First day of the effect.
    pub first_day: NaiveDate,
    /// Last day on which the effect is plain.
    pub last_day: NaiveDate,
    /// How strong; the unit depends on the kind.
    pub magnitude: f64,
}

impl PlantedAnomaly {
    /// Whether `day` lies in the time of the effect.
    #[must_use]
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.first_day <= day && day <= self.last_day
    }

    /// Log effect on demand on `day`.
    pub(crate) fn demand_effect(&self, day: NaiveDate) -> f64 {
        const DAILY_FADING: f64 = 0.7;
        match self.kind {
            PlantedKind::DemandSpike if day >= self.first_day => {
                let age_days = (day - self.first_day).num_days();
                // After two weeks less than 1 % of the excitement is left.
                if age_days > 14 {
                    0.0
                } else {
                    (1.0 + (self.magnitude - 1.0) * DAILY_FADING.powi(age_days as i32)).ln()
                }
            }
            PlantedKind::DemandDrop if self.covers(day) => self.magnitude.ln(),
            _ => 0.0,
        }
    }
}

/// Anomalies of one Sku, at most one of each kind, in no particular order.
///
/// Each is planted where it can be told from ordinary luck: a slow seller that sells nothing for a week is no anomaly.
/// The first 150 days on sale stay clean, and so do the last `quiet_days`.
pub(crate) fn plan(
    entry: &CatalogueEntry,
    demand: &DemandTruth,
    days: DateRange,
    quiet_days: i64,
    noise: Noise,
) -> Vec<PlantedAnomaly> {
    const CLEAN_START_DAYS: i64 = 150;
    let base = demand.base_units_per_day;
    let first = entry.launched_on.max(days.first());
    let span = (days.last() - first).num_days() - CLEAN_START_DAYS - quiet_days;
    if span < 30 {
        return Vec::new();
    }
    let years = span as f64 / 365.0;
    let mut rng = noise.at(Stream::Anomaly, entry.index, 0);
    // Kind, expected number a year, sold enough to be seen.
    let candidates = [
        (PlantedKind::PriceTypo, 0.05, true),
        (PlantedKind::DemandSpike, 0.15, base >= 0.4),
        (PlantedKind::DemandDrop, 0.30, base >= 2.0),
        (PlantedKind::ReviewSurge, 0.05, base >= 0.5),
        (PlantedKind::StockCountError, 0.05, true),
    ];
    let mut planted = Vec::new();
    for (kind, per_year, can_be_seen) in candidates {
        let chance = happens(&mut rng, per_year * years);
        let offset = rng.random_range(0..span);
        let (length_days, magnitude) = match kind {
            PlantedKind::PriceTypo => (rng.random_range(1..=2), if happens(&mut rng, 0.5) { 10.0 } else { 0.1 }),
            PlantedKind::DemandSpike => (3, between(&mut rng, 7.0, 12.0).max(12.0 / base)),
            PlantedKind::DemandDrop => (rng.random_range(7..=14), 0.03),
            PlantedKind::ReviewSurge => (rng.random_range(3..=5), between(&mut rng, 2.0, 4.0)),
            PlantedKind::StockCountError => (1, if happens(&mut rng, 0.5) { 10.0 } else { 0.0 }),
        };
        if chance && can_be_seen {
            let first_day = first + chrono::TimeDelta::days(CLEAN_START_DAYS + offset);
            planted.push(PlantedAnomaly {
                sku_index: entry.index,
                kind,
                first_day,
                last_day: first_day + chrono::TimeDelta::days(length_days - 1),
                magnitude,
            });
        }
    }
    planted
}
