//! The stock room: deliveries, sales, and the merchant's reordering, which is careful but not perfect.

use rand::Rng;

use crate::catalogue::CatalogueEntry;
use crate::merchant::SalesMemory;
use crate::noise::{Noise, Stream, happens};

/// Units of one Sku, here and on their way.
#[derive(Debug, Clone)]
pub(crate) struct StockRoom {
    on_hand: u32,
    /// Day of arrival and units.
    on_order: Vec<(u32, u32)>,
}

impl StockRoom {
    pub(crate) fn stocked(units: u32) -> Self {
        Self { on_hand: units, on_order: Vec::new() }
    }

    pub(crate) fn on_hand(&self) -> u32 {
        self.on_hand
    }

    pub(crate) fn on_order(&self) -> u32 {
        self.on_order.iter().map(|&(_, units)| units).sum()
    }

    /// Takes in what arrives on `day`; returns the units.
    pub(crate) fn receive(&mut self, day: u32) -> u32 {
        let arrived = self.on_order.iter().filter(|&&(due, _)| due <= day).map(|&(_, units)| units).sum();
        self.on_order.retain(|&(due, _)| due > day);
        self.on_hand += arrived;
        arrived
    }

    /// Sells as much of `wanted` as there is; returns the units sold.
    pub(crate) fn sell(&mut self, wanted: u32) -> u32 {
        let sold = wanted.min(self.on_hand);
        self.on_hand -= sold;
        sold
    }

    pub(crate) fn order(&mut self, units: u32, arrival_day: u32) {
        if units > 0 {
            self.on_order.push((arrival_day, units));
        }
    }

    /// Forgets what was ordered: the supplier cannot deliver.
    pub(crate) fn cancel_orders(&mut self) {
        self.on_order.clear();
    }

    /// Orders when what is here and on its way falls below what the lead time needs.
    ///
    /// `season_ahead` is the log change of demand that the merchant expects. Suppliers are sometimes late, and the
    /// estimate is only as good as recent sales: that is where stock-outs come from.
    pub(crate) fn reorder(
        &mut self,
        entry: &CatalogueEntry,
        memory: SalesMemory,
        season_ahead: f64,
        day: u32,
        noise: Noise,
    ) {
        const REVIEW_DAYS: f64 = 7.0;
        const COVER_DAYS: f64 = 40.0;
        const PACK: f64 = 6.0;
        let per_day = memory.recent.max(0.5 * memory.usual) * (0.7 * season_ahead).exp();
        let needed = per_day * (f64::from(entry.lead_time_days) + REVIEW_DAYS);
        let safety = 0.4 * needed.sqrt();
        if f64::from(self.on_hand + self.on_order()) > needed + safety {
            return;
        }
        let packs = (per_day * COVER_DAYS / PACK).ceil().max(1.0);
        let mut rng = noise.at(Stream::Supply, entry.index, day);
        let late_days = if happens(&mut rng, 0.14) { rng.random_range(8..20) } else { rng.random_range(0..4) };
        self.order((packs * PACK) as u32, day + entry.lead_time_days + late_days);
    }
}
