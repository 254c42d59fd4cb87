//! Listings, prices, costs, stock, traffic and rivals' offers: recorded when they change.

use shelfiq_core::{Channel, Money, Quantity};
use shelfiq_events::{
    CostObserved, EventKind, ListingObserved, ListingStatus, PriceObserved, Seller, StockObserved, TrafficObserved,
};

use super::{Draft, clock};
use crate::anomaly::PlantedKind;
use crate::rival::RivalOffer;
use crate::shop::Shop;
use crate::simulate::SkuDay;

/// What was last recorded of one Sku.
#[derive(Debug, Clone, Default)]
pub(super) struct LastSeen {
    status: Option<ListingStatus>,
    /// Regular price and price paid.
    prices: Option<(Money, Money)>,
    unit_cost: Option<Money>,
    counted_units: Option<u32>,
    rivals: Vec<RivalOffer>,
}

/// Marketplaces keep the traffic of single listings for some months only.
const TRAFFIC_DAYS: u32 = 90;
const WAREHOUSE: &str = "Main warehouse";

impl LastSeen {
    /// Records what `sku_day` shows that was not known before.
    pub(super) fn record(&mut self, shop: &Shop, index: u32, day: u32, sku_day: &SkuDay, drafts: &mut Vec<Draft>) {
        // Skus are looked at one after the other, so that no two records of a kind share an instant by design.
        let morning = clock::at(shop, day, 5 * 3_600 + index % 3_600);
        let evening = clock::at(shop, day, 23 * 3_600 + index % 3_000);
        let sku = &shop.catalogue()[index as usize].sku;
        let mut put = |time, kind| drafts.push(Draft::new(time, sku.as_str(), kind));

        let status = status(shop, index, sku_day);
        if self.status != Some(status) {
            self.status = Some(status);
            for (channel, store) in Shop::STORES {
                put(morning, EventKind::ListingObserved(listing(shop, index, channel, store, status)));
            }
        }
        if self.unit_cost != Some(sku_day.unit_cost) {
            self.unit_cost = Some(sku_day.unit_cost);
            put(
                morning,
                EventKind::CostObserved(CostObserved {
                    sku: sku.clone(),
                    unit_cost: sku_day.unit_cost.to_major(),
                    currency: sku_day.unit_cost.currency(),
                }),
            );
        }
        if self.prices != Some((sku_day.regular_price, sku_day.price)) {
            self.prices = Some((sku_day.regular_price, sku_day.price));
            for (channel, store) in Shop::STORES {
                put(
                    morning,
                    EventKind::PriceObserved(PriceObserved {
                        sku: sku.clone(),
                        seller: Seller::Own,
                        channel,
                        store: store.to_owned(),
                        price: sku_day.price.to_major(),
                        list_price: Some(sku_day.regular_price.to_major()),
                        currency: sku_day.price.currency(),
                        in_stock: Some(sku_day.opening_units + sku_day.delivered_units > 0),
                        is_promotion: Some(sku_day.is_promotion),
                    }),
                );
            }
        }
        for offer in self.changed_rivals(&sku_day.rivals) {
            put(
                morning,
                EventKind::PriceObserved(PriceObserved {
                    sku: sku.clone(),
                    seller: Seller::Rival(offer.rival.to_owned()),
                    channel: Channel::Etsy,
                    store: offer.rival.to_owned(),
                    price: offer.price.to_major(),
                    list_price: None,
                    currency: offer.price.currency(),
                    in_stock: Some(offer.in_stock),
                    is_promotion: None,
                }),
            );
        }
        if self.is_stock_worth_recording(shop, index, day, sku_day) {
            self.counted_units = Some(sku_day.counted_units);
            put(
                evening,
                EventKind::StockObserved(StockObserved {
                    sku: sku.clone(),
                    store: WAREHOUSE.to_owned(),
                    on_hand: Quantity::new(i64::from(sku_day.counted_units)),
                    on_order: Some(Quantity::new(i64::from(sku_day.on_order_units))),
                    lead_time_days: Some(shop.catalogue()[index as usize].lead_time_days),
                }),
            );
        }
        if day + TRAFFIC_DAYS >= shop.calendar().day_count() && sku_day.page_views > 0 {
            let (channel, store) = Shop::STORES[0];
            put(
                evening,
                EventKind::TrafficObserved(TrafficObserved {
                    sku: Some(sku.clone()),
                    channel,
                    store: store.to_owned(),
                    day: sku_day.day,
                    sessions: u64::from(sku_day.page_views.div_ceil(2)),
                    page_views: u64::from(sku_day.page_views),
                }),
            );
        }
    }

    /// Offers that changed, and offers that vanished, which are recorded as not in stock.
    fn changed_rivals(&mut self, now: &[RivalOffer]) -> Vec<RivalOffer> {
        if self.rivals == now {
            return Vec::new();
        }
        let before = std::mem::replace(&mut self.rivals, now.to_vec());
        let changed = now.iter().filter(|offer| !before.contains(offer)).copied();
        let vanished = before
            .iter()
            .filter(|old| old.in_stock && now.iter().all(|offer| offer.rival != old.rival))
            .map(|old| RivalOffer { in_stock: false, ..*old });
        changed.chain(vanished).collect()
    }

    /// Deliveries, the first and last day of an empty shelf, a weekly count, and the last day of all.
    fn is_stock_worth_recording(&self, shop: &Shop, index: u32, day: u32, sku_day: &SkuDay) -> bool {
        let Some(known) = self.counted_units else { return true };
        let is_count_day = day % 7 == index % 7;
        let emptiness_changed = (known == 0) != (sku_day.counted_units == 0);
        let is_miscounted = sku_day.counted_units != sku_day.closing_units;
        let is_last_day = day + 1 == shop.calendar().day_count();
        sku_day.delivered_units > 0 || emptiness_changed || is_miscounted || is_count_day || is_last_day
    }
}

fn status(shop: &Shop, index: u32, sku_day: &SkuDay) -> ListingStatus {
    let truth = &shop.truths()[index as usize];
    let is_hidden = truth.anomalies.iter().any(|a| a.kind == PlantedKind::DemandDrop && a.covers(sku_day.day));
    if is_hidden { ListingStatus::Inactive } else { ListingStatus::Active }
}

fn listing(shop: &Shop, index: u32, channel: Channel, store: &str, status: ListingStatus) -> ListingObserved {
    let entry = &shop.catalogue()[index as usize];
    let tags = [entry.family, entry.category.title(), entry.brand].map(str::to_lowercase);
    ListingObserved {
        sku: entry.sku.clone(),
        channel,
        store: store.to_owned(),
        listing: Some(format!("{}-{}", channel.as_str(), 1_100_000_000_u64 + u64::from(index) * 7_919)),
        product: Some(entry.product.clone()),
        title: entry.title.clone(),
        category: Some(format!("{} > {}", entry.category.title(), capitalised(entry.family))),
        brand: Some(entry.brand.to_owned()),
        tags: tags.to_vec(),
        description: Some(format!(
            "{}. Made by {} in small batches and sent within two working days.",
            entry.title, entry.brand
        )),
        gtin: None,
        image: None,
        status,
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
