//! Situations written into the last month of a demo shop, so that there is something to find and to do.

use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;
use shelfiq_core::DateRange;

use crate::anomaly::{PlantedAnomaly, PlantedKind};
use crate::catalogue::CatalogueEntry;
use crate::demand::DemandTruth;
use crate::merchant::PricingRegime;
use crate::noise::Noise;
use crate::rival::Rivals;

/// What the merchant should notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StoryKind {
    /// A good seller with less than a week of stock and nothing on order.
    RunsOut,
    /// A rival sells for a fifth less than we do.
    RivalUndercuts,
    /// The supplier raised the cost above our price.
    SoldBelowCost,
    /// A post went viral three days ago.
    GoesViral,
    /// Many months of stock of something that hardly sells any more.
    Overstocked,
    /// Shoppers would pay more.
    PricedTooLow,
    /// A lower price would earn more.
    PricedTooHigh,
    /// A bad batch brings bad reviews.
    BadBatch,
    /// Our own price was mistyped.
    PriceTypo,
}

impl StoryKind {
    /// Days before the last day on which the story begins.
    const fn days_before_end(self) -> i64 {
        match self {
            Self::RunsOut => 160,
            Self::RivalUndercuts => 11,
            Self::SoldBelowCost => 18,
            Self::GoesViral => 3,
            Self::Overstocked => 210,
            Self::PricedTooLow | Self::PricedTooHigh => 45,
            Self::BadBatch => 9,
            Self::PriceTypo => 5,
        }
    }
}

/// One story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Story {
    /// Position of the Sku in the catalogue.
    pub sku_index: u32,
    /// What the merchant should notice.
    pub kind: StoryKind,
    /// When it began.
    pub since: NaiveDate,
}

/// The anomaly that a story plants, if it is one.
pub(crate) fn planted_by(story: Story, last_day: NaiveDate) -> Option<PlantedAnomaly> {
    let (kind, magnitude, length_days) = match story.kind {
        StoryKind::GoesViral => (PlantedKind::DemandSpike, 12.0, 3),
        StoryKind::BadBatch => (PlantedKind::ReviewSurge, 2.5, 6),
        StoryKind::PriceTypo => (PlantedKind::PriceTypo, 10.0, 2),
        _ => return None,
    };
    let last = (story.since + TimeDelta::days(length_days - 1)).min(last_day);
    Some(PlantedAnomaly { sku_index: story.sku_index, kind, first_day: story.since, last_day: last, magnitude })
}

/// Chooses a Sku for each story; a story without a fitting Sku is left out. No product has two.
pub(crate) fn cast(
    entries: &[CatalogueEntry],
    demands: &[DemandTruth],
    regimes: &[PricingRegime],
    days: DateRange,
    noise: Noise,
) -> Vec<Story> {
    const ROLES: [(StoryKind, usize); 9] = [
        (StoryKind::PricedTooLow, 4),
        (StoryKind::PricedTooHigh, 2),
        (StoryKind::SoldBelowCost, 1),
        (StoryKind::RunsOut, 2),
        (StoryKind::RivalUndercuts, 1),
        (StoryKind::GoesViral, 1),
        (StoryKind::BadBatch, 1),
        (StoryKind::Overstocked, 2),
        (StoryKind::PriceTypo, 1),
    ];
    const HISTORY_DAYS: i64 = 300;
    let mut stories: Vec<Story> = Vec::new();
    for (kind, count) in ROLES {
        let mut actors: Vec<(f64, &CatalogueEntry)> = entries
            .iter()
            .zip(demands.iter().zip(regimes))
            .filter(|(entry, _)| (days.last() - entry.launched_on.max(days.first())).num_days() >= HISTORY_DAYS)
            .filter_map(|(entry, (demand, regime))| {
                suitability(kind, entry, demand, *regime, noise).map(|score| (score, entry))
            })
            .collect();
        actors.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.index.cmp(&b.1.index)));
        let mut left = count;
        for (_, actor) in actors {
            // One story a product: variants of one mug in every part would look staged.
            let is_cast = |story: &Story| entries[story.sku_index as usize].product == actor.product;
            if left > 0 && !stories.iter().any(is_cast) {
                left -= 1;
                let since = days.last() - TimeDelta::days(kind.days_before_end());
                stories.push(Story { sku_index: actor.index, kind, since });
            }
        }
    }
    stories
}

/// How well a Sku plays a part, higher is better; `None` if it cannot.
fn suitability(
    kind: StoryKind,
    entry: &CatalogueEntry,
    demand: &DemandTruth,
    regime: PricingRegime,
    noise: Noise,
) -> Option<f64> {
    let base = demand.base_units_per_day;
    let is_steady = demand.trend_per_year > -0.3;
    let margin = 1.0 - entry.unit_cost.minor() as f64 / entry.list_price.minor() as f64;
    let log_gap = || {
        let best = demand.most_profitable_price(entry.unit_cost, entry.list_price);
        (best.minor() as f64 / entry.list_price.minor() as f64).ln()
    };
    let money = base * entry.list_price_major();
    let learnable = regime == PricingRegime::Experiments && base >= 0.8;
    match kind {
        StoryKind::PricedTooLow => (learnable && is_steady).then(log_gap).filter(|gap| *gap > 0.10).map(|_| money),
        StoryKind::PricedTooHigh => (learnable && is_steady).then(log_gap).filter(|gap| *gap < -0.10).map(|_| money),
        StoryKind::SoldBelowCost => (base >= 0.5 && is_steady).then_some(-margin),
        StoryKind::RunsOut => (is_steady && (1.8..12.0).contains(&base)).then_some(money),
        StoryKind::RivalUndercuts => {
            (base >= 0.8 && is_steady && !Rivals::draw(entry, noise).is_empty()).then_some(money)
        }
        // Busy enough to be noticed, quiet enough to be surprising.
        StoryKind::GoesViral => ((0.8..5.0).contains(&base) && is_steady).then(|| -(base / 2.2).ln().abs()),
        StoryKind::BadBatch => (base >= 1.2).then_some(money),
        StoryKind::Overstocked => (0.4..1.6).contains(&base).then_some(entry.list_price_major()),
        StoryKind::PriceTypo => (base >= 0.5).then_some(money),
    }
}
