//! What no shop ever sees.

use serde::Serialize;

use crate::anomaly::PlantedAnomaly;
use crate::demand::DemandTruth;
use crate::merchant::PricingRegime;
use crate::shop::Shop;
use crate::simulate::SkuDay;
use crate::story::Story;

/// The truth about one Sku.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SkuTruth {
    /// How shoppers behave.
    pub demand: DemandTruth,
    /// Why its prices move.
    pub regime: PricingRegime,
    /// What goes wrong, and when.
    pub anomalies: Vec<PlantedAnomaly>,
    /// The story that is written around it, if any.
    pub story: Option<Story>,
}

/// The truth about a shop.
#[derive(Debug, Clone, Copy)]
pub struct Truth<'a> {
    pub(crate) shop: &'a Shop,
}

impl<'a> Truth<'a> {
    /// The truth about each Sku, in catalogue order.
    #[must_use]
    pub fn skus(self) -> &'a [SkuTruth] {
        self.shop.truths()
    }

    /// Every planted anomaly, by Sku.
    pub fn anomalies(self) -> impl Iterator<Item = &'a PlantedAnomaly> {
        self.skus().iter().flat_map(|sku| &sku.anomalies)
    }

    /// Every story of the last month; empty if none was asked for.
    pub fn stories(self) -> impl Iterator<Item = Story> + 'a {
        self.skus().iter().filter_map(|sku| sku.story)
    }

    /// All days of one Sku from its launch, computed afresh; `None` if there is no such Sku.
    #[must_use]
    pub fn days(self, sku_index: u32) -> Option<Vec<SkuDay>> {
        self.shop.simulator(sku_index).map(Iterator::collect)
    }
}
