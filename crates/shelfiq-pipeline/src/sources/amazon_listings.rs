//! Amazon, "All listings" report: one row for each offer of ours.

use shelfiq_core::Channel;
use shelfiq_events::{ListingObserved, ListingStatus};

use super::Source;
use super::listing_facts::ListingFacts;
use crate::cells::{Cells, Col, Sheet};
use crate::draft::RowDrafts;

pub(crate) struct AmazonListings {
    title: Col,
    description: Col,
    listing: Col,
    sku: Col,
    price: Col,
    quantity: Col,
    image: Col,
    asin: Col,
    product_id: Col,
    status: Col,
}

impl AmazonListings {
    pub(crate) fn new(sheet: &Sheet) -> Self {
        let col = |header| sheet.col(header);
        Self {
            title: col("item-name"),
            description: col("item-description"),
            listing: col("listing-id"),
            sku: col("seller-sku"),
            price: col("price"),
            quantity: col("quantity"),
            image: col("image-url"),
            asin: col("asin1"),
            product_id: col("product-id"),
            status: col("status"),
        }
    }
}

impl Source for AmazonListings {
    fn read(&mut self, cells: &mut Cells<'_>, drafts: &mut RowDrafts) {
        let sku = cells.required_sku(self.sku);
        let price = cells.decimal(self.price);
        // Empty where Amazon keeps the stock.
        let on_hand = cells.units(self.quantity);
        let currency = price.and_then(|_| cells.shop_currency());
        let Some(sku) = sku else { return };
        let options = &cells.sheet.options;
        let text = |col| cells.text(col).map(str::to_owned);
        let status = match cells.text(self.status).map(str::to_ascii_lowercase).as_deref() {
            None | Some("active") => ListingStatus::Active,
            Some("incomplete") => ListingStatus::Draft,
            Some(_) => ListingStatus::Inactive,
        };
        // Product ids of 8, 12, 13 or 14 digits are GTINs; ASINs have ten characters.
        let gtin = text(self.product_id)
            .filter(|id| matches!(id.len(), 8 | 12..=14) && id.bytes().all(|byte| byte.is_ascii_digit()));
        let listing = ListingObserved {
            sku: sku.clone(),
            channel: Channel::Amazon,
            store: options.store.clone(),
            listing: text(self.asin).or_else(|| text(self.listing)),
            product: None,
            title: text(self.title).unwrap_or_else(|| sku.as_str().to_owned()),
            category: None,
            brand: None,
            tags: Vec::new(),
            description: text(self.description),
            gtin,
            image: text(self.image),
            status,
        };
        drafts.identify(&["listing", "amazon", &options.store, sku.as_str()]);
        let facts = ListingFacts {
            listing: Some(listing),
            channel: Channel::Amazon,
            store: options.store.clone(),
            sku,
            price,
            list_price: None,
            unit_cost: None,
            on_hand,
            on_order: None,
            lead_time_days: None,
            currency,
        };
        facts.push(options.received_at, drafts);
    }
}
