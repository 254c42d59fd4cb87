//! Price elasticities: weekly demand and price of every Sku, pooled within categories, beside what promotions and rivals do.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use rust_decimal::prelude::ToPrimitive;
use shelfiq_pricing::{
    Control, ControlScale, DemandObservation, DemandPanel, DemandSeries, ElasticityOptions, ElasticityReport,
    ElasticityRow, TimeAxis, estimate_elasticities,
};

use crate::facts::{ShopFacts, SkuFacts};

const UNCATEGORISED: &str = "(none)";

/// What moves demand beside the own price, in the order in which the panel has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Driver {
    /// Being on promotion, beyond the lower price.
    Promotion,
    /// The price of the cheapest rival.
    RivalPrice,
}

/// What the prices of the nearest products of its category do, as stored beside the drivers.
pub(crate) const SUBSTITUTES: &str = "substitutes";
/// How far the cheapest rival follows the own price, as stored beside the drivers.
pub(crate) const RIVAL_FOLLOWS: &str = "rival_follows";

impl Driver {
    pub(crate) const ALL: [Self; 2] = [Self::Promotion, Self::RivalPrice];

    /// The name as stored.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Promotion => "promotion",
            Self::RivalPrice => "rival_price",
        }
    }

    fn control(self) -> Control {
        let scale = match self {
            Self::Promotion => ControlScale::AsGiven,
            Self::RivalPrice => ControlScale::RivalPrice,
        };
        Control { name: self.as_str().to_owned(), scale }
    }

    /// Its mean over some days of a Sku's lists; `NaN` where nothing is known of them.
    fn mean_over(self, sku: &SkuFacts, days: Range<usize>) -> f64 {
        match self {
            Self::Promotion => mean(sku.had_promotion[days].iter().map(|had| f64::from(u8::from(*had)))),
            Self::RivalPrice => mean(sku.watched.rival_price.get(days).unwrap_or_default().iter().copied()),
        }
    }
}

const WEEK_DAYS: usize = 7;

/// Estimates the own-price elasticity of every Sku that was ever sold at a known price.
pub(crate) fn estimate(facts: &ShopFacts) -> ElasticityReport {
    let panel = DemandPanel {
        time: TimeAxis::CalendarDays,
        group_names: vec!["category".to_owned()],
        controls: Driver::ALL.map(Driver::control).into(),
        series: facts.skus.iter().map(weekly_series).filter(|series| !series.observations.is_empty()).collect(),
    };
    estimate_elasticities(&panel, &ElasticityOptions::default())
}

/// Elasticities of demand to the cheapest rival's price, by Sku code, where the 95 % interval lies above zero.
pub(crate) fn rival_elasticities(report: &ElasticityReport) -> HashMap<String, f64> {
    let place = Driver::ALL.iter().position(|driver| *driver == Driver::RivalPrice);
    let of = |row: &ElasticityRow| row.control_effects.get(place?).copied().flatten();
    let known = report.rows.iter().filter_map(|row| Some((row.id.clone(), of(row)?)));
    known.filter(|(_, effect)| effect.interval_95().0 > 0.0).map(|(code, effect)| (code, effect.mean)).collect()
}

/// Days sum to weeks: most Skus sell on few days, and a week averages the weekday out. A week counts only with a
/// known price; its price is the mean over its days.
fn weekly_series(sku: &SkuFacts) -> DemandSeries {
    let to_monday = (WEEK_DAYS - sku.first_day.weekday().num_days_from_monday() as usize) % WEEK_DAYS;
    let mut observations = Vec::new();
    let mut controls = vec![Vec::new(); Driver::ALL.len()];
    let weeks = sku.units.len().saturating_sub(to_monday) / WEEK_DAYS;
    for week in 0..weeks {
        let days = to_monday + week * WEEK_DAYS..to_monday + (week + 1) * WEEK_DAYS;
        let price = mean(sku.price[days.clone()].iter().copied());
        if !price.is_finite() || price <= 0.0 {
            continue;
        }
        observations.push(DemandObservation {
            day: days_since_1970(sku.first_day + chrono::Days::new(days.start as u64)),
            price,
            quantity: sku.units[days.clone()].iter().sum(),
            censored: sku.was_out_of_stock[days.clone()].contains(&true),
        });
        for (column, driver) in controls.iter_mut().zip(Driver::ALL) {
            column.push(driver.mean_over(sku, days.clone()));
        }
    }
    DemandSeries {
        id: sku.sku.as_str().to_owned(),
        groups: vec![sku.category.clone().unwrap_or_else(|| UNCATEGORISED.to_owned())],
        observations,
        controls,
        unit_cost: sku.unit_cost.and_then(|cost| cost.to_f64()),
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) =
        values.filter(|value| value.is_finite()).fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    sum / f64::from(count)
}

fn days_since_1970(day: NaiveDate) -> i32 {
    i32::try_from((day - NaiveDate::default()).num_days()).unwrap_or(i32::MAX)
}
