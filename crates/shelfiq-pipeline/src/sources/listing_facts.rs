//! A listing with what its row says of price, cost and stock.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use shelfiq_core::{Channel, CurrencyCode, Quantity};
use shelfiq_events::{CostObserved, EventKind, ListingObserved, PriceObserved, Seller, StockObserved};

use crate::draft::{FactDraft, RowDrafts};

/// What one row of a listings file says. Absent parts were not written.
pub(super) struct ListingFacts {
    pub(super) listing: Option<ListingObserved>,
    pub(super) channel: Channel,
    pub(super) store: String,
    pub(super) sku: shelfiq_core::Sku,
    pub(super) price: Option<Decimal>,
    pub(super) list_price: Option<Decimal>,
    pub(super) unit_cost: Option<Decimal>,
    pub(super) on_hand: Option<Quantity>,
    pub(super) on_order: Option<Quantity>,
    pub(super) lead_time_days: Option<u32>,
    /// Absent where nothing has a price.
    pub(super) currency: Option<CurrencyCode>,
}

impl ListingFacts {
    /// Adds a draft for each part that is there.
    pub(super) fn push(self, time: DateTime<Utc>, drafts: &mut RowDrafts) {
        let subject = self.sku.as_str().to_owned();
        let mut push = |kind| drafts.facts.push(FactDraft { subject: subject.clone(), time, kind });
        if let (Some(price), Some(currency)) = (self.price, self.currency) {
            push(EventKind::PriceObserved(PriceObserved {
                sku: self.sku.clone(),
                seller: Seller::Own,
                channel: self.channel,
                store: self.store.clone(),
                price,
                // Shops write the price itself, or zero, where nothing is reduced.
                list_price: self.list_price.filter(|list_price| *list_price > price),
                currency,
                in_stock: self.on_hand.map(|on_hand| on_hand.units() > 0),
                is_promotion: None,
            }));
        }
        if let (Some(unit_cost), Some(currency)) = (self.unit_cost, self.currency) {
            push(EventKind::CostObserved(CostObserved { sku: self.sku.clone(), unit_cost, currency }));
        }
        if let Some(on_hand) = self.on_hand {
            push(EventKind::StockObserved(StockObserved {
                sku: self.sku.clone(),
                store: self.store.clone(),
                on_hand,
                on_order: self.on_order,
                lead_time_days: self.lead_time_days,
            }));
        }
        if let Some(listing) = self.listing {
            push(EventKind::ListingObserved(listing));
        }
    }
}

/// Tags from a comma-separated cell.
pub(super) fn tags(cell: Option<&str>) -> Vec<String> {
    cell.into_iter()
        .flat_map(|cell| cell.split(','))
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned)
        .collect()
}
